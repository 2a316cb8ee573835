/**
 * A visit while it is being filled in: changes show at once, are written one after the other, and are
 * only called saved by the transaction that holds them. What could not be written stays here and is
 * tried again with everything that follows.
 *
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 * @typedef {import("./types.js").Change} Change
 * @typedef {import("./types.js").StoredPhoto} StoredPhoto
 * @typedef {{change: Change, photo: StoredPhoto | null}} Pending
 */

import { uuidv7 } from "/static/uuidv7/index.js";
import { apply } from "./change.js";
import { isoLocal } from "./clock.js";
import { sha256Hex } from "./document.js";
import { lockVisit } from "./locks.js";
import { append, getPhoto, getRecord } from "./records.js";
import { getGuide } from "./guides.js";

/**
 * @param {Pick<FieldRecord, "programme" | "journey" | "framework_version" | "guide" | "method" | "location" | "observer" | "visit">} chosen
 * @returns {FieldRecord}
 */
export function newRecord(chosen) {
  return {
    ...chosen,
    id: uuidv7(),
    state: "draft",
    forked_from: null,
    started_at: isoLocal(),
    began: Date.now(),
    saved_at: 0,
    mirrored_at: 0,
    duration_ms: 0,
    answers: {},
    notes: {},
    comment: "",
    media: [],
    place: { stage: 0, scroll: 0 },
    edits: 0,
    frozen: null,
    receipt: null,
    missing: [],
    doubt: false,
    problem: null,
    attempts: 0,
    lastError: null,
  };
}

/** The same answers under an id of their own, photos included. @param {FieldRecord} record @returns {Promise<FieldRecord>} */
export async function fork(record) {
  const photos = [];
  const media = [];
  for (const item of record.media) {
    const stored = await getPhoto(item.id);
    const id = uuidv7();
    if (!stored) continue;
    media.push({ ...item, id });
    photos.push({ ...stored, id });
  }
  const { method, location, observer, visit, programme, journey, framework_version, guide } = record;
  const fresh = newRecord({ method, location, observer, visit, programme, journey, framework_version, guide });
  const { started_at, began, duration_ms, answers, notes, comment, place } = record;
  const copy = { ...fresh, started_at, began, duration_ms, answers, notes, comment, place, media, forked_from: record.id, edits: record.edits + 1 };
  return append(copy.id, [{ kind: "begin", record: copy }], photos.map((photo) => ({ ...photo, record: copy.id })));
}

export class Visit {
  /** @param {FieldRecord} record @param {import("./types.js").Guide} guide @param {import("./locks.js").Held | null} lock */
  constructor(record, guide, lock) {
    this.record = record;
    this.guide = guide;
    this.lock = lock;
    /** @type {Pending[]} */
    this.pending = [];
    this.savedAt = record.saved_at;
    /** @type {string | null} */
    this.failure = null;
    /** @type {string[]} Photos that found no room. */
    this.refused = [];
    this.taken = false;
    this.events = new EventTarget();
    this.writing = Promise.resolve();
    /** @type {Promise<string | null> | null} */
    this.finishing = null;
    this.clock = performance.now();
  }

  /** @param {string} id @param {{steal?: boolean}} [options] @returns {Promise<Visit | null>} Null: no such visit, or its guide is gone. */
  static async open(id, options) {
    /** @type {Visit | null} */
    let visit = null;
    const lock = await lockVisit(id, () => visit?.lose(), options);
    const record = await getRecord(id);
    const guide = record && (await getGuide(record.guide));
    if (!record || !guide) {
      lock?.release();
      return null;
    }
    visit = new Visit(record, guide, lock);
    if (lock && record.state !== "draft") await visit.change({ kind: "reopen" });
    return visit;
  }

  /** Another page has taken over: nothing more is written from here. */
  lose() {
    this.lock = null;
    this.taken = true;
    this.say();
  }

  close() {
    this.lock?.release();
    this.lock = null;
  }

  say() {
    this.events.dispatchEvent(new Event("change"));
  }

  /** Shows at once, and answers when it is saved or has failed to be. @param {Change} change @param {StoredPhoto | null} [photo] */
  change(change, photo = null) {
    if (!this.lock) return Promise.resolve();
    this.record = apply(this.record, change, Date.now());
    this.pending.push({ change, photo });
    this.say();
    return this.save();
  }

  save() {
    this.writing = this.writing.then(() => this.flush());
    return this.writing;
  }

  /** @returns {Promise<void>} */
  async flush() {
    const batch = [...this.pending];
    if (!batch.length) return;
    try {
      const kept = await append(this.record.id, [this.spent(), ...batch.map((one) => one.change)], batch.flatMap(({ photo }) => photo ?? []));
      this.pending.splice(0, batch.length);
      this.savedAt = kept.saved_at;
      this.failure = null;
      if (!this.pending.length) this.record = kept;
    } catch (error) {
      if (this.dropPhotos(batch, error)) return this.flush();
      this.failure = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    }
    this.say();
  }

  /** Without room the answers are kept and the photos let go, and that is said. @param {Pending[]} batch @param {any} error */
  dropPhotos(batch, error) {
    const photos = batch.filter((one) => one.photo);
    if (error?.name !== "QuotaExceededError" || !photos.length) return false;
    this.pending = this.pending.filter((one) => !photos.includes(one));
    const gone = new Set(photos.map((one) => one.photo?.id));
    this.record = { ...this.record, media: this.record.media.filter((item) => !gone.has(item.id)) };
    this.refused.push(...photos.flatMap(({ photo }) => photo?.id ?? []));
    return true;
  }

  /** Time since the last writing, by a clock that nobody sets. @returns {Change} */
  spent() {
    const now = performance.now();
    const ms = Math.max(0, Math.round(now - this.clock));
    this.clock = now;
    return { kind: "spent", ms };
  }

  /** Once, however often it is asked. @returns {Promise<string | null>} The first photo that can't be read any more; null when done. */
  finish() {
    this.finishing ??= this.finishOnce().finally(() => { this.finishing = null; });
    return this.finishing;
  }

  async finishOnce() {
    if (this.record.state !== "draft") return null;
    const lost = await unreadable(this.record);
    if (lost) return lost;
    await this.change({ kind: "finish" });
    return null;
  }
}

/** @param {FieldRecord} record */
async function unreadable(record) {
  for (const item of record.media) {
    const stored = await getPhoto(item.id);
    const isOnServer = record.receipt !== null && !record.missing.includes(item.id);
    if (stored ? (await sha256Hex(stored.bytes)) !== item.sha256 : !isOnServer) return item.id;
  }
  return null;
}
