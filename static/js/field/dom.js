/** Elements made by function: text is always text, so that nothing from outside becomes markup. */

/** @typedef {Node | string | number | null | undefined | false} Child */

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag @param {Record<string, any>} [attributes] `onclick: f` listens, `true` is an empty attribute.
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.flat().filter(isShown).map((child) => (child instanceof Node ? child : String(child))));
  return element;
}

/** @param {Child} child @returns {child is Node | string | number} */
const isShown = (child) => child !== null && child !== undefined && child !== false;

const PATHS = {
  back: "M10 3 5 8l5 5",
  next: "m6 3 5 5-5 5",
  check: "m3 8.5 3.2 3.200L13 5",
  note: "M3 13l.6-2.80L10.8 3 13 5.2 5.8 12.40z",
  photo: "M2 5h3l1-1.500h4L11 5h3v8H2zM8 11.200a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.800z",
  list: "M3 4h10M3 8h10M3 12h10",
  settings: "M2 5h7m3 0h2M2 11h2m3 0h7M10.5 3.300v3.400M5.5 9.300v3.4",
  trash: "M3 4.500h10M6.5 4.500V3h3v1.500M4.5 4.500l.6 8.500h5.800l.6-8.5",
  diamond: "M8 2.5 13.5 8 8 13.5 2.5 8z",
};

/** @param {keyof typeof PATHS} name */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 16 16", class: `icon icon-${name}`, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** @param {string} address @param {string} className @param {...Child} children */
export const link = (address, className, ...children) => h("a", { href: address, class: className }, ...children);

/** @param {string} className @param {() => unknown} onclick @param {...Child} children */
export const button = (className, onclick, ...children) => h("button", { type: "button", class: className, onclick }, ...children);

/** A labelled choice. @param {string} label @param {[string, string][]} options @param {string | null} chosen @param {(value: string) => void} onchange @param {string} name */
export function choice(label, options, chosen, onchange, name) {
  const choose = () => {
    select.dataset["chosen"] = "yes";
    onchange(select.value);
  };
  const select = h("select", { name, onchange: choose },
    ...options.map(([value, words]) => h("option", { value, selected: value === chosen }, words)));
  return h("label", { class: "field" }, h("span", {}, label), select);
}
