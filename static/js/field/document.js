/**
 * A record as the server takes it, and its frozen form: RFC 8785 text and its SHA-256. Once frozen,
 * exactly these characters are sent, however often; `base_revision` stands outside the hash.
 *
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 * @typedef {import("./types.js").Frozen} Frozen
 */

import canonicalize from "/static/canonicalize/canonicalize.js";
import { isoLocal } from "./clock.js";

/** Half a surrogate pair and NUL are no text that any database keeps. @param {string} text @returns {string} */
export const wellFormed = (text) => /** @type {any} */ (text).toWellFormed().replaceAll("\0", "");

/** @param {Record<string, string>} notes */
const cleaned = (notes) => Object.fromEntries(Object.entries(notes).map(([key, text]) => [key, wellFormed(text)]));

/** @param {FieldRecord} record @param {Date} now @returns {Record<string, any>} */
export function toDocument(record, now) {
  /** @type {Record<string, any>} */
  const document = {
    id: record.id,
    journey: record.journey,
    framework_version: record.framework_version,
    method: record.method,
    location: record.location,
    observed_at: record.started_at,
    observer: record.observer,
    answers: record.answers,
    started_at: record.started_at,
    duration_s: Math.round(record.duration_ms / 1000),
    device_time: isoLocal(now),
  };
  if (Object.keys(record.notes).length) document["notes"] = cleaned(record.notes);
  if (record.comment) document["comment"] = wellFormed(record.comment);
  if (record.media.length) {
    document["media"] = record.media.map(({ id, interaction, sha256, size, type }) => ({ id, interaction, sha256, size, type }));
  }
  if (record.visit) document["visit"] = record.visit;
  if (record.forked_from) document["forked_from"] = record.forked_from;
  return document;
}

/** @param {ArrayBuffer | Uint8Array<ArrayBuffer>} bytes */
export async function sha256Hex(bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {FieldRecord} record @param {Date} now @returns {Promise<Frozen>} */
export async function freeze(record, now) {
  const text = canonicalize(toDocument(record, now)) ?? "";
  const sha256 = await sha256Hex(new TextEncoder().encode(text));
  return { text, sha256, base_revision: record.receipt?.revision ?? null, edits: record.edits, at: now.getTime() };
}

/** The text that goes over the wire. @param {Frozen} frozen */
export const wireText = ({ text, base_revision }) =>
  base_revision === null ? text : `${text.slice(0, -1)},"base_revision":${base_revision}}`;
