/**
 * The last resort: everything finished that the server has not got, photos included, as files for a
 * lead to read in. What goes out is what the queue itself sends: frozen first, so that the same content
 * arrives by both ways and no conflict comes of it.
 */

import { isoLocal } from "./clock.js";
import { freeze, wireText } from "./document.js";
import { getDevice } from "./device.js";
import { allRecords, append, getPhoto, photoIds } from "./records.js";

/**
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 * @typedef {{observations: Blob[], media: Blob[], size: number}} Content Of one record, or of one file.
 * @typedef {{files: Blob[], drafts: number}} QueueFiles `drafts`: begun, not finished, and hence in no file.
 */

/** A file that the server still takes, with room to spare. */
export const FILE_BYTES = 80_000_000;
/** Observations, and photos, that the server takes of one file. */
const FILE_ITEMS = 5_000;
const HEAD_BYTES = 1_000;

/** Whether the server said that it has these answers; its photos may still be to go. @param {FieldRecord} record */
const isOnServer = (record) => !record.frozen && record.receipt?.edits === record.edits;

/** Finished, and not frozen yet because nothing was ever sent. @param {FieldRecord} record */
const isToFreeze = (record) => !record.frozen && !isOnServer(record) && (record.state === "ready" || record.state === "parked");

/** @returns {Promise<FieldRecord[]>} */
async function frozenRecords() {
  for (const record of (await allRecords()).filter(isToFreeze)) {
    await append(record.id, [{ kind: "freeze", frozen: await freeze(record, new Date()) }]);
  }
  return allRecords();
}

/** @param {ArrayBuffer} bytes @returns {Promise<string>} */
const base64 = (bytes) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes]));
  });

/** @param {FieldRecord} record @returns {Promise<Content>} */
async function contentOf(record) {
  const { frozen } = record;
  const announced = frozen ? JSON.parse(frozen.text).media ?? [] : [];
  const wanted = new Set([...announced.map((/** @type {any} */ item) => item.id), ...record.missing]);
  const media = [];
  for (const id of await photoIds(record.id)) {
    const photo = wanted.has(id) ? await getPhoto(id) : undefined;
    if (!photo) continue;
    const item = { id, observation: record.id, type: photo.type, sha256: photo.sha256, data: await base64(photo.bytes) };
    media.push(new Blob([JSON.stringify(item)]));
  }
  const observations = frozen ? [new Blob([wireText(frozen)])] : [];
  return { observations, media, size: [...observations, ...media].reduce((sum, part) => sum + part.size + 1, 0) };
}

/** Each record whole in one file, so that no photo is read in before its observation. @param {Content[]} contents @param {number} limit @returns {Content[]} */
function packed(contents, limit) {
  /** @type {Content[]} */
  const files = [];
  for (const content of contents) {
    const last = files.at(-1);
    if (last && last.size + content.size <= limit - HEAD_BYTES && last.media.length + content.media.length <= FILE_ITEMS
      && last.observations.length < FILE_ITEMS) {
      last.observations.push(...content.observations);
      last.media.push(...content.media);
      last.size += content.size;
    } else files.push({ ...content });
  }
  return files;
}

/** @param {Blob[]} items @returns {(string | Blob)[]} */
const listed = (items) => items.flatMap((item, index) => (index ? [",", item] : [item]));

/** @param {Record<string, unknown>} head @param {Content} content */
const fileOf = (head, { observations, media }) =>
  new Blob([JSON.stringify(head).slice(0, -1), ',"observations":[', ...listed(observations), '],"media":[', ...listed(media), "]}"],
    { type: "application/json" });

/** @typedef {Record<string, unknown>} Head */

/** Of one programme each, the device's own first; there is always one. @param {number} [limit] @returns {Promise<QueueFiles>} */
export async function queueFiles(limit = FILE_BYTES) {
  const device = await getDevice();
  const records = await frozenRecords();
  const drafts = records.filter((record) => record.state === "draft" && !record.frozen);
  /** @param {string | null} programme @returns {Head} */
  const headOf = (programme) => ({
    format: "cxplan.queue",
    version: 1,
    device: device ? { id: device.id, name: device.name } : null,
    programme,
    exported_at: isoLocal(),
    drafts_left_out: drafts.filter((one) => one.programme === programme).length,
  });
  const own = device?.programme.slug ?? records[0]?.programme ?? null;
  const files = [];
  for (const programme of new Set([own, ...records.map((record) => record.programme)])) {
    const contents = await Promise.all(records.filter((one) => one.programme === programme).map(contentOf));
    for (const content of packed(contents.filter((one) => one.size), limit)) files.push(fileOf(headOf(programme), content));
  }
  if (!files.length) files.push(fileOf(headOf(own), { observations: [], media: [], size: 0 }));
  return { files, drafts: drafts.length };
}
