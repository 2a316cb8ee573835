/**
 * The name of this tab goes with all that its map asks of the server: so that a person's other pages
 * hear what this one changes.
 */
import { tabName } from './tab_name.js';

document.body.addEventListener('htmx:configRequest', (event) => {
  /** @type {CustomEvent} */ (event).detail.headers['X-Map-Tab'] = tabName();
});
