/**
 * The journey map as a place to work: keys, inline fields, drag, selection, undo.
 *
 * The server holds the truth: each request answers with the columns that changed, as out-of-band
 * swaps. [data-item] are the things one can be on: a stage's head, an entry, an "add" button; one
 * of them at a time is in the tab order, the arrow keys reach the others.
 */
import { isLeft } from './map_fields.js';
import { closeLines } from './map_lines.js';
import { isDone, request, unanswered } from './map_orders.js';

const table = /** @type {HTMLTableElement | null} */ (document.querySelector('[data-map]'));
const base = table?.dataset['map'] ?? '';

/** @typedef {HTMLElement & {dataset: {part?: string, row?: string, field?: string}}} Item */

/** @param {string} selector @param {ParentNode} [within] @returns {HTMLElement[]} */
const all = (selector, within = document) => [...within.querySelectorAll(selector)].filter(
  (found) => found instanceof HTMLElement,
);

/** @param {string} selector @returns {HTMLElement | null} */
const one = (selector) => document.querySelector(selector);

/** What a row is called in every cell that shows it. @param {Item} item */
const nameOf = (item) => `${item.dataset['part']}/${item.dataset['row']}`;

// --- talking to the server -------------------------------------------------------------------
/** @param {string} path @param {[string, string][]} values */
const post = (path, values) => {
  /** @type {Record<string, string | string[]>} */
  const body = {};
  for (const [name, value] of values) {
    const had = body[name];
    body[name] = had === undefined ? value : [...(Array.isArray(had) ? had : [had]), value];
  }
  return request('post', base + path, body);
};

/** @param {Item[]} items @returns {[string, string][]} */
const rowsOf = (items) => items.map((item) => ['row', item.dataset['row'] ?? '']);

/** Where the focus goes once the answer has been drawn: a selector. */
let wanted = '';

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
  if (!isTaken) restoreDragged();
  else dragged = [];
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
  const target = wanted ? one(wanted) : null;
  if (target && isTypingBeside(target)) wanted = '';
  else if (target) {
    wanted = '';
    // What was refused is still open, and is typed on.
    const field = target.querySelector('form :is(input:not([type="hidden"]), textarea, select)');
    if (field instanceof HTMLElement) field.focus();
    else goTo(target);
  }
  keepOneTabStop();
});

// --- moving about ----------------------------------------------------------------------------
/** @param {HTMLElement} item */
const goTo = (item) => {
  for (const other of all('[data-item][tabindex="0"]', table ?? document)) other.tabIndex = -1;
  item.tabIndex = 0;
  item.focus();
};

