/**
 * A screen of a workshop that follows the server: asks for news with the ETag it holds, redraws only
 * what changed, sends its forms without leaving the page, and counts down by the server's clock.
 *
 * Without this script the page is plain forms, and loading it again shows the news.
 */

const root = document.querySelector('[data-poll]');
const place = root instanceof HTMLElement ? root : null;
const TIMEOUT = 8000;

let etag = place?.dataset['etag'] ?? '';
let failures = 0;
let isOver = false;
/** Each answer has a number, so that a slow one does not draw over a later one. */
let asked = 0;
let drawn = 0;
/** The server's clock less this one, in milliseconds. */
let ahead = 0;
/** Parts that wait until nothing is typed in them any more. @type {Map<string, Element>} */
const waiting = new Map();
/** Each part as the server last drew it. @type {Map<string, string>} */
const known = new Map();

/** @param {string} name */
const show = (name, isShown = true) => {
  const word = document.querySelector(`[data-${name}]`);
  if (word instanceof HTMLElement) word.hidden = !isShown;
};

const screenNow = () => /** @type {HTMLElement | null} */ (document.querySelector('[data-screen]'));

/** @param {Element | null} element */
const isTyping = (element) => element instanceof HTMLTextAreaElement || element instanceof HTMLSelectElement
  || (element instanceof HTMLInputElement && !['checkbox', 'hidden', 'submit'].includes(element.type));

/** A word about what was just refused stays long enough to be read. */
const SAID = 6000;
let saidAt = 0;

/** @param {ParentNode} within */
const learn = (within) => {
  for (const part of within.querySelectorAll('[data-part]')) known.set(part.id, part.outerHTML);
  const clock = within.querySelector('[data-clock]');
  if (clock instanceof HTMLElement) ahead = Number(clock.dataset['now']) - Date.now();
};

/** @param {Element} had @param {Element} fresh */
const replace = (had, fresh) => {
  const focused = document.activeElement && had.contains(document.activeElement) ? document.activeElement.id : '';
  const copy = /** @type {Element} */ (document.importNode(fresh, true));
  had.replaceWith(copy);
  if (focused) document.getElementById(focused)?.focus();
};

/** @param {Element} fresh */
const redrawPart = (fresh) => {
  const had = document.getElementById(fresh.id);
  if (!had) return false;
  if (known.get(fresh.id) === fresh.outerHTML && !waiting.has(fresh.id)) return true;
  if (had.contains(document.activeElement) && isTyping(document.activeElement)) {
    waiting.set(fresh.id, fresh);
    return true;
  }
  if (fresh.id.endsWith('-said')) {
    if (fresh.textContent?.trim()) saidAt = Date.now();
    else if (Date.now() - saidAt < SAID) return true;
  }
  known.set(fresh.id, fresh.outerHTML);
  waiting.delete(fresh.id);
  const chosen = [...had.querySelectorAll('input[name="ideas"]:checked')].map((one) => one.id);
  const opened = [...had.querySelectorAll('details[open][id]')].map((one) => one.id);
  replace(had, fresh);
  for (const id of opened) {
    const menu = document.getElementById(id);
    if (menu instanceof HTMLDetailsElement) menu.open = true;
  }
  for (const id of chosen) {
    const box = document.getElementById(id);
    if (box instanceof HTMLInputElement) box.checked = true;
  }
  return true;
};

document.addEventListener('focusout', () => setTimeout(() => {
  for (const fresh of [...waiting.values()]) redrawPart(fresh);
}));

/**
 * @param {string} html
 * @param {number} number
 */
