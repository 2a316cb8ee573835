/**
 * The calendar: an action that is dropped on another day, or sent a day on by an arrow key, is due then.
 */
import { isBusy, later, sendDates } from './plan_dates.js';
import { dragBetween } from './plan_lists.js';

/** @param {Element | null} list */
const dayOf = (list) => (list instanceof HTMLElement ? (list.dataset['day'] ?? '') : '');

/** @param {Element} item @param {string} day @param {() => void} [undo] */
const moveTo = (item, day, undo) => {
  const key = item instanceof HTMLElement ? (item.dataset['due'] ?? '') : '';
  sendDates(item, `[data-due="${key}"] .calendar-line`, { due_on: day }, undo);
};

/**
 * On a phone days with nothing due are left out: they come while a card is held, which stays under
 * the finger.
 * @param {HTMLElement} item @param {boolean} isHeld
 */
const showDays = (item, isHeld) => {
  const before = item.getBoundingClientRect().top;
  item.closest('[data-calendar]')?.classList.toggle('calendar-moving', isHeld);
  if (isHeld) window.scrollBy({ top: item.getBoundingClientRect().top - before, behavior: 'instant' });
};

const makeSortable = () => dragBetween({
  lists: '[data-day]',
  items: '[data-due]',
  onDrop: (item, from, to, undo) => {
    if (dayOf(from) === dayOf(to)) undo();
    else moveTo(item, dayOf(to), undo);
  },
  more: {
    onMove: () => !isBusy(),
    onChoose: ({ item }) => showDays(item, true),
    onUnchoose: ({ item }) => showDays(item, false),
  },
});

document.addEventListener('keydown', (event) => {
  const line = event.target instanceof HTMLElement ? event.target : null;
  const item = line?.matches('.calendar-line') ? line.closest('[data-due]') : null;
  if (!item || isBusy() || event.shiftKey || event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
  event.preventDefault();
  moveTo(item, later(dayOf(item.closest('[data-day]')), event.key === 'ArrowRight' ? 1 : -1));
});

document.body.addEventListener('htmx:afterSettle', makeSortable);

makeSortable();
