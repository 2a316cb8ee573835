/**
 * The journey map as a place to work: what answers bring, inline fields, keys.
 *
 * The server holds the truth: each request answers with the columns that changed, as out-of-band
 * swaps.
 */
import { makeSortable, settleDrag } from './map_drag.js';
import { isLeft } from './map_fields.js';
import { across, all, along, base, goTo, itemOf, keepOneTabStop, one, table } from './map_items.js';
import { closeLines } from './map_lines.js';
import { isDone, unanswered } from './map_orders.js';
import { choose, clearSelection, isOnCheck, meant, showSelection } from './map_selection.js';
import { focusNext, isMoving, mark, move, nextFocus, remove, walk } from './map_steps.js';

/** @typedef {import('./map_items.js').Item} Item */

// --- talking to the server -------------------------------------------------------------------
const saved = one('[data-saved]');
/** @param {'saving' | 'saved' | 'unsaved'} state */
const say = (state) => {
  if (!saved) return;
  saved.textContent = saved.dataset[`word${state[0]?.toUpperCase()}${state.slice(1)}`] ?? '';
  saved.dataset['state'] = state;
};

document.body.addEventListener('htmx:beforeRequest', (event) => {
  if (verbOf(event) === 'post') say('saving');
});
document.body.addEventListener('htmx:afterRequest', (event) => {
  if (verbOf(event) !== 'post') return;
  // htmx calls a swapped 409 a success.
  const isTaken = isDone(/** @type {CustomEvent} */ (event).detail.xhr);
  if (!isTaken) say('unsaved');
  else say(unanswered() > 1 ? 'saving' : 'saved');
  settleDrag(isTaken);
});

/** @param {Event} event @returns {string} */
const verbOf = (event) => /** @type {CustomEvent} */ (event).detail?.requestConfig?.verb ?? '';

// --- order of the columns --------------------------------------------------------------------
/** The server names the stages in their order; columns are put so, and those not named go. */
const arrange = () => {
  const state = one('#map-state');
  const order = state?.dataset['order'];
  if (!state || order === undefined || !table) return;
  delete state.dataset['order'];
  const wantedOrder = order.split(' ').filter(Boolean);
  keepTyped(wantedOrder);
  const focused = document.activeElement;
  for (const row of table.rows) arrangeCells(row, wantedOrder);
  // Moving a cell takes the focus out of it.
  if (focused instanceof HTMLElement && focused.isConnected) focused.focus();
  htmx.trigger(document.body, 'map-shape', { order: wantedOrder });
};

/** Only what stands elsewhere is moved. @param {HTMLTableRowElement} row @param {string[]} order */
const arrangeCells = (row, order) => {
  const cells = new Map();
  for (const cell of [...row.cells]) {
    const { stage } = cell.dataset;
    if (stage && order.includes(stage)) cells.set(stage, cell);
    else if (stage) cell.remove();
  }
  /** @type {Element | null} */
  let next = cells.values().next().value ?? null;
  for (const stage of order) {
    const cell = cells.get(stage);
    if (!cell) continue;
    if (cell === next) next = cell.nextElementSibling;
    else row.insertBefore(cell, next);
  }
};

/** A column that is gone but in which somebody types stays where it was. @param {string[]} order */
const keepTyped = (order) => {
  const shown = all('.map-stages [data-stage]', table ?? document).map((cell) => cell.dataset['stage'] ?? '');
  for (const [place, stage] of shown.entries()) {
    if (order.includes(stage) || !table?.querySelector(`[data-stage="${stage}"] form`)) continue;
    order.splice(order.indexOf(shown[place - 1] ?? '') + 1, 0, stage);
  }
};

/**
 * An answer settles once for each of its cells; the map is put in order once, after the last.
 * @param {() => void} work
 */
const onceSettled = (work) => {
  let isDue = false;
  document.body.addEventListener('htmx:afterSettle', () => {
    if (isDue) return;
    isDue = true;
    queueMicrotask(() => {
      isDue = false;
      work();
    });
  });
};

/** Whoever has gone on to another field stays in it. @param {HTMLElement} target */
const isTypingBeside = (target) =>
  !target.contains(document.activeElement)
  && document.activeElement?.closest('.map-field, [data-lines-form]') instanceof Element;

onceSettled(() => {
  arrange();
  makeSortable();
  showSelection();
  const target = nextFocus() ? one(nextFocus()) : null;
  if (target && isTypingBeside(target)) focusNext('');
  else if (target) {
    focusNext('');
    // What was refused is still open, and is typed on.
    const field = target.querySelector('form :is(input:not([type="hidden"]), textarea, select)');
    if (field instanceof HTMLElement) field.focus();
    else goTo(target);
  }
  keepOneTabStop();
});

// --- fields and lines ------------------------------------------------------------------------
/** @param {Item} item */
const edit = (item) => {
  if (!item.dataset['field']) {
    item.click();
    return;
  }
  if (item.querySelector('form') || item.matches('.htmx-request')) return; // open, or about to be
  const { part, row, field } = item.dataset;
  item.dataset['kept'] = item.innerHTML;
  void htmx.ajax('get', `${base}field/${part}/${row}/${field}/`, { source: item, target: item, swap: 'innerHTML' })
    .then(() => {
      // The answer to another field has drawn this one anew meanwhile.
      const drawn = item.isConnected ? null : one(`[data-map] [data-part="${part}"][data-row="${row}"][data-field="${field}"]`);
      if (drawn) edit(drawn);
    });
};

