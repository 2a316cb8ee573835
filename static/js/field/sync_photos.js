/**
 * The photos of what the server has: each on its own, and kept here until it has them all.
 *
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 * @typedef {import("./types.js").Answered} Answered
 * @typedef {{slug: string, api: import("./api.js").Api}} Account
 * @typedef {import("./sync.js").SyncEngine} SyncEngine
 */

import { classify, PHOTO_PATIENCE } from "./api.js";
import { isPerhapsContent, Later, message, Paused } from "./sync_errors.js";

/** Visits whose photos are on their way at once: a weak network answers late, and carries more than one. */
export const LANES = 3;

/** @param {SyncEngine} engine @param {Account} account */
export async function sendPhotos(engine, account) {
  const owing = (await engine.world.records()).filter((one) =>
    one.programme === account.slug && one.missing.length && one.receipt && one.state !== "parked" && !one.frozen?.anew);
  // What the server broke on lets the others go first, as in the queue itself.
  owing.sort((one, other) => one.attempts - other.attempts);
  /** @type {unknown[]} */
  const ends = [];
  const lane = async () => {
    for (let record = owing.shift(); record; record = owing.shift()) await sendInLane(engine, account, record);
  };
  await Promise.all(Array.from({ length: LANES }, () => lane().catch((error) => {
    // The others end what they have in hand.
    owing.length = 0;
    ends.push(error);
  })));
  if (ends.length) throw ends.find((one) => one instanceof Paused) ?? ends.reduce(morePatient);
}

/** Of several lanes' ends the one that asks for the longest wait. @param {unknown} one @param {unknown} other */
const morePatient = (one, other) => (askedBy(other) > askedBy(one) ? other : one);

/** @param {unknown} error */
const askedBy = (error) => (error instanceof Later ? error.after ?? 0 : 0);

/** @param {SyncEngine} engine @param {Account} account @param {FieldRecord} record */
async function sendInLane(engine, account, record) {
  engine.markOne(record.id, true);
  try {
    await engine.apart(record, () => sendPhotosOf(engine, account, record));
  } finally {
    engine.markOne(record.id, false);
  }
}

/** @param {SyncEngine} engine @param {Account} account @param {FieldRecord} record */
async function sendPhotosOf(engine, account, record) {
  let current = record.doubt ? await askStatus(engine, account, record) : record;
  for (const id of current.missing) {
    if (current.frozen?.anew) return;
    if (current.problem || !current.missing.includes(id)) continue;
    const photo = await engine.world.photo(id);
    if (photo) current = await sendPhoto(engine, account, current, photo);
    else {
      await engine.park(current, "photo-lost", { errors: [{ path: mediaPath(current, id), detail: "" }] }, null);
      return;
    }
  }
  if (!current.missing.length) await engine.world.dropPhotos(current.id);
}

/** @param {SyncEngine} engine @param {Account} account @param {FieldRecord} record @param {import("./types.js").StoredPhoto} photo */
async function sendPhoto(engine, account, record, photo) {
  const path = `programmes/${account.slug}/observations/${record.id}/media/${photo.id}/`;
  /** @type {Answered} */
  let answer;
  try {
    answer = await account.api.call("PUT", path, { body: photo.bytes, type: photo.type, patience: PHOTO_PATIENCE });
  } catch (error) {
    const failed = { kind: /** @type {const} */ ("failed"), why: message(error), counts: false };
    await engine.world.append(record.id, [{ kind: "doubt", doubt: true }, failed]);
    throw error;
  }
  return isUnknown(answer) ? askAfterAll(engine, account, record, answer, photo.id) : take(engine, record, answer, photo.id);
}

/** Not found, in the server's own words. @param {Answered} answer */
const isUnknown = (answer) => answer.status === 404 && classify(answer) === "park";

/** The photo has no place on the server: what it has and misses is asked once. @param {SyncEngine} engine @param {Account} account @param {FieldRecord} record @param {Answered} refusal @param {string} photo */
async function askAfterAll(engine, account, record, refusal, photo) {
  const current = await askStatus(engine, account, record);
  const isStillMissing = !current.frozen?.anew && !current.problem && current.missing.includes(photo);
  return isStillMissing ? take(engine, current, refusal, photo) : current;
}

/** What the server has, asked before photos are sent again. @param {SyncEngine} engine @param {Account} account @param {FieldRecord} record */
async function askStatus(engine, account, record) {
  const answer = await account.api.call("GET", `programmes/${account.slug}/observations/${record.id}/status/`);
  const isLost = isUnknown(answer) && record.receipt && record.state === "received" && !engine.resent.has(record.id);
  if (!isLost) return take(engine, record, answer, null);
  // Somebody who is in the programme no more finds nothing there at all.
  const programme = await account.api.call("GET", `programmes/${account.slug}/guides/`);
  if (isUnknown(programme)) await engine.pause(programme.status);
  return sendAgain(engine, record);
}

/** The server gave a receipt and knows nothing of it now, restored from an older copy for one. @param {SyncEngine} engine @param {FieldRecord} record */
async function sendAgain(engine, record) {
  engine.resent.add(record.id);
  const frozen = { ...(await engine.world.freeze(record)), base_revision: null, anew: true };
  const current = await engine.world.append(record.id, [{ kind: "freeze", frozen }]);
  void engine.drain();
  return current;
}

/** @param {SyncEngine} engine @param {FieldRecord} record @param {Answered} answer @param {string | null} photo */
async function take(engine, record, answer, photo) {
  const kind = classify(answer);
  if (kind === "pause") await engine.pause(answer.status);
  const { json } = answer;
  if (kind === "park") {
    const errors = json?.errors ?? [{ path: photo ? mediaPath(record, photo) : "/id", detail: json?.title ?? "" }];
    return engine.park(record, String(answer.status), { title: json?.title, errors }, null);
  }
  if (kind === "ok" && json.id === record.id && Array.isArray(json.missing_media)) {
    return engine.world.append(record.id, [{ kind: "media", missing: json.missing_media }]);
  }
  const later = new Later(`status ${answer.status}`, answer.retryAfter, isPerhapsContent(answer));
  const failed = { kind: /** @type {const} */ ("failed"), why: later.message, counts: later.whole };
  await engine.world.append(record.id, [{ kind: "doubt", doubt: true }, failed]);
  throw later;
}

/** @param {FieldRecord} record @param {string} id */
const mediaPath = (record, id) => `/media/${record.media.findIndex((item) => item.id === id)}`;
