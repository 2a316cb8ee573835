/**
 * The timeline: a bar is dragged sideways, or moved by a week with the arrow keys; both send the form
 * of its own menu. Up and down nothing moves.
 */

/** @type {{bar: SVGElement, from: number, perDay: number} | null} */
let held = null;
/** The line to be found again once all is drawn anew. */
let moved = '';

/** @param {Element} bar @param {number} days */
const shift = (bar, days) => {
  const line = bar.closest('[data-line]');
  const form = line?.querySelector('form[data-dates]');
  if (!(line instanceof HTMLElement) || !(form instanceof HTMLFormElement) || !days) return;
  moved = line.dataset['line'] ?? '';
  const field = document.createElement('input');
  field.type = 'hidden';
  field.name = 'days';
  field.value = String(days);
  form.append(field);
  form.requestSubmit();
  field.remove();
};

/** @param {EventTarget | null} target */
const barOf = (target) => {
  const bar = target instanceof Element ? target.closest('[data-bar]') : null;
  return bar instanceof SVGElement ? bar : null;
};

document.addEventListener('pointerdown', (event) => {
  const bar = barOf(event.target);
  const track = bar?.ownerSVGElement;
  const all = bar?.closest('[data-timeline]');
  if (!bar || !track || !(all instanceof HTMLElement) || event.button !== 0) return;
  event.preventDefault();
  bar.focus();
  bar.setPointerCapture(event.pointerId);
  held = { bar, from: event.clientX, perDay: track.clientWidth / Number(all.dataset['days']) };
});

document.addEventListener('pointermove', (event) => {
  if (held) held.bar.style.translate = `${event.clientX - held.from}px 0`;
});

document.addEventListener('pointerup', (event) => {
  if (!held) return;
  const { bar, from, perDay } = held;
  held = null;
  const days = Math.round((event.clientX - from) / perDay);
  if (days) shift(bar, days);
  else bar.style.translate = '';
});

document.addEventListener('pointercancel', () => {
  if (held) held.bar.style.translate = '';
  held = null;
});

document.addEventListener('keydown', (event) => {
  const bar = barOf(event.target);
  if (!bar || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
  event.preventDefault();
  shift(bar, event.key === 'ArrowRight' ? 7 : -7);
});

document.body.addEventListener('htmx:afterSettle', () => {
  const bar = moved ? document.querySelector(`[data-line="${moved}"] [data-bar]`) : null;
  if (bar instanceof SVGElement) bar.focus();
  moved = '';
});

for (const name of ['htmx:responseError', 'htmx:sendError']) {
  document.body.addEventListener(name, () => {
    for (const bar of document.querySelectorAll('[data-bar]')) {
      if (bar instanceof SVGElement) bar.style.translate = '';
    }
  });
}
