/**
 * Rows that are chosen together, by Space, by their box or by a click with Ctrl: kept in the tab, so that
 * the other view of the same map has them as well.
 */
import { all, base, goTo, itemOf, nameOf, one, table } from './map_items.js';

/** @typedef {import('./map_items.js').Item} Item */

/** @type {Set<string>} */
const selection = new Set(JSON.parse(sessionStorage.getItem(`selected ${base}`) ?? '[]'));

export const selected = () => {
  /** @type {Map<string, Item>} */
  const found = new Map();
  for (const item of all('[data-row]', table ?? document)) {
    if (selection.has(nameOf(item)) && !found.has(nameOf(item))) found.set(nameOf(item), item);
  }
  return [...found.values()];
};

export const showSelection = () => {
  for (const item of all('[data-row]', table ?? document)) {
    const isChosen = selection.has(nameOf(item));
    item.toggleAttribute('data-chosen', isChosen);
    const check = item.querySelector('[data-choose]');
    if (check instanceof HTMLInputElement) check.checked = isChosen;
  }
  const chosen = selected();
  const bar = one('[data-selected]');
  const count = one('[data-selected-count]');
  if (!bar || !count) return;
  bar.hidden = !chosen.length;
  count.textContent = `${chosen.length} ${count.dataset['word']}`;
  sessionStorage.setItem(`selected ${base}`, JSON.stringify([...selection]));
};

/** A selection holds rows of one kind. @param {Item} item */
export const choose = (item) => {
  const name = nameOf(item);
  if ([...selection].some((other) => !other.startsWith(`${item.dataset['part']}/`))) selection.clear();
  if (!selection.delete(name)) selection.add(name);
  showSelection();
};

/** @param {Event} event */
export const isOnCheck = (event) => event.target instanceof Element && event.target.closest('.map-check') !== null;

table?.addEventListener('change', (event) => {
  const item = isOnCheck(event) ? itemOf(event) : null;
  if (!item) return;
  choose(item);
  goTo(item);
});

/** With Shift held the browser would select text. */
table?.addEventListener('mousedown', (event) => {
  if (event.shiftKey && itemOf(event) && !(event.target instanceof Element && event.target.closest('form'))) event.preventDefault();
});
table?.addEventListener('click', (event) => {
  const item = itemOf(event);
  if (!item?.dataset['row'] || !(event.ctrlKey || event.metaKey || event.shiftKey)) return;
  if (event.target instanceof Element && event.target.closest('a, button, form, label')) return;
  choose(item);
  goTo(item);
});

/** What an order is for: the selection where the item is part of it. @param {Item} item */
export const meant = (item) => (selection.has(nameOf(item)) ? selected() : [item]);

export const clearSelection = () => {
  selection.clear();
  showSelection();
};

/** Rows that are no more. @param {string[]} names */
export const forget = (names) => {
  for (const name of names) selection.delete(name);
  showSelection();
};
