/** The last resort: everything that the server has not got, photos included, as one file for a lead to read in. */

import { isoLocal } from "./clock.js";
import { toDocument } from "./document.js";
import { getDevice } from "./device.js";
import { allRecords, getPhoto, photoIds } from "./records.js";

/** @typedef {import("./types.js").FieldRecord} FieldRecord */

/** @param {FieldRecord} record */
const isOwed = (record) => record.state !== "received" || record.missing.length > 0;

/** As frozen where it was, so that it arrives as the same content. @param {FieldRecord} record */
function documentOf(record) {
  const document = record.frozen ? JSON.parse(record.frozen.text) : toDocument(record, new Date());
  const base = record.frozen ? record.frozen.base_revision : record.receipt?.revision ?? null;
  return base === null ? document : { ...document, base_revision: base };
}

/** @param {ArrayBuffer} bytes @returns {Promise<string>} */
const base64 = (bytes) =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(",")[1] ?? "");
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(new Blob([bytes]));
  });

/** In parts, because hundreds of photos are more than one text can hold. @returns {Promise<Blob>} */
export async function queueFile() {
  const device = await getDevice();
  const records = (await allRecords()).filter(isOwed);
  const head = {
    format: "cxplan.queue",
    version: 1,
    device: device ? { id: device.id, name: device.name } : null,
    programme: device?.programme.slug ?? records[0]?.programme ?? null,
    exported_at: isoLocal(),
    observations: records.filter((one) => one.programme === (device?.programme.slug ?? one.programme)).map(documentOf),
  };
  /** @type {(string | Blob)[]} */
  const parts = [JSON.stringify(head).slice(0, -1), ',"media":['];
  let first = true;
  for (const record of records) {
    for (const id of await photoIds(record.id)) {
      const photo = await getPhoto(id);
      if (!photo) continue;
      const item = { id, observation: record.id, type: photo.type, sha256: photo.sha256, data: await base64(photo.bytes) };
      parts.push(new Blob([first ? "" : ",", JSON.stringify(item)]));
      first = false;
    }
  }
  parts.push("]}");
  return new Blob(parts, { type: "application/json" });
}
