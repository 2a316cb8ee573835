/**
 * New dates of an action, sent by the forms of its own menu: what the server refuses is told there,
 * and what did not reach it goes back.
 */

/** An answer is awaited: until then nothing else is taken hold of. */
let isWaiting = false;
/** What is to be found again once all is drawn anew. */
let moved = '';
/** @type {(() => void) | null} */
let putBack = null;

export const isBusy = () => isWaiting;

/** @param {string} day "2026-11-28" @param {number} days */
export const later = (day, days) => {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month - 1, date + days)).toISOString().slice(0, 10);
};

/** @param {string} day */
export const inWords = (day) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeZone: 'UTC' }).format(new Date(day));

/**
 * @param {Element} item that holds the form @param {string} finder what has the focus afterwards
 * @param {{start_on?: string, due_on?: string}} dates @param {() => void} [undo]
 */
export const sendDates = (item, finder, dates, undo) => {
  const form = item.querySelector('form[data-dates]');
  if (!(form instanceof HTMLFormElement)) return;
  for (const [name, day] of Object.entries(dates)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement) field.value = day;
  }
  moved = finder;
  putBack = () => {
    undo?.();
    form.reset();
  };
  form.requestSubmit();
};

/** @param {Element} item @param {string} finder @param {number} days @param {() => void} [undo] */
export const sendDays = (item, finder, days, undo) => {
  const form = item.querySelector('form[data-shift]');
  if (!(form instanceof HTMLFormElement)) return;
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'days';
  field.value = String(days);
  form.append(field);
  moved = finder;
  putBack = undo ?? null;
  form.requestSubmit();
  field.remove();
};

document.body.addEventListener('htmx:beforeRequest', () => (isWaiting = true));
document.body.addEventListener('htmx:afterRequest', () => (isWaiting = false));

document.body.addEventListener('htmx:afterSettle', () => {
  putBack = null;
  const found = moved ? document.querySelector(moved) : null;
  moved = '';
  const box = found?.closest('details:not([data-menu])');
  if (box instanceof HTMLDetailsElement) box.open = true;
  if (found instanceof HTMLElement || found instanceof SVGElement) found.focus();
});

for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
  document.body.addEventListener(name, () => {
    putBack?.();
    putBack = null;
    moved = '';
  });
}
