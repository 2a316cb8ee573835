/**
 * The steps one takes with the rows of a map: mark, delete, move, undo, for one or for all that are chosen.
 */
import { all, base, goTo, nameOf, one, wordsOf } from './map_items.js';
import { isDone, request } from './map_orders.js';
import { clearSelection, forget, selected } from './map_selection.js';

/** @typedef {import('./map_items.js').Item} Item */

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
let next = '';
/** @param {string} selector */
export const focusNext = (selector) => {
  next = selector;
};
export const nextFocus = () => next;

/** @param {Item[]} items @param {string} criticality */
export const mark = (items, criticality) => {
  const part = items[0]?.dataset['part'];
  if (part !== 'stages' && part !== 'touchpoints') return;
  void post(`mark/${part}/`, [...rowsOf(items), ['criticality', criticality]]);
};

/** @param {Item[]} items */
export const remove = (items) => {
  const [first] = items;
  if (!first) return;
  const { part, row } = first.dataset;
  const names = items.map(nameOf);
  // Told here, the answer is drawn and still to settle, which is when the focus moves.
  void post(`remove/${part}/`, rowsOf(items)).then((answer) => {
    if (isDone(answer)) {
      if (part === 'stages') focusNext('#map-add-stages [data-item]');
      forget(names);
    } else if (document.activeElement === document.body) focusNext(`[data-part="${part}"][data-row="${row}"]`);
  });
};

const dialog = /** @type {HTMLDialogElement | null} */ (one('[data-move]'));
const phaseChoice = /** @type {HTMLSelectElement | null} */ (one('#map-move-phase'));
const stageChoice = /** @type {HTMLSelectElement | null} */ (one('#map-move-stage'));
const beforeChoice = /** @type {HTMLSelectElement | null} */ (one('#map-move-before'));

/** The dialog that asks where to is open. */
export const isMoving = () => dialog?.open ?? false;

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
export const move = (items) => {
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
export const place = (items, where, before) => {
  const part = items[0]?.dataset['part'];
  if (!part) return;
  focusNext(`[data-part="${part}"][data-row="${items[0]?.dataset['row']}"]`);
  void post(`place/${part}/`, [
    ...rowsOf(items),
    [part === 'stages' ? 'phase' : 'stage', where],
    ...(before ? /** @type {[string, string][]} */ ([['before', before]]) : []),
  ]);
};

/** @param {'undo' | 'redo'} way */
export const walk = (way) => {
  void request('post', `${base}walk/${way}/`, {}, () => {
    const button = one(`[data-walk="${way}"]`);
    return button instanceof HTMLButtonElement && !button.disabled;
  });
};

// --- all that are chosen ---------------------------------------------------------------------
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
