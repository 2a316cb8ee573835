/**
 * A map that is open in several pages, of several people or of one: who else is here, what they change, what they say about it.
 *
 * Every few seconds the page asks for news; the answer redraws the columns that others changed, but
 * never a cell in which something is being typed: that one says who changed it, and is redrawn later.
 */
import { request, unanswered } from './map_orders.js';
import './map_tab.js';

const place = document.querySelector('[data-pulse]');
const aside = document.querySelector('[data-comments-aside]');

/** @returns {HTMLElement | null} */
const builtMap = () => document.querySelector('[data-map]');

/** @param {Element | null} element @param {string} name */
const wordOf = (element, name) => (element instanceof HTMLElement ? (element.dataset[name] ?? '') : '');

// --- the pulse -------------------------------------------------------------------------------
/** Orders on their way: what they bring is newer than any news. */
let posting = 0;
/** How many orders there have been, by now and when the pulse on its way was sent. */
let orders = 0;
let ordersKnown = 0;
/** The answer being drawn is news of others. */
let isNews = false;
let isOver = false;
/** A page that can't be mended column by column is loaded again once nothing is being typed or sent. */
let isOutdated = false;
/** Stages of which cells were left as they are, because somebody types there. @type {Set<string>} */
const waiting = new Set();
/** Deleted stages whose columns stay while somebody types there. @type {Set<string>} */
const doomed = new Set();
/** @type {Map<string, string>} */
let notes = new Map();
/** @type {Element | null} */
let focused = null;
let focusedItem = '';

/** @param {Event} event @returns {any} */
const detailOf = (event) => /** @type {CustomEvent} */ (event).detail;

/** Sentences by a stage's number. @param {Element} presence @param {'note' | 'gone'} name @returns {Map<string, string>} */
const linesOf = (presence, name) => new Map(
  [...presence.querySelectorAll(`[data-${name}]`)].map((each) => [wordOf(each, name), each.textContent ?? '']),
);

const isDragging = () => document.querySelector('.sortable-chosen, .sortable-ghost') !== null;

const ask = async () => {
  if (!(place instanceof HTMLElement)) return;
  if (posting || isDragging()) return;
  ordersKnown = orders;
  const presence = document.querySelector('#presence');
  const values = {
    since: wordOf(presence, 'since'),
    who: wordOf(presence, 'who'),
    view: place.dataset['view'] ?? 'map',
    // An empty choice would be a choice of no lanes.
    ...(place.dataset['lanes'] ? { lanes: place.dataset['lanes'] } : {}),
  };
  await htmx.ajax('get', place.dataset['pulse'] ?? '', {
    source: place, target: '#presence', swap: 'outerHTML', values,
  }).catch(() => undefined);
};

const beat = () => {
  if (isOver || !(place instanceof HTMLElement)) return;
  setTimeout(() => void ask().finally(beat), Number(place.dataset['interval']) || 10_000);
};

// A lost pulse is not a lost edit: the page's own word for failures stays out of it.
for (const name of ['htmx:beforeRequest', 'htmx:sendError', 'htmx:responseError']) {
  place?.addEventListener(name, (event) => {
    event.stopPropagation();
    const status = detailOf(event).xhr?.status ?? 0;
    if (name === 'htmx:responseError' && status >= 400 && status < 500) isOver = true;
  });
}

place?.addEventListener('htmx:beforeSwap', (event) => {
  const detail = detailOf(event);
  if (detail.xhr.status === 204) return; // nothing new
  const fresh = new DOMParser().parseFromString(detail.serverResponse, 'text/html');
  const presence = fresh.querySelector('#presence');
  if (!presence) isOver = true; // logged out: the answer is another page
  // Older than what an order has brought meanwhile: the next pulse tells it again.
  if (!presence || posting || orders !== ordersKnown || isDragging()) {
    detail.shouldSwap = false;
    return;
  }
  isNews = true;
  notes = linesOf(presence, 'note');
  focused = document.activeElement;
  focusedItem = selectorOf(focused);
  for (const [stage, note] of linesOf(presence, 'gone')) sayDeleted(stage, note);
});

document.body.addEventListener('htmx:afterSettle', () => {
  isNews = false;
  setTimeout(keepFocus); // after the columns have been put in their order, which takes it away
});

const keepFocus = () => {
  if (!focused || document.activeElement !== document.body) return;
  const item = focused.isConnected ? focused : document.querySelector(focusedItem || ':not(*)');
  focused = null;
  if (item instanceof HTMLElement) item.focus();
};

