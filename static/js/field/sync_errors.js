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

/** A server that breaks on one item answers 500 or something unreadable; one that is down breaks on all. @param {import("./types.js").Answered} answer */
export const isPerhapsContent = ({ status }) => status === 500 || (status >= 200 && status < 300);

/** @param {unknown} error */
export const message = (error) => (error instanceof Error ? error.message : String(error));
