/**
 * The console: a group in the matrix is dragged to where the room sees it. The typed numbers and the
 * arrows of its row post the same form, and are what the keyboard uses.
 */

import './workshop_screen.js';

/** @type {{spot: SVGElement, field: Element} | null} */
let dragged = null;

/** @param {string} group */
const formOf = (group) => {
  const form = document.querySelector(`[data-place-of="${group}"]`);
  return form instanceof HTMLFormElement ? form : null;
};

/** @param {number} share */
const within = (share) => Math.min(1, Math.max(0, share));

/** Where the pointer is, as shares of the axes. @param {PointerEvent} event @param {Element} field */
const shares = (event, field) => {
  const box = field.getBoundingClientRect();
  return {
    effort: within((event.clientX - box.left) / box.width),
    impact: within(1 - (event.clientY - box.top) / box.height),
  };
};

document.addEventListener('pointerdown', (event) => {
  const spot = event.target instanceof Element ? event.target.closest('[data-spot]') : null;
  const field = spot?.closest('.matrix-field');
  if (!(spot instanceof SVGElement) || !field || !formOf(spot.dataset['spot'] ?? '')) return;
  event.preventDefault();
  dragged = { spot, field };
});

document.addEventListener('pointermove', (event) => {
  if (!dragged) return;
  const { effort, impact } = shares(event, dragged.field);
  dragged.spot.setAttribute('x', `${effort * 100}%`);
  // What is computed is not for dragging.
  if (!('replayed' in dragged.spot.dataset)) dragged.spot.setAttribute('y', `${(1 - impact) * 100}%`);
});

document.addEventListener('pointerup', (event) => {
  if (!dragged) return;
  const { spot, field } = dragged;
  dragged = null;
  const matrix = field.closest('[data-matrix]');
  const form = formOf(spot.dataset['spot'] ?? '');
  if (!(matrix instanceof HTMLElement) || !form) return;
  const { effort, impact } = shares(event, field);
  const days = Math.round(effort * Number(matrix.dataset['effortEnd']) * 2) / 2;
  set(form, 'effort', String(days));
  if (!('replayed' in spot.dataset)) {
    set(form, 'impact', String(Math.round(impact * Number(matrix.dataset['impactEnd']))));
  }
  form.requestSubmit();
});

/** @param {HTMLFormElement} form @param {string} name @param {string} value */
const set = (form, name, value) => {
  const field = form.elements.namedItem(name);
  if (field instanceof HTMLInputElement) field.value = value;
};

const markDraggable = () => {
  for (const matrix of document.querySelectorAll('.console [data-matrix]')) matrix.setAttribute('data-draggable', '');
};
document.addEventListener('workshop-drawn', markDraggable);
markDraggable();
