/**
 * The one way in: a record changes by `append` only, which keeps record, photos and the change itself
 * in one transaction. What the screen calls saved is what this has answered.
 *
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 * @typedef {import("./types.js").StoredPhoto} StoredPhoto
 * @typedef {import("./types.js").Change} Change
 */

import { apply } from "./change.js";
import { isFull, read, write } from "./store.js";

const KEPT_DAYS = 30;
const DAY = 86_400_000;
const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("cxplan-field");
/** Says `change` whenever a record changed, in this page or in another one. */
export const changes = new EventTarget();
channel?.addEventListener("message", () => changes.dispatchEvent(new Event("change")));

function announce() {
  changes.dispatchEvent(new Event("change"));
  channel?.postMessage("change");
}

/**
 * On a full device what the server has long had makes room, the oldest first, one after the other.
 *
 * @param {string} id @param {Change[]} made @param {StoredPhoto[]} [photos]
 * @returns {Promise<FieldRecord>} The record as it is now kept.
 */
export async function append(id, made, photos = []) {
  for (;;) {
    try {
      const kept = await keep(id, made, photos);
      announce();
      return kept;
    } catch (error) {
      if (!isFull(error) || !(await makeRoom(id))) throw error;
    }
  }
}

/** @param {string} id @param {Change[]} made @param {StoredPhoto[]} photos @returns {Promise<FieldRecord>} */
const keep = (id, made, photos) =>
  write(["records", "photos", "journal"], async (tx) => {
    const at = Date.now();
    const before = (await tx.objectStore("records").get(id)) ?? null;
    const after = made.reduce((record, change) => (isLate(record, change) ? record : apply(record, change, at)), before);
    // Content before what points at it.
    for (const photo of photos) await tx.objectStore("photos").put(photo);
    for (const change of made.filter((one) => isNews(before, one))) await tx.objectStore("journal").add({ record: id, at, change: entry(change) });
    await tx.objectStore("records").put(after);
    return after;
  });

/** @param {FieldRecord} record */
const isHistory = (record) => record.state === "received" && !record.missing.length && !record.frozen;

/** @param {string} but @returns {Promise<boolean>} False: nothing is left that may go. */
async function makeRoom(but) {
  const history = (await allRecords()).filter((one) => isHistory(one) && one.id !== but);
  const [oldest] = history.sort((one, other) => (one.receipt?.at ?? 0) - (other.receipt?.at ?? 0));
  if (oldest) await removeRecord(oldest.id);
  return oldest !== undefined;
}

/**
 * Two may freeze at once, the queue and its file: what is frozen stays, and what was changed or received
 * meanwhile is not the content that was read.
 *
 * @param {FieldRecord | null} record @param {Change} change
 */
const isLate = (record, change) => change.kind === "freeze" && record !== null
  && (record.frozen !== null || record.state === "draft" || record.edits !== change.frozen.edits
    || (!change.frozen.anew && isReceived(record, change.frozen)));

/** @param {FieldRecord} record @param {import("./types.js").Frozen} frozen */
const isReceived = (record, frozen) =>
  record.receipt?.edits === record.edits || (record.receipt?.revision ?? null) !== frozen.base_revision;

/** The same failure again and again, for days without a network, is one entry. @param {FieldRecord | null} before @param {Change} change */
const isNews = (before, change) => change.kind !== "failed" || before?.lastError !== change.why;

/** The journal holds what happened, not a second copy of everything. @param {Change} change */
function entry(change) {
  if (change.kind === "begin") return { kind: "begin" };
  return change.kind === "freeze" ? { kind: "freeze", sha256: change.frozen.sha256 } : change;
}

/** @param {string} id @returns {Promise<FieldRecord | undefined>} */
export const getRecord = (id) => read(["records"], (tx) => tx.objectStore("records").get(id));

/** In the order in which they were begun: the ids are of version 7. @returns {Promise<FieldRecord[]>} */
export const allRecords = () => read(["records"], (tx) => tx.objectStore("records").getAll());

/** @param {string} id @returns {Promise<StoredPhoto | undefined>} */
export const getPhoto = (id) => read(["photos"], (tx) => tx.objectStore("photos").get(id));

/** @param {string} record @returns {Promise<string[]>} */
export const photoIds = (record) =>
  read(["photos"], (tx) => tx.objectStore("photos").index("record").getAllKeys(record));

/** The photos of a record that nothing needs any more: the server has them all. @param {string} record */
export async function dropPhotos(record) {
  await write(["photos", "records"], async (tx) => {
    const kept = await tx.objectStore("records").get(record);
    if (!kept || kept.state !== "received" || kept.missing.length) return;
    for (const id of await tx.objectStore("photos").index("record").getAllKeys(record)) {
      await tx.objectStore("photos").delete(id);
    }
  });
}

/** Only ever asked for by a person, of one record, after a warning; and by the purge. @param {string} id */
export async function removeRecord(id) {
  await write(["records", "photos", "journal"], async (tx) => {
    await tx.objectStore("records").delete(id);
    for (const store of ["photos", "journal"]) {
      for (const key of await tx.objectStore(store).index("record").getAllKeys(id)) {
        await tx.objectStore(store).delete(key);
      }
    }
  });
  announce();
}

/** What the server has had for a month leaves the history. @param {number} now */
export async function purge(now) {
  const old = (await allRecords()).filter((record) => isHistory(record) && (record.receipt?.at ?? now) < now - KEPT_DAYS * DAY);
  for (const record of old) await removeRecord(record.id);
}