/** @param {Element | null} element */
const selectorOf = (element) => {
  const item = element?.closest('[data-item]');
  if (!(item instanceof HTMLElement) || element !== item || !item.dataset['row']) return '';
  const { part, row, field } = item.dataset;
  return `[data-map] [data-part="${part}"][data-row="${row}"][data-field="${field}"]`;
};

document.body.addEventListener('htmx:beforeRequest', (event) => {
  if (detailOf(event).requestConfig?.verb !== 'post') return;
  posting += 1;
  orders += 1;
});
document.body.addEventListener('htmx:afterRequest', (event) => {
  if (detailOf(event).requestConfig?.verb !== 'post') return;
  posting = Math.max(0, posting - 1);
  // Once it has left the line of those that wait.
  setTimeout(() => {
    if (isOutdated) redrawAll();
  });
});

// --- what others change ----------------------------------------------------------------------
/** @param {Element | null} element @returns {string} */
const stageOf = (element) => wordOf(element?.closest('[data-stage]') ?? null, 'stage');

/** @param {Element} within @param {string} words */
const say = (within, words) => {
  within.querySelector('.map-elsewhere')?.remove();
  const word = document.createElement('p');
  word.className = 'map-elsewhere';
  word.setAttribute('role', 'status');
  word.textContent = words;
  within.append(word);
};

/** @param {string} stage @param {string} note */
const sayDeleted = (stage, note) => {
  for (const form of document.querySelectorAll(`[data-map] [data-stage="${stage}"] form`)) {
    doomed.add(stage);
    say(form, note);
  }
};

document.body.addEventListener('htmx:oobBeforeSwap', (event) => {
  const detail = detailOf(event);
  const { target, fragment } = detail;
  if (!(target instanceof Element)) return;
  if (target.matches('.map-head, .map-slot, tbody[data-stage]')) {
    const stage = stageOf(target);
    const form = target.querySelector('form');
    if (isNews && form) {
      detail.shouldSwap = false;
      waiting.add(stage);
      say(form, notes.get(stage) ?? '');
    } else if (!isNews) waiting.delete(stage);
    return;
  }
  // A column that comes anew replaces the one of the same stage, if that is still here.
  for (const one of fragment.querySelectorAll('[data-stage]')) {
    const had = target.querySelector(`:scope > [data-stage="${stageOf(one)}"]`);
    if (one.parentNode === fragment || one.parentNode?.parentNode === fragment) had?.remove();
  }
});

document.body.addEventListener('map-form-left', () => {
  const map = builtMap();
  if (!map) return;
  for (const stage of doomed) {
    const column = [...map.querySelectorAll(`[data-stage="${stage}"]`)];
    if (column.some((cell) => cell.querySelector('form'))) continue;
    for (const cell of column) cell.remove();
    doomed.delete(stage);
  }
  const asked = [...waiting].filter((stage) => !doomed.has(stage));
  waiting.clear();
  if (isOutdated) redrawAll();
  else if (asked.length) {
    const query = asked.map((stage) => `stage=${stage}`).join('&');
    void request('get', `${map.dataset['map']}columns/?${query}`);
  }
});

/** Something half-written, or an order not answered yet, that loading the page again would lose. */
const isBusy = () =>
  posting > 0 || unanswered() > 0
  || document.querySelector('[data-map] form, dialog[open]') !== null
  || [...document.querySelectorAll('[data-comment-text]')].some(
    (box) => box instanceof HTMLTextAreaElement && box.value !== box.defaultValue,
  );

const redrawAll = () => {
  if (builtMap()) {
    isOutdated = isBusy();
    if (!isOutdated) location.reload();
    return;
  }
  const scrolled = document.querySelector('.map-scroll')?.scrollLeft ?? 0;
  void htmx.ajax('get', location.pathname + location.search, { target: '#journey-map', swap: 'outerHTML' })
    .then(() => document.querySelector('.map-scroll')?.scrollTo({ left: scrolled }));
};
document.body.addEventListener('map-outdated', redrawAll);
// A dialog's close does not bubble.
document.addEventListener('close', () => {
  if (isOutdated) redrawAll();
}, true);

// --- comments --------------------------------------------------------------------------------
/** @param {string} address */
const openComments = (address) => {
  if (!(aside instanceof HTMLDialogElement)) return;
  if (!aside.open) aside.showModal();
  void htmx.ajax('get', address, { target: '#comments', swap: 'outerHTML' });
};

