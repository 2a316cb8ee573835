/**
 * Forms of lines: each line becomes a row. Lines are taken out of the box as they are sent, so that
 * one types on while they are on their way; those that were refused come back into it.
 */
import { isDone, request } from './map_orders.js';

/** The button that opened a form of lines is kept aside while the form is there. */
/** @type {WeakMap<Element, Element[]>} */
const openers = new WeakMap();

/** Where the form stands, for when it was closed before its lines came back. */
/** @type {WeakMap<HTMLFormElement, string>} */
const places = new WeakMap();

/** What is sent and not answered yet, in its order. @type {WeakMap<HTMLFormElement, string[]>} */
const sent = new WeakMap();
let sentCount = 0;

/** Lines that no answer has confirmed. */
export const isSending = () => sentCount > 0;

document.body.addEventListener('htmx:beforeSwap', (event) => {
  const { target } = /** @type {CustomEvent} */ (event).detail;
  if (target instanceof Element && target.matches('.map-add') && !openers.has(target)) {
    openers.set(target, [...target.children]);
  }
});

/** @param {HTMLElement} form @returns {HTMLElement | null} the button that is back */
export const closeLines = (form) => {
  const place = form.closest('.map-add');
  const kept = place && openers.get(place);
  if (!place || !kept) return null;
  place.replaceChildren(...kept);
  openers.delete(place);
  return place.querySelector('[data-item]');
};

/** @param {HTMLFormElement} form */
const reopen = (form) => {
  const place = document.getElementById(places.get(form) ?? '');
  if (form.isConnected || !place) return;
  const other = place.querySelector('[data-lines-form]');
  if (other instanceof HTMLElement) closeLines(other);
  openers.set(place, [...place.children]);
  place.replaceChildren(form);
};

/** @param {HTMLFormElement} form @returns {HTMLTextAreaElement | null} */
const boxOf = (form) => form.querySelector('textarea[data-lines]');

/** @param {HTMLTextAreaElement} box */
const fit = (box) => {
  box.rows = Math.min(12, box.value.split('\n').length);
};

/** @param {HTMLFormElement} form @param {string[]} words */
const sayRefused = (form, words) => {
  for (const old of form.querySelectorAll('.map-line-error')) old.remove();
  for (const word of words) {
    const line = document.createElement('p');
    line.className = 'map-line-error';
    line.setAttribute('role', 'alert');
    line.textContent = word;
    boxOf(form)?.after(line);
  }
};

/** @param {XMLHttpRequest | null} answer @returns {string[]} */
const reasonsIn = (answer) =>
  [...new DOMParser().parseFromString(answer?.responseText ?? '', 'text/html').querySelectorAll('.map-line-error')]
    .map((each) => each.textContent?.trim() ?? '');

/** All that is not saved comes back, ahead of what was typed since. @param {HTMLFormElement} form */
const putBack = (form) => {
  const box = boxOf(form);
  const lines = sent.get(form) ?? [];
  sent.delete(form);
  sentCount -= lines.length;
  reopen(form);
  if (!box) return;
  box.value = [...lines, box.value].filter(Boolean).join('\n');
  fit(box);
};

/** @param {HTMLFormElement} form */
const sendLines = (form) => {
  const box = boxOf(form);
  if (!box?.value.trim()) return;
  const typed = box.value;
  /** @type {Record<string, string>} */
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (name !== 'csrfmiddlewaretoken') values[name] = String(value);
  }
  const place = form.closest('.map-add');
  if (place) places.set(form, place.id);
  const waiting = sent.get(form) ?? [];
  waiting.push(typed);
  sent.set(form, waiting);
  sentCount += 1;
  box.value = '';
  fit(box);
  void answerTo(form, waiting, values);
};

/** @param {HTMLFormElement} form @param {string[]} waiting @param {Record<string, string>} values */
const answerTo = async (form, waiting, values) => {
  const path = form.getAttribute('action') ?? '';
  const answer = await request('post', path, values, () => sent.get(form) === waiting);
  if (sent.get(form) !== waiting) return; // an earlier line was refused, and took this one back
  if (isDone(answer)) {
    waiting.shift();
    sentCount -= 1;
    sayRefused(form, []);
    return;
  }
  putBack(form);
  sayRefused(form, reasonsIn(answer));
};

document.body.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches('[data-lines-form]')) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // htmx would put an empty form over what is typed meanwhile
  sendLines(form);
}, true);

document.addEventListener('paste', (event) => {
  const box = event.target;
  if (box instanceof HTMLTextAreaElement && box.matches('[data-lines]')) {
    requestAnimationFrame(() => fit(box));
  }
});
