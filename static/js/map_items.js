/**
 * What one can be on in the map: [data-item], a stage's head, an entry, an "add" button. One of them
 * at a time is in the tab order, the arrow keys reach the others.
 */
export const table = /** @type {HTMLTableElement | null} */ (document.querySelector('[data-map]'));
export const base = table?.dataset['map'] ?? '';

/** @typedef {HTMLElement & {dataset: {part?: string, row?: string, field?: string}}} Item */

/** @param {string} selector @param {ParentNode} [within] @returns {HTMLElement[]} */
export const all = (selector, within = document) => [...within.querySelectorAll(selector)].filter(
  (found) => found instanceof HTMLElement,
);

/** @param {string} selector @returns {HTMLElement | null} */
export const one = (selector) => document.querySelector(selector);

/** What a row is called in every cell that shows it. @param {Item} item */
export const nameOf = (item) => `${item.dataset['part']}/${item.dataset['row']}`;

/** @param {Event} event @returns {Item | null} */
export const itemOf = (event) => {
  const item = event.target instanceof Element ? event.target.closest('[data-item]') : null;
  return item instanceof HTMLElement && table?.contains(item) ? item : null;
};

/** @param {HTMLElement} item */
export const wordsOf = (item) =>
  item.dataset['words'] ?? item.querySelector('.entry-text, .map-stage-name')?.textContent?.trim() ?? '';

// --- moving about ----------------------------------------------------------------------------
/** @param {HTMLElement} item */
export const goTo = (item) => {
  for (const other of all('[data-item][tabindex="0"]', table ?? document)) other.tabIndex = -1;
  item.tabIndex = 0;
  item.focus();
};

export const keepOneTabStop = () => {
  if (!table || table.querySelector('[data-item][tabindex="0"]')) return;
  const first = table.querySelector('[data-item]');
  if (first instanceof HTMLElement) first.tabIndex = 0;
};

/** The items of a column, from its head down. @param {HTMLTableCellElement} cell */
const columnOf = (cell) => {
  const stage = cell.dataset['stage'];
  return stage
    ? all(`[data-stage="${stage}"] [data-item]`, table ?? document)
    : all('#map-add-stages [data-item]');
};

/** @param {HTMLElement} item @param {number} step */
export const across = (item, step) => {
  const cell = item.closest('td, th');
  const row = cell?.parentElement;
  if (!(cell instanceof HTMLTableCellElement) || !(row instanceof HTMLTableRowElement)) return;
  const place = all('[data-item]', cell).indexOf(item);
  for (let i = cell.cellIndex + step; i >= 0 && i < row.cells.length; i += step) {
    const items = all('[data-item]', row.cells[i]);
    const next = items[Math.min(place, items.length - 1)];
    if (next) {
      goTo(next);
      return;
    }
  }
};

/** @param {HTMLElement} item @param {number} step */
export const along = (item, step) => {
  const cell = item.closest('td, th');
  if (!(cell instanceof HTMLTableCellElement)) return;
  const items = columnOf(cell);
  const next = items[items.indexOf(item) + step];
  if (next) goTo(next);
};
