/**
 * One page at a time writes to a visit, and one sends the queue. A second page is told; it may take
 * over, and then the first one is told.
 */

const DRAFT = "field-draft:";
const SYNC = "field-sync";

/** @typedef {{release: () => void}} Held */

/**
 * @param {string} id @param {() => void} onLost Another page has taken over.
 * @param {{steal?: boolean}} [options]
 * @returns {Promise<Held | null>} Null: another page has it.
 */
export function lockVisit(id, onLost, { steal = false } = {}) {
  return new Promise((resolve) => {
    const options = steal ? { steal: true } : { ifAvailable: true };
    navigator.locks.request(DRAFT + id, options, (lock) => {
      if (!lock) {
        resolve(null);
        return undefined;
      }
      return new Promise((release) => resolve({ release: () => release(undefined) }));
    }).catch(onLost);
  });
}

/** @param {() => Promise<void>} work @returns {Promise<boolean>} False: another page is at it. */
export const lockSync = (work) =>
  navigator.locks.request(SYNC, { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });

/** Whether a visit is being edited in any page of this browser. */
export async function isVisitOpen() {
  const { held = [] } = await navigator.locks.query();
  return held.some((lock) => lock.name?.startsWith(DRAFT));
}
