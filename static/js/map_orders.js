/**
 * Orders to the server, one after the other: htmx forgets those that wait for one on its way, once
 * its answer has replaced the element that sent them.
 */

/** @type {Promise<unknown>} */
let last = Promise.resolve();
let count = 0;

/** How many have not been answered yet, with the one being answered. */
export const unanswered = () => count;

/** @template T @param {() => Promise<T>} order @returns {Promise<T>} */
export const inTurn = (order) => {
  count += 1;
  const answered = last.then(order).finally(() => {
    count -= 1;
  });
  last = answered.catch(() => undefined);
  return answered;
};

/** Where one is sent to whose session is over. */
const loginPath = () => {
  const link = document.querySelector('[data-signed-out] a');
  return link instanceof HTMLAnchorElement ? link.pathname : '';
};

/** The answer is the page to sign in, at the end of a redirect. @param {XMLHttpRequest} xhr */
export const isSignedOut = (xhr) =>
  Boolean(xhr.responseURL) && new URL(xhr.responseURL).pathname === loginPath();

/** @param {XMLHttpRequest | null} xhr @returns {xhr is XMLHttpRequest} */
export const isDone = (xhr) =>
  xhr !== null && xhr.status >= 200 && xhr.status < 400 && !isSignedOut(xhr);

/**
 * One request, in its turn; null where no answer came. It is sent from an element that stays,
 * whatever is drawn anew.
 * @param {'get' | 'post'} verb @param {string} path
 * @param {Record<string, string | string[]>} [values]
 * @param {() => boolean} [isMeant] false when its turn comes: it is not sent
 * @returns {Promise<XMLHttpRequest | null>}
 */
export const request = (verb, path, values = {}, isMeant = () => true) =>
  inTurn(async () => {
    const source = document.querySelector('[data-saved]');
    if (!source || !isMeant()) return null;
    /** @type {XMLHttpRequest | null} */
    let answer = null;
    /** @param {Event} event */
    const keep = (event) => {
      answer = /** @type {CustomEvent} */ (event).detail.xhr;
    };
    source.addEventListener('htmx:afterRequest', keep);
    try {
      await htmx.ajax(verb, path, { source, swap: 'none', values });
    } catch {
      answer = null;
    } finally {
      source.removeEventListener('htmx:afterRequest', keep);
    }
    return answer;
  });