const redraw = (html, number) => {
  if (number < drawn) return;
  drawn = number;
  const fresh = new DOMParser().parseFromString(html, 'text/html').querySelector('[data-screen]');
  const had = screenNow();
  if (!(fresh instanceof HTMLElement) || !had) return;
  const isElsewhere = had.dataset['place'] !== fresh.dataset['place'];
  if (isElsewhere) document.dispatchEvent(new CustomEvent('workshop-leaving', { detail: had }));
  const parts = [...fresh.querySelectorAll('[data-part]')];
  if (isElsewhere || !parts.every((part) => document.getElementById(part.id))) {
    waiting.clear();
    replace(had, fresh);
    known.clear();
    learn(fresh);
    if (isElsewhere) {
      const heading = document.querySelector('[data-heading]');
      if (heading instanceof HTMLElement && document.body.classList.contains('room')) heading.focus();
    }
  } else {
    for (const part of parts) if (!part.parentElement?.closest('[data-part]')) redrawPart(part);
    const clock = fresh.querySelector('[data-clock]');
    if (clock instanceof HTMLElement) ahead = Number(clock.dataset['now']) - Date.now();
  }
  tick();
  document.dispatchEvent(new CustomEvent('workshop-drawn', { detail: screenNow() }));
};

/**
 * The answer drawn; whether the server took it. Throws where the server did not answer.
 * @param {string} address
 * @param {RequestInit} [options]
 */
export const ask = async (address, options = {}) => {
  const number = ++asked;
  const answer = await fetch(address, {
    ...options,
    cache: 'no-store',
    credentials: 'same-origin',
    signal: AbortSignal.timeout(TIMEOUT),
    headers: { 'X-Screen': '1', ...(options.headers ?? {}) },
  });
  const goTo = answer.headers.get('X-Goto');
  if (goTo) {
    location.assign(goTo);
    return answer;
  }
  if (answer.status === 304) return answer;
  if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
  if (answer.status === 404 || answer.status === 403 || answer.redirected) {
    isOver = true;
    show('over');
    return answer;
  }
  const html = await answer.text();
  etag = answer.headers.get('ETag') ?? '';
  redraw(html, number);
  return answer;
};

const poll = async () => {
  if (!place || isOver) return;
  if (!document.hidden) {
    try {
      await ask(place.dataset['poll'] ?? '', etag ? { headers: { 'If-None-Match': etag } } : {});
      failures = 0;
    } catch {
      failures += 1;
    }
    show('offline', failures > 1 && !isOver);
  }
  setTimeout(() => void poll(), wait());
};

/** Never all phones at the same moment; slower while the server does not answer. */
const wait = () => {
  const every = Number(place?.dataset['every']) || 400;
  const jitter = Number(place?.dataset['jitter']) || 150;
  return (every + Math.random() * jitter) * Math.min(1 + failures, 6);
};

// --- forms -----------------------------------------------------------------------------------
/** @param {HTMLFormElement} form @param {HTMLElement | null} by */
const send = async (form, by) => {
  const data = new FormData(form, by instanceof HTMLButtonElement ? by : null);
  if (by instanceof HTMLButtonElement) by.disabled = true;
  try {
    const answer = await ask(form.action, { method: 'POST', body: data });
    if (answer.ok && form.matches('[data-reset]')) form.reset();
    failures = 0;
  } catch {
    failures = 2;
  }
  if (by instanceof HTMLButtonElement && by.isConnected) by.disabled = false;
  show('offline', failures > 1 && !isOver);
};

document.addEventListener('submit', (event) => {
  const form = event.target;
  if (!(form instanceof HTMLFormElement) || !form.matches('[data-send]') || !place) return;
  event.preventDefault();
  // What is typed in it is sent: it may be redrawn.
  const active = document.activeElement;
  if (active instanceof HTMLElement && form.contains(active) && isTyping(active)) active.blur();
  void send(form, event.submitter);
});

// --- the clock -------------------------------------------------------------------------------
const tick = () => {
  for (const clock of document.querySelectorAll('[data-clock][data-ends]')) {
    if (!(clock instanceof HTMLElement)) continue;
    const left = Math.max(0, Math.round((Number(clock.dataset['ends']) - Date.now() - ahead) / 1000));
    const pad = (/** @type {number} */ number) => String(number).padStart(2, '0');
    clock.textContent = `${pad(Math.floor(left / 60))}:${pad(left % 60)}`;
    clock.classList.toggle('is-over', left === 0);
  }
};

learn(document);
setInterval(tick, 250);
document.addEventListener('visibilitychange', () => {
  if (document.hidden || !place || isOver) return;
  void ask(place.dataset['poll'] ?? '', etag ? { headers: { 'If-None-Match': etag } } : {}).catch(() => undefined);
});
setTimeout(() => void poll(), wait());
