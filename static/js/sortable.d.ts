/** SortableJS comes by <script> and is a global. */
import type SortableClass from 'sortablejs';

declare global {
  const Sortable: typeof SortableClass;
}
