/**
 * The name of this tab on maps, told by `map_tab.js`. It lives as long as the tab: the next page in it,
 * or the same one loaded again, takes the name over.
 *
 * While a page is open, of a map or not, it keeps the name to itself: a copy of the tab is made with a
 * copy of its storage, and gets a name of its own.
 */
const KEY = 'map tab';

const made = () => [...crypto.getRandomValues(new Uint8Array(12))].map((each) => each.toString(16).padStart(2, '0')).join('');

let name = sessionStorage.getItem(KEY);
sessionStorage.removeItem(KEY);
addEventListener('pagehide', () => {
  if (name) sessionStorage.setItem(KEY, name);
});
addEventListener('pageshow', () => sessionStorage.removeItem(KEY));

/** @returns {string} */
export const tabName = () => (name ??= made());
