/**
 * Lists of the plan between which an action is dragged, by mouse or by a finger that holds it: the
 * columns of the board, the days of the calendar. In a list nothing is reordered.
 */

/**
 * @typedef {object} Drag
 * @property {string} lists selector
 * @property {string} items selector
 * @property {(item: HTMLElement, from: HTMLElement, to: HTMLElement, undo: () => void) => void} onDrop
 * @property {import('sortablejs').Options} [more]
 */

/** Those that were drawn since the last time. @param {Drag} drag */
export const dragBetween = ({ lists, items, onDrop, more = {} }) => {
  for (const list of document.querySelectorAll(lists)) {
    if (!(list instanceof HTMLElement) || Sortable.get(list)) continue;
    Sortable.create(list, {
      group: 'plan',
      draggable: items,
      filter: '.menu',
      preventOnFilter: false,
      sort: false,
      delay: 200,
      delayOnTouchOnly: true,
      touchStartThreshold: 6,
      animation: 120,
      onEnd: ({ item, from, to, oldIndex }) => {
        if (from === to) return;
        onDrop(item, from, to, () => from.insertBefore(item, from.children[oldIndex ?? 0] ?? null));
      },
      ...more,
    });
  }
};
