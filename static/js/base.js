/**
 * What every page needs: menus that close by Escape or a click elsewhere, a word when a request fails.
 * Menus are <details data-menu>, so that they open without any script.
 */
import './tab_name.js'; // each page keeps it to itself

/** @returns {NodeListOf<HTMLDetailsElement>} */
const openMenus = () => document.querySelectorAll('details[data-menu][open]');

document.addEventListener('click', (event) => {
  for (const menu of openMenus()) {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return;
  for (const menu of openMenus()) {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  }
});

// What had the focus was drawn anew without it: the keyboard goes on from what stands for it there.
document.body.addEventListener('htmx:load', (event) => {
  const loaded = /** @type {CustomEvent} */ (event).detail.elt;
  if (!(loaded instanceof HTMLElement) || loaded === document.body) return;
  setTimeout(() => {
    if (document.activeElement !== document.body) return;
    const next = loaded.querySelector('[data-refocus]');
    if (next instanceof HTMLElement) next.focus();
  });
});

// A document that has been waited for is fetched at once; its button stays.
document.body.addEventListener('htmx:load', (event) => {
  const loaded = /** @type {CustomEvent} */ (event).detail.elt;
  const link = loaded instanceof HTMLElement && loaded !== document.body ? loaded.querySelector('[data-fetch]') : null;
  if (link instanceof HTMLAnchorElement) link.click();
});

// Where the steps don't fit side by side, the one that is open is in sight.
const steps = document.querySelector('.stepper');
const step = steps?.querySelector('[aria-current]');
if (steps && step) {
  const beyond = step.getBoundingClientRect().right - steps.getBoundingClientRect().right;
  if (beyond > 0) steps.scrollLeft += beyond + 16;
}

for (const button of document.querySelectorAll('[data-print]')) {
  /** @type {HTMLElement} */ (button).hidden = false;
  button.addEventListener('click', () => window.print());
}

for (const name of ['htmx:responseError', 'htmx:sendError']) {
  document.body.addEventListener(name, () => {
    const word = document.querySelector('[data-request-failed]');
    if (word instanceof HTMLElement) word.hidden = false;
  });
}
document.body.addEventListener('htmx:beforeRequest', () => {
  const word = document.querySelector('[data-request-failed]');
  if (word instanceof HTMLElement) word.hidden = true;
});