const keepOneTabStop = () => {
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
const across = (item, step) => {
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
const along = (item, step) => {
  const cell = item.closest('td, th');
  if (!(cell instanceof HTMLTableCellElement)) return;
  const items = columnOf(cell);
  const next = items[items.indexOf(item) + step];
  if (next) goTo(next);
};

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

// --- selection -------------------------------------------------------------------------------
/** @type {Set<string>} */
const selection = new Set(JSON.parse(sessionStorage.getItem(`selected ${base}`) ?? '[]'));

const selected = () => {
  /** @type {Map<string, Item>} */
  const found = new Map();
  for (const item of all('[data-row]', table ?? document)) {
    if (selection.has(nameOf(item)) && !found.has(nameOf(item))) found.set(nameOf(item), item);
  }
  return [...found.values()];
};

const showSelection = () => {
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
const choose = (item) => {
  const name = nameOf(item);
  if ([...selection].some((other) => !other.startsWith(`${item.dataset['part']}/`))) selection.clear();
  if (!selection.delete(name)) selection.add(name);
  showSelection();
};

/** @param {Event} event */
const isOnCheck = (event) => event.target instanceof Element && event.target.closest('.map-check') !== null;

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
const meant = (item) => (selection.has(nameOf(item)) ? selected() : [item]);

const clearSelection = () => {
  selection.clear();
  showSelection();
};

for (const form of all('[data-bulk]')) {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const items = selected();
    const value = new FormData(/** @type {HTMLFormElement} */ (form));
    const [pair] = [...value.entries()];
    if (!items[0] || !pair) return;
    const path = form.dataset['bulk'] === 'channel' ? 'channel/' : `mark/${items[0].dataset['part']}/`;
    void post(path, [...rowsOf(items), [pair[0], String(pair[1])]]);
  });
}
one('[data-bulk-clear]')?.addEventListener('click', clearSelection);
one('[data-bulk-delete]')?.addEventListener('click', () => remove(selected()));
one('[data-bulk-move]')?.addEventListener('click', () => move(selected()));

// --- orders ----------------------------------------------------------------------------------
/** @param {Item[]} items @param {string} criticality */
const mark = (items, criticality) => {
  const part = items[0]?.dataset['part'];
  if (part !== 'stages' && part !== 'touchpoints') return;
  void post(`mark/${part}/`, [...rowsOf(items), ['criticality', criticality]]);
};

/** @param {Item[]} items */
const remove = (items) => {
  const [first] = items;
  if (!first) return;
  if (first.dataset['part'] === 'stages') wanted = '#map-add-stages [data-item]';
  const names = items.map(nameOf);
  void post(`remove/${first.dataset['part']}/`, rowsOf(items)).then((answer) => {
    if (!isDone(answer)) return;
    for (const name of names) selection.delete(name);
    showSelection();
  });
};

const dialog = /** @type {HTMLDialogElement | null} */ (one('[data-move]'));
const phaseChoice = /** @type {HTMLSelectElement | null} */ (one('#map-move-phase'));
const stageChoice = /** @type {HTMLSelectElement | null} */ (one('#map-move-stage'));
const beforeChoice = /** @type {HTMLSelectElement | null} */ (one('#map-move-before'));

/** @param {HTMLElement} item */
const wordsOf = (item) =>
  item.dataset['words'] ?? item.querySelector('.entry-text, .map-stage-name')?.textContent?.trim() ?? '';

/** @param {HTMLSelectElement} choice @param {[string, string][]} options */
const offer = (choice, options) => {
  choice.replaceChildren(...options.map(([value, word]) => new Option(word, value)));
};

/** @param {Item[]} items */
const offerPlaces = (items) => {
  if (!beforeChoice || !items[0]) return;
  const part = items[0].dataset['part'];
  const among = part === 'stages'
    ? all(`.map-head[data-phase="${phaseChoice?.value}"]`)
    : all(`[data-stage="${stageChoice?.value}"] [data-entries="${part}"] :is(.entry, .sheet-name)`);
  const moving = new Set(items.map(nameOf));
  const places = among.filter((each) => !moving.has(nameOf(each)));
  offer(beforeChoice, [
    ['', beforeChoice.dataset['wordEnd'] ?? ''],
    ...places.map((each) => /** @type {[string, string]} */ ([each.dataset['row'] ?? '', wordsOf(each)])),
  ]);
};

/** @param {Item[]} items */
const move = (items) => {
  const [first] = items;
  if (!dialog || !first || !phaseChoice || !stageChoice) return;
  const isStage = first.dataset['part'] === 'stages';
  one('[data-move-phase]')?.toggleAttribute('hidden', !isStage);
  one('[data-move-stage]')?.toggleAttribute('hidden', isStage);
  const name = one('[data-move-name]');
  if (name) name.textContent = items.map(wordsOf).join(', ');
  if (isStage) phaseChoice.value = first.dataset['phase'] ?? 'before';
  else {
    offer(stageChoice, all('.map-head').map((head) => [head.dataset['row'] ?? '', wordsOf(head)]));
    stageChoice.value = first.closest('[data-stage]')?.getAttribute('data-stage') ?? '';
  }
  offerPlaces(items);
  phaseChoice.onchange = () => offerPlaces(items);
  stageChoice.onchange = () => offerPlaces(items);
  dialog.onclose = () => {
    goTo(first);
    if (dialog.returnValue !== 'move') return;
    place(items, isStage ? phaseChoice.value : stageChoice.value, beforeChoice?.value ?? '');
  };
  dialog.returnValue = '';
  dialog.showModal();
};

/** @param {Item[]} items @param {string} where a phase or a stage @param {string} before a row */
const place = (items, where, before) => {
  const part = items[0]?.dataset['part'];
  if (!part) return;
  wanted = `[data-part="${part}"][data-row="${items[0]?.dataset['row']}"]`;
  void post(`place/${part}/`, [
    ...rowsOf(items),
    [part === 'stages' ? 'phase' : 'stage', where],
    ...(before ? /** @type {[string, string][]} */ ([['before', before]]) : []),
  ]);
};

/** @param {'undo' | 'redo'} way */
const walk = (way) => {
  void request('post', `${base}walk/${way}/`, {}, () => {
    const button = one(`[data-walk="${way}"]`);
    return button instanceof HTMLButtonElement && !button.disabled;
  });
};

// --- drag ------------------------------------------------------------------------------------
/** Stages whose columns a drag has disturbed, until the server has agreed. @type {string[]} */
let dragged = [];

const restoreDragged = () => {
  if (!dragged.length) return;
  const asked = dragged.map((stage) => `stage=${stage}`).join('&');
  dragged = [];
  void request('get', `${base}columns/?${asked}`);
};

/** Held for a moment on a touch screen, so that a swipe still scrolls. */
const TOUCH = { delay: 200, delayOnTouchOnly: true, touchStartThreshold: 6, animation: 120 };

const makeSortable = () => {
  for (const list of all('ul[data-entries]', table ?? document)) {
    if (Sortable.get(list)) continue;
    Sortable.create(list, {
      ...TOUCH,
      group: list.dataset['entries'] ?? '',
      draggable: '[data-row]',
      filter: 'form',
      preventOnFilter: false,
      onEnd: ({ item, from, to, oldIndex, newIndex }) => {
        if (from === to && oldIndex === newIndex) return;
        const next = item.nextElementSibling;
        const before = next instanceof HTMLElement ? next.dataset['row'] : '';
        const stages = [from, to].map((each) => each.closest('td')?.dataset['stage'] ?? '');
        dragged = [...new Set(stages)];
        place([item], stages[1] ?? '', before ?? '');
      },
    });
  }
  const heads = one('#map-stages');
  if (heads && !Sortable.get(heads)) {
    Sortable.create(heads, {
      ...TOUCH,
      draggable: 'th[data-stage]',
      handle: '.map-head',
      filter: 'form',
      preventOnFilter: false,
      onEnd: ({ item, oldIndex, newIndex }) => {
        if (oldIndex === newIndex) return;
        const head = item.querySelector('.map-head');
        const next = item.nextElementSibling?.querySelector('.map-head');
        const previous = item.previousElementSibling?.querySelector('.map-head');
        if (!(head instanceof HTMLElement)) return;
        const neighbour = next ?? previous;
        const phase = neighbour instanceof HTMLElement ? neighbour.dataset['phase'] : undefined;
        dragged = [item.dataset['stage'] ?? ''];
        place([head], phase ?? head.dataset['phase'] ?? 'before', next instanceof HTMLElement ? (next.dataset['row'] ?? '') : '');
      },
    });
  }
};

// --- keys ------------------------------------------------------------------------------------
/** @param {Event} event @returns {Item | null} */
const itemOf = (event) => {
  const item = event.target instanceof Element ? event.target.closest('[data-item]') : null;
  return item instanceof HTMLElement && table?.contains(item) ? item : null;
};

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
  if (dialog?.open) return;
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
  for (const other of all('[data-item][tabindex="0"]', table)) other.tabIndex = -1;
  item.tabIndex = 0;
});

document.body.addEventListener('submit', (event) => {
  const form = event.target;
  if (form instanceof HTMLElement && form.matches('.map-field')) {
    const item = form.closest('[data-item]');
    if (item instanceof HTMLElement && !isLeft(form)) {
      wanted = `[data-part="${item.dataset['part']}"][data-row="${item.dataset['row']}"][data-field="${item.dataset['field']}"]`;
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
