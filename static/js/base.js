/**
 * What every page needs: menus that close by Escape or a click elsewhere, a word when a request fails.
 * Menus are <details data-menu>, so that they open without any script.
 */

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
