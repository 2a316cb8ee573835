/**
 * Entries and stages are dragged to their place; the server is told where, and what it refuses goes back.
 */
import { all, base, one, table } from './map_items.js';
import { request } from './map_orders.js';
import { place } from './map_steps.js';

/** Stages whose columns a drag has disturbed, until the server has agreed. @type {string[]} */
let dragged = [];

/** @param {boolean} isTaken */
export const settleDrag = (isTaken) => {
  if (isTaken) dragged = [];
  if (!dragged.length) return;
  const asked = dragged.map((stage) => `stage=${stage}`).join('&');
  dragged = [];
  void request('get', `${base}columns/?${asked}`);
};

/** Held for a moment on a touch screen, so that a swipe still scrolls. */
const TOUCH = { delay: 200, delayOnTouchOnly: true, touchStartThreshold: 6, animation: 120 };

export const makeSortable = () => {
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