/** @param {HTMLElement} form */
const leaveField = (form) => {
  const item = /** @type {Item | null} */ (form.closest('[data-item]'));
  if (!item || item.dataset['kept'] === undefined) return;
  item.innerHTML = item.dataset['kept'];
  delete item.dataset['kept'];
  showSelection();
  goTo(item);
  htmx.trigger(document.body, 'map-form-left');
};

/** @param {HTMLElement} item */
const addHere = (item) => {
  const cell = item.closest('td, th');
  const button =
    item.dataset['part'] === 'stages'
      ? one('#map-add-stages .map-add-button')
      : cell?.querySelector('.map-add-button');
  if (button instanceof HTMLElement) button.click();
};

/** @param {HTMLElement} form */
const leaveLines = (form) => {
  const button = closeLines(form);
  if (!button) return;
  goTo(button);
  htmx.trigger(document.body, 'map-form-left');
};

document.body.addEventListener('htmx:load', (event) => {
  const loaded = /** @type {CustomEvent} */ (event).detail.elt;
  if (!(loaded instanceof HTMLElement)) return;
  if (loaded.matches('[data-lines-form]')) loaded.querySelector('textarea')?.focus();
  if (loaded.matches('.map-field')) {
    const field = loaded.querySelector('input:not([type="hidden"]), textarea');
    if (field instanceof HTMLInputElement) field.select();
  }
});

document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-lines-close]') : null;
  const form = button?.closest('form');
  if (form) leaveLines(form);
});

document.addEventListener('dblclick', (event) => {
  const item = itemOf(event);
  if (isOnCheck(event) || !item?.dataset['field']) return;
  edit(item);
});

// --- keys ------------------------------------------------------------------------------------
/** @type {Record<string, (item: Item) => void>} */
const KEYS = {
  ArrowLeft: (item) => across(item, -1),
  ArrowRight: (item) => across(item, 1),
  ArrowUp: (item) => along(item, -1),
  ArrowDown: (item) => along(item, 1),
  Home: (item) => {
    const head = all('.map-stages [data-item]', table ?? document)[0];
    if (head && head !== item) goTo(head);
  },
  Enter: edit,
  F2: edit,
  n: addHere,
  m: (item) => item.dataset['row'] && move(meant(item)),
  ' ': (item) => item.dataset['row'] && choose(item),
  Delete: (item) => item.dataset['row'] && remove(meant(item)),
  Escape: clearSelection,
  1: (item) => mark(meant(item), '1'),
  2: (item) => mark(meant(item), '2'),
  3: (item) => mark(meant(item), '3'),
};

/** @param {KeyboardEvent} event @param {HTMLElement} field */
const typing = (event, field) => {
  const form = field.closest('form');
  if (!form) return;
  if (event.key === 'Escape') {
    if (form.matches('.map-field')) leaveField(form);
    else if (form.matches('[data-lines-form]')) leaveLines(form);
  } else if (event.key === 'Enter') {
    // It may have been drawn so lately that htmx has not bound it yet: the browser would send it.
    htmx.process(form);
    if (event.shiftKey || !field.matches('[data-lines]')) return;
    event.preventDefault();
    form.requestSubmit();
  }
};

document.addEventListener('keydown', (event) => {
  const field = event.target;
  if (field instanceof HTMLElement && field.matches('input, textarea, select')) {
    typing(event, field);
    return;
  }
  if (isMoving()) return;
  if ((event.ctrlKey || event.metaKey) && !event.altKey) {
    const way = { z: 'undo', y: 'redo', Z: 'redo' }[event.key];
    if (way === 'undo' || way === 'redo') {
      event.preventDefault();
      walk(way);
    }
    return;
  }
  const item = itemOf(event);
  // Where the digits need Shift, as on a French keyboard, the bare key does it too.
  const digit = event.code.match(/^Digit([123])$/)?.[1];
  const order = KEYS[digit ?? (event.key.length === 1 ? event.key.toLowerCase() : event.key)];
  if (!item || !order || event.altKey) return;
  if (event.target instanceof HTMLAnchorElement && event.key === 'Enter') return;
  event.preventDefault();
  order(item);
});

table?.addEventListener('focusin', (event) => {
  const item = itemOf(event);
  if (!item || item.tabIndex === 0) return;
  for (const other of all('[data-item][tabindex="0"]', table ?? document)) other.tabIndex = -1;
  item.tabIndex = 0;
});

document.body.addEventListener('submit', (event) => {
  const form = event.target;
  if (form instanceof HTMLElement && form.matches('.map-field')) {
    const item = form.closest('[data-item]');
    if (item instanceof HTMLElement && !isLeft(form)) {
      focusNext(`[data-part="${item.dataset['part']}"][data-row="${item.dataset['row']}"][data-field="${item.dataset['field']}"]`);
    }
  }
}, true);

// A map without stages: the first ones are typed here and now.
const firstStage = /** @type {HTMLElement | null} */ (one('#map-add-stages .map-add-button'));
one('#map-empty a')?.addEventListener('click', (event) => {
  event.preventDefault();
  firstStage?.click();
});
if (one('#map-empty a')) firstStage?.focus({ preventScroll: true });

makeSortable();
showSelection();
keepOneTabStop();
