/**
 * The table view as a spreadsheet: arrow keys over its cells, Tab to save and go on. What is edited,
 * selected, moved or taken back is the map's own work (map.js, which comes first); this module only
 * knows where the cells are. In the curve and the matrix it shows what was selected elsewhere.
 */

const sheet = /** @type {HTMLTableElement | null} */ (document.querySelector('[data-sheet]'));

/** @param {ParentNode | null | undefined} within @returns {HTMLElement[]} */
const itemsIn = (within) =>
  [...(within?.querySelectorAll('[data-item]') ?? [])].filter((found) => found instanceof HTMLElement);

/** The one to be on in a cell: itself, or the first thing to press in it. @param {Element} cell */
const itemOf = (cell) =>
  cell instanceof HTMLElement && cell.matches('[data-item]') ? cell : (itemsIn(cell)[0] ?? null);

/** Cells by row and column, as often as they span them. @returns {HTMLTableCellElement[][]} */
const cells = () => {
  /** @type {HTMLTableCellElement[][]} */
  const found = [...(sheet?.rows ?? [])].map(() => []);
  [...(sheet?.rows ?? [])].forEach((row, r) => {
    let column = 0;
    for (const cell of row.cells) {
      while (found[r]?.[column]) column += 1;
      for (let down = 0; down < cell.rowSpan; down += 1) {
        for (let along = 0; along < cell.colSpan; along += 1) {
          const line = found[r + down];
          if (line) line[column + along] = cell;
        }
      }
      column += cell.colSpan;
    }
  });
  return found;
};

/** @param {HTMLElement} item @returns {HTMLTableCellElement | null} */
const cellOf = (item) => {
  const cell = item.closest('td, th');
  return cell instanceof HTMLTableCellElement ? cell : null;
};

/** Row and column of the cell's first corner. @param {HTMLTableCellElement[][]} found @param {HTMLTableCellElement} cell */
const placeOf = (found, cell) => {
  const row = found.findIndex((line) => line.includes(cell));
  return { row, column: found[row]?.indexOf(cell) ?? -1 };
};

/** The column one came from, so that a wide cell does not lead astray. */
let lastColumn = 0;

/** The next thing in a direction, past cells with nothing in them.
 * @param {HTMLElement} item @param {number} down @param {number} along @returns {HTMLElement | null} */
const neighbour = (item, down, along) => {
  const from = cellOf(item);
  if (!from) return null;
  const beside = along ? itemsIn(from)[itemsIn(from).indexOf(item) + along] : undefined;
  if (beside && beside !== item && from !== item) return beside;
  const found = cells();
  let { row, column } = placeOf(found, from);
  if (down && found[row]?.[lastColumn] === from) column = lastColumn;
  for (row += down, column += along; found[row]?.[column]; row += down, column += along) {
    const cell = found[row]?.[column];
    const next = cell && cell !== from ? itemOf(cell) : null;
    if (next) {
      if (down) lastColumn = column;
      return next;
    }
  }
  return null;
};

/** @param {HTMLElement} item @param {number} down @param {number} along */
const step = (item, down, along) => {
  if (along) lastColumn = 0;
  const next = neighbour(item, down, along);
  next?.focus();
  const cell = next && cellOf(next);
  if (along && cell) lastColumn = placeOf(cells(), cell).column;
};

/** @param {HTMLElement} item @param {'first' | 'last'} end */
const toEnd = (item, end) => {
  const cell = cellOf(item);
  const found = cells();
  const line = cell ? (found[placeOf(found, cell).row] ?? []) : [];
  const items = [...new Set(line)].map(itemOf).filter((each) => each !== null);
  items.at(end === 'first' ? 0 : -1)?.focus();
};

/** Another row of this kind in this stage. @param {HTMLElement} item */
const addLike = (item) => {
  const body = item.closest('tbody');
  const part = item.dataset['part'];
  const button =
    part === 'stages'
      ? document.querySelector('#map-add-stages .map-add-button')
      : document.querySelector(`#map-add-${part}-${body?.dataset['stage']} .map-add-button`);
  if (button instanceof HTMLElement) button.click();
};

/** @type {Record<string, (item: HTMLElement) => void>} */
const KEYS = {
  ArrowUp: (item) => step(item, -1, 0),
  ArrowDown: (item) => step(item, 1, 0),
  ArrowLeft: (item) => step(item, 0, -1),
  ArrowRight: (item) => step(item, 0, 1),
  Home: (item) => toEnd(item, 'first'),
  End: (item) => toEnd(item, 'last'),
  n: (item) => item.dataset['part'] && addLike(item),
};

/** Where Tab goes on once the cell is saved. */
let next = '';

