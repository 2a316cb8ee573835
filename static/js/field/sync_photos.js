/**
 * The photos of what the server has: each on its own, and kept here until it has them all.
 *
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 * @typedef {import("./types.js").Answered} Answered
 * @typedef {{slug: string, api: import("./api.js").Api}} Account
 * @typedef {import("./sync.js").SyncEngine} SyncEngine
 */

import { classify, PHOTO_PATIENCE } from "./api.js";
import { isPerhapsContent, Later, message } from "./sync_errors.js";

/** @param {SyncEngine} engine @param {Account} account */
export async function sendPhotos(engine, account) {
  const owing = (await engine.world.records()).filter((one) =>
    one.programme === account.slug && one.missing.length && one.receipt && one.state !== "parked");
  for (const record of owing) {
    await engine.apart(record, () => sendPhotosOf(engine, account, record));
  }
}

/** @param {SyncEngine} engine @param {Account} account @param {FieldRecord} record */
async function sendPhotosOf(engine, account, record) {
  engine.mark([record.id]);
  let current = record.doubt ? await askStatus(engine, account, record) : record;
  for (const id of current.missing) {
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
  return take(engine, record, answer, photo.id);
}

/** What the server has, asked before photos are sent again. @param {SyncEngine} engine @param {Account} account @param {FieldRecord} record */
async function askStatus(engine, account, record) {
  const answer = await account.api.call("GET", `programmes/${account.slug}/observations/${record.id}/status/`);
  return take(engine, record, answer, null);
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
