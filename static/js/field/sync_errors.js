/** Why a drain ends before its end. */

/** The call did not do: wait, then everything that is left again. */
export class Later extends Error {
  /** @param {string} why @param {number | null} after @param {boolean} whole Whether the content may be the cause. */
  constructor(why, after = null, whole = false) {
    super(why);
    this.after = after;
    this.whole = whole;
  }
}

/** The device is not known any more, or may not: nothing is sent until somebody has enrolled it again. */
export class Paused extends Error {}

/** What a filter between here and the server may say of one item, in a page of its own. */
const FILTERED = new Set([400, 403, 409, 410, 422]);

/** A server that breaks on one item answers 500 or something unreadable; one that is down breaks on all. @param {import("./types.js").Answered} answer */
export const isPerhapsContent = ({ status }) => status === 500 || FILTERED.has(status) || (status >= 200 && status < 300);

/** @param {unknown} error */
export const message = (error) => (error instanceof Error ? error.message : String(error));