document.addEventListener('click', (event) => {
  const bubble = event.target instanceof Element ? event.target.closest('a[data-bubble]') : null;
  if (!(bubble instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  openComments(bubble.href);
});

document.addEventListener('keydown', (event) => {
  if (event.key.toLowerCase() !== 'c' || event.ctrlKey || event.metaKey || event.altKey) return;
  const from = event.target;
  if (!(from instanceof Element) || from.matches('input, textarea, select')) return;
  const item = from.closest('[data-item][data-row]');
  if (!(item instanceof HTMLElement)) return;
  const name = `${item.dataset['part']}/${item.dataset['row']}`;
  const bubble = document.querySelector(`a[data-bubble="${name}"]`);
  if (!(bubble instanceof HTMLAnchorElement)) return;
  event.preventDefault();
  openComments(bubble.href);
});

document.body.addEventListener('htmx:load', (event) => {
  const comments = detailOf(event).elt;
  if (!(comments instanceof HTMLElement) || !comments.matches('[data-comments-of]')) return;
  for (const bubble of document.querySelectorAll(`[data-bubble="${comments.dataset['commentsOf']}"]`)) {
    const count = Number(comments.dataset['open']);
    bubble.classList.toggle('map-bubble-open', count > 0);
    const [number, words] = ['[data-bubble-count]', '[data-bubble-words]'].map((one) => bubble.querySelector(one));
    if (number) number.textContent = count ? String(count) : '';
    if (words) words.textContent = comments.dataset['words'] ?? '';
  }
  const text = comments.querySelector('[data-comment-text]');
  if (aside?.contains(comments) && text instanceof HTMLTextAreaElement) text.focus();
});

// --- names after an @ ------------------------------------------------------------------------
const AT_NAME = /(?:^|[^\p{L}\p{N}_])@([^@\n]{0,40})$/u;

/** @param {HTMLTextAreaElement} box @returns {string | undefined} what is typed after the last @ */
const begun = (box) => box.value.slice(0, box.selectionStart).match(AT_NAME)?.[1];

/** @param {HTMLTextAreaElement} box @returns {HTMLElement | null} */
const listOf = (box) => box.parentElement?.querySelector('[data-names]') ?? null;

/** @param {HTMLTextAreaElement} box */
const offerNames = (box) => {
  listOf(box)?.remove();
  const typed = begun(box);
  const select = box.form?.querySelector('[data-mention]');
  if (typed === undefined || !(select instanceof HTMLSelectElement)) return;
  const names = [...select.options].filter((each) => each.value).map((each) => each.text)
    .filter((name) => name.toLowerCase().startsWith(typed.toLowerCase()) && name !== typed);
  if (!names.length) return;
  const list = document.createElement('div');
  list.className = 'comment-names';
  list.dataset['names'] = '';
  for (const name of names.slice(0, 8)) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = name;
    list.append(button);
  }
  box.after(list);
};

/** @param {HTMLTextAreaElement} box @param {string} name */
const takeName = (box, name) => {
  const start = box.selectionStart - (begun(box)?.length ?? 0);
  box.setRangeText(`${name} `, start, box.selectionStart, 'end');
  listOf(box)?.remove();
  box.focus();
};

document.addEventListener('input', (event) => {
  if (event.target instanceof HTMLTextAreaElement && event.target.matches('[data-comment-text]')) {
    offerNames(event.target);
  }
});
document.addEventListener('click', (event) => {
  const button = event.target instanceof Element ? event.target.closest('[data-names] button') : null;
  const box = button?.closest('form')?.querySelector('[data-comment-text]');
  if (button && box instanceof HTMLTextAreaElement) takeName(box, button.textContent ?? '');
});
/** The arrow goes down into the list and on; Escape leaves it, and not the panel. */
document.addEventListener('keydown', (event) => {
  const from = event.target;
  const form = from instanceof Element ? from.closest('.comment-form') : null;
  const list = form?.querySelector('[data-names]');
  if (!(from instanceof HTMLElement) || !list) return;
  const buttons = [...list.querySelectorAll('button')];
  if (event.key === 'Escape') {
    event.preventDefault();
    list.remove();
    form?.querySelector('textarea')?.focus();
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const at = buttons.findIndex((each) => each === from);
    const next = buttons[at + (event.key === 'ArrowDown' ? 1 : -1)];
    event.preventDefault();
    (next ?? form?.querySelector('textarea'))?.focus();
  }
});

beat();