/** The cell after this one, in the row or at the start of the next. @param {HTMLElement} item */
const after = (item) => {
  const items = itemsIn(sheet).filter((each) => each.matches('[data-field]'));
  return items[items.indexOf(item) + 1];
};

/** @param {KeyboardEvent} event @param {HTMLElement} field */
const typing = (event, field) => {
  const form = field.closest('form');
  if (!form?.matches('.map-field') || event.shiftKey) return;
  if (event.key !== 'Tab' && event.key !== 'Enter') return;
  event.preventDefault();
  event.stopPropagation();
  const item = form.closest('[data-item]');
  if (event.key === 'Tab' && item instanceof HTMLElement) next = after(item)?.id ?? '';
  form.requestSubmit();
};

sheet?.addEventListener('keydown', (event) => {
  const target = event.target;
  if (!(target instanceof HTMLElement)) return;
  isPointed = false;
  if (target.matches('input, textarea, select')) {
    typing(event, target);
    return;
  }
  const item = target.closest('[data-item]');
  const order = KEYS[event.key];
  if (!order || !(item instanceof HTMLElement)) return;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  order(item);
});

// --- choosing with the mouse saves at once, with the keys on Enter or Tab --------------------
let isPointed = false;
sheet?.addEventListener('pointerdown', () => {
  isPointed = true;
});
sheet?.addEventListener('change', (event) => {
  const field = event.target;
  if (!isPointed || !(field instanceof HTMLSelectElement)) return;
  const form = field.closest('form');
  if (form?.matches('.map-field')) form.requestSubmit();
});

// --- after an answer -------------------------------------------------------------------------
/** The row and column of the cell one was on: the row may be gone after a deletion. */
let last = { row: 0, column: 0 };
sheet?.addEventListener('focusin', (event) => {
  const cell = event.target instanceof HTMLElement ? cellOf(event.target) : null;
  if (cell) last = placeOf(cells(), cell);
});

document.body.addEventListener('htmx:load', (event) => {
  const loaded = /** @type {CustomEvent} */ (event).detail.elt;
  if (!(loaded instanceof HTMLElement) || !loaded.matches('.map-field')) return;
  const field = loaded.querySelector('select, textarea, input:not([type="hidden"])');
  if (sheet && field instanceof HTMLElement) field.focus();
});

document.body.addEventListener('htmx:afterRequest', (event) => {
  const { xhr, requestConfig } = /** @type {CustomEvent} */ (event).detail;
  if (!sheet || requestConfig?.verb !== 'post') return;
  if (xhr.status >= 400) next = '';
});

// After the map's own work on the answer (map.js), which may move the focus itself.
document.body.addEventListener('htmx:afterSettle', () => queueMicrotask(() => {
  if (!sheet) return;
  const wanted = next && document.getElementById(next);
  if (wanted) {
    next = '';
    wanted.focus();
  } else if (document.activeElement === document.body) {
    const cell = cells()[Math.min(last.row, sheet.rows.length - 1)]?.[last.column];
    (cell ? itemOf(cell) : null)?.focus();
  }
}));

/** The server names the stages in their order; those it does not name are gone. */
document.body.addEventListener('map-shape', (event) => {
  /** @type {string[]} */
  const order = /** @type {CustomEvent} */ (event).detail?.order ?? [];
  if (!sheet) return;
  const focused = document.activeElement;
  /** @type {Map<string, HTMLTableSectionElement[]>} */
  const bodies = new Map();
  for (const body of sheet.tBodies) {
    const stage = body.dataset['stage'] ?? '';
    bodies.set(stage, [...(bodies.get(stage) ?? []), body]);
  }
  for (const stage of order) {
    sheet.append(...(bodies.get(stage) ?? []));
    bodies.delete(stage);
  }
  for (const gone of [...bodies.values()].flat()) gone.remove();
  if (focused instanceof HTMLElement && sheet.contains(focused)) focused.focus();
});

// --- what was selected on the map or in the table --------------------------------------------
const base = document.querySelector('#journey-map')?.getAttribute('data-base');
const showSelected = () => {
  if (sheet || !base) return;
  /** @type {string[]} */
  const selected = JSON.parse(sessionStorage.getItem(`selected ${base}`) ?? '[]');
  for (const row of document.querySelectorAll('#journey-map [data-part][data-row]')) {
    if (!(row instanceof HTMLElement) && !(row instanceof SVGElement)) continue;
    row.toggleAttribute('data-chosen', selected.includes(`${row.dataset['part']}/${row.dataset['row']}`));
  }
};
showSelected();
// What others change draws these views anew.
document.body.addEventListener('htmx:afterSettle', showSelected);
