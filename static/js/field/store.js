/**
 * The database on the device. Its schema only grows, so that an older release opens what a newer one
 * wrote. A connection that the system closes (iPads do, short of memory) is opened again and the
 * write repeated: a transaction is either committed, and then it says so, or it left nothing behind.
 */

import { openDB } from "/static/idb/index.js";

export const NAME = "cxplan-field";

/** One step a version, each adding to the last. @type {((database: any, tx: any) => void | Promise<void>)[]} */
const STEPS = [
  (database) => {
    database.createObjectStore("settings");
    database.createObjectStore("records", { keyPath: "id" });
    database.createObjectStore("photos", { keyPath: "id" }).createIndex("record", "record");
    database.createObjectStore("guides");
  },
  // Every change with its time: what happened to a record, step by step, until it is received.
  (database) => {
    database.createObjectStore("journal", { autoIncrement: true }).createIndex("record", "record");
  },
  // Guides by programme too; those that records were begun with stay where the records look for them.
  async (_database, tx) => {
    const settings = tx.objectStore("settings");
    const kept = await settings.get("book");
    if (!kept) return;
    const programme = kept.book.programme.slug;
    const guides = kept.book.guides.map((/** @type {any} */ guide) => ({ ...guide, programme }));
    for (const guide of guides) {
      await tx.objectStore("guides").put(guide, `${guide.journey}@${guide.framework_version}@${programme}`);
    }
    await settings.put({ ...kept, book: { ...kept.book, guides } }, "book");
  },
];
export const VERSION = STEPS.length;
const TRIES = 4;
/** The connection is gone, not the data: worth another connection. */
const LOST = new Set(["InvalidStateError", "AbortError", "UnknownError", "NotFoundError", "TransactionInactiveError"]);

/** @type {Promise<any> | null} */
let opening = null;

/** @param {number | undefined} version */
function connect(version) {
  const forget = () => { opening = null; };
  return openDB(NAME, version, {
    async upgrade(database, from, to, tx) {
      for (const step of STEPS.slice(from, to ?? VERSION)) await step(database, tx);
    },
    // Another page wants to change the schema: it may, and this one opens again when it next writes.
    blocking(_current, _blocked, event) {
      /** @type {IDBDatabase} */ (event.target).close();
      forget();
    },
    terminated: forget,
  });
}

function open() {
  opening ??= connect(VERSION).catch((error) => {
    // A newer release has been here: it only added, so its database serves as it is.
    if (error?.name === "VersionError") return connect(undefined);
    throw error;
  }).catch((error) => {
    opening = null;
    throw error;
  });
  return opening;
}

/** @param {any} error */
const isLost = (error) => LOST.has(error?.name ?? "");

/**
 * Runs `work` in one transaction and answers when it is committed to disk.
 *
 * @template T
 * @param {string[]} stores @param {IDBTransactionMode} mode @param {(tx: any) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function transact(stores, mode, work) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const database = await open();
      const tx = database.transaction(stores, mode, { durability: "strict" });
      const [result] = await Promise.all([work(tx).catch((error) => abort(tx, error)), tx.done]);
      return result;
    } catch (error) {
      if (attempt >= TRIES || !isLost(error)) throw error;
      opening = null;
    }
  }
}

/** The work failed: nothing of it stays, and the first error is the one told. @param {any} tx @param {any} error @returns {never} */
function abort(tx, error) {
  tx.done.catch(() => undefined);
  try {
    tx.abort();
  } catch {
    // It has ended by itself.
  }
  throw tx.error ?? error;
}

/** @template T @param {string[]} stores @param {(tx: any) => Promise<T>} work */
export const write = (stores, work) => transact(stores, "readwrite", work);

/** @template T @param {string[]} stores @param {(tx: any) => Promise<T>} work */
export const read = (stores, work) => transact(stores, "readonly", work);

/** @param {string} key @returns {Promise<any>} */
export const getSetting = (key) => read(["settings"], (tx) => tx.objectStore("settings").get(key));

/** @param {string} key @param {any} value */
export const putSetting = (key, value) => write(["settings"], (tx) => tx.objectStore("settings").put(value, key));

/** @param {any} error */
export const isFull = (error) => error?.name === "QuotaExceededError";

/** Whether this window can keep anything at all: a private one often can't. One that is full has kept something. */
export async function canKeep() {
  try {
    await putSetting("probe", 1);
    return (await getSetting("probe")) === 1;
  } catch (error) {
    return isFull(error) && canRead();
  }
}

async function canRead() {
  try {
    await getSetting("probe");
    return true;
  } catch {
    return false;
  }
}
