/**
 * The board: a card dropped in another column, or sent there by an arrow key, presses the button of
 * its own menu. What needs a word first, such as a block, opens its page.
 */
import { dragBetween } from './plan_lists.js';

/** The card to be found again once the board is drawn anew. */
let moved = '';

/** @param {Element | null} card @param {string} status */
const send = (card, status) => {
  const way = card?.querySelector(`[data-move] [data-to="${status}"]`);
  if (!(card instanceof HTMLElement) || !(way instanceof HTMLElement)) return false;
  moved = card.dataset['card'] ?? '';
  way.click();
  return true;
};

/** @param {Element} list */
const statusOf = (list) => (list instanceof HTMLElement ? (list.dataset['column'] ?? '') : '');

/** @type {(() => void) | null} */
let putBack = null;

const makeSortable = () => dragBetween({
  lists: '[data-column]',
  items: '[data-card]',
  onDrop: (item, _from, to, undo) => {
    putBack = undo;
    if (!send(item, statusOf(to))) undo();
  },
});

document.addEventListener('keydown', (event) => {
  const card = event.target instanceof HTMLElement ? event.target : null;
  if (!card?.matches('[data-card]') || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
  const columns = [...document.querySelectorAll('[data-column]')];
  const list = card.closest('[data-column]');
  const next = list ? columns[columns.indexOf(list) + (event.key === 'ArrowRight' ? 1 : -1)] : null;
  if (next && send(card, statusOf(next))) event.preventDefault();
});

document.body.addEventListener('htmx:afterSettle', () => {
  makeSortable();
  putBack = null;
  const card = moved ? document.querySelector(`[data-card="${moved}"]`) : null;
  if (card instanceof HTMLElement) card.focus();
  moved = '';
});

for (const name of ['htmx:responseError', 'htmx:sendError']) {
  document.body.addEventListener(name, () => {
    putBack?.();
    putBack = null;
  });
}

makeSortable();
