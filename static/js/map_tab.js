/**
 * The name of this open page, which goes with all that it asks of the server: so that a person's
 * other pages hear what this one changes.
 *
 * It lives as long as the tab: the next page in it, or the same one loaded again, takes the name over.
 * While a page is open it keeps the name to itself, so that a copy of the tab gets another.
 */
const KEY = 'map tab';

const made = () => [...crypto.getRandomValues(new Uint8Array(12))].map((each) => each.toString(16).padStart(2, '0')).join('');

const name = sessionStorage.getItem(KEY) ?? made();
sessionStorage.removeItem(KEY);
addEventListener('pagehide', () => sessionStorage.setItem(KEY, name));
addEventListener('pageshow', () => sessionStorage.removeItem(KEY));

document.body.addEventListener('htmx:configRequest', (event) => {
  /** @type {CustomEvent} */ (event).detail.headers['X-Map-Tab'] = name;
});
