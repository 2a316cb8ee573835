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
import { append, getPhoto, getRecord, photoIds } from "./records.js";
import { getGuide } from "./guides.js";
import { write } from "./store.js";

/** What is the person's work; the others are where they stand and how long it took. */
const EDITS = new Set(["answer", "note", "comment", "photo", "remove-photo"]);
/** Between two writings more than that is a tablet left open, not a visit. */
export const LONGEST_GAP = 30 * 60_000;

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

/**
 * The same answers under an id of their own, with the photos that are here. Instead of the original the
 * copy is finished and the original goes, all in one transaction: asked for twice it is made once.
 *
 * @param {string} id @param {{instead?: boolean}} [options]
 * @returns {Promise<string | null>} The id of the copy; null: the original is not here any more.
 */
export async function fork(id, { instead = false } = {}) {
  const copyId = uuidv7();
  const isMade = await write(["records", "photos", "journal"], async (tx) => {
    const record = await tx.objectStore("records").get(id);
    if (!record) return false;
    const media = await copyPhotos(tx.objectStore("photos"), record, copyId);
    /** @type {Change[]} */
    const made = [{ kind: "begin", record: copyOf(record, copyId, media) }, ...(instead ? [/** @type {Change} */ ({ kind: "finish" })] : [])];
    const at = Date.now();
    for (const { kind } of made) await tx.objectStore("journal").add({ record: copyId, at, change: { kind } });
    const copy = made.reduce((/** @type {FieldRecord | null} */ kept, change) => apply(kept, change, at), null);
    await tx.objectStore("records").put(copy);
    if (instead) await removeAll(tx, id);
    return true;
  });
  if (!isMade) return null;
  // Nothing more happens to it: every page hears of it.
  await append(copyId, []);
  return copyId;
}

/** @param {FieldRecord} record @param {string} id @param {FieldRecord["media"]} media @returns {FieldRecord} */
function copyOf(record, id, media) {
  const { method, location, observer, visit, programme, journey, framework_version, guide } = record;
  const fresh = newRecord({ method, location, observer, visit, programme, journey, framework_version, guide });
  const { started_at, began, duration_ms, answers, notes, comment, place } = record;
  return { ...fresh, id, started_at, began, duration_ms, answers, notes, comment, place, media, forked_from: record.id, edits: record.edits + 1 };
}

/** @param {any} photos The store. @param {FieldRecord} record @param {string} copyId */
async function copyPhotos(photos, record, copyId) {
  const media = [];
  for (const item of record.media) {
    const stored = await photos.get(item.id);
    if (!stored) continue;
    const id = uuidv7();
    media.push({ ...item, id });
    await photos.put({ ...stored, id, record: copyId });
  }
  return media;
}

/** @param {any} tx @param {string} id */
async function removeAll(tx, id) {
  await tx.objectStore("records").delete(id);
  for (const store of ["photos", "journal"]) {
    for (const key of await tx.objectStore(store).index("record").getAllKeys(id)) await tx.objectStore(store).delete(key);
  }
}

/** How many of its photos are not on this tablet, and so in no copy. @param {FieldRecord} record */
export async function photosElsewhere(record) {
  const here = new Set(await photoIds(record.id));
  return record.media.filter((item) => !here.has(item.id)).length;
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
    /** @type {Set<Promise<unknown>>} What is on its way into the visit: photos being made small. */
    this.running = new Set();
    /** @type {Set<() => void>} Fields with words that may not be written yet. */
    this.typing = new Set();
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
    return visit;
  }

  /** Another page has taken over: nothing more is written from here. */
  lose() {
    this.lock = null;
    this.taken = true;
    this.say();
  }

  /** Not before what is on its way is in. */
  async close() {
    if (this.lock) await this.settle();
    this.lock?.release();
    this.lock = null;
  }

  say() {
    this.events.dispatchEvent(new Event("change"));
  }

  /** The visit is neither finished nor closed before this has ended. @template T @param {Promise<T>} work @returns {Promise<T>} */
  await(work) {
    const running = work.finally(() => {
      this.running.delete(running);
      this.say();
    });
    this.running.add(running);
    this.say();
    return running;
  }

  /** Words just typed, photos being made small: all of it written, or known to have failed. */
  async settle() {
    for (const write of [...this.typing]) write();
    while (this.running.size) await Promise.allSettled([...this.running]);
    await this.save();
  }

  /**
   * Shows at once, and answers when it is saved or has failed to be. A finished visit is opened again by
   * the first edit: looking at it changes nothing.
   *
   * @param {Change} change @param {StoredPhoto | null} [photo] @returns {Promise<boolean>} Whether it is kept.
   */
  async change(change, photo = null) {
    if (!this.lock) return false;
    const { state, place } = this.record;
    if (state === "draft" || change.kind === "finish") this.take(change, photo);
    else if (EDITS.has(change.kind)) {
      this.clock = performance.now();
      this.take({ kind: "reopen" });
      this.take({ kind: "place", place });
      this.take(change, photo);
    } else this.record = apply(this.record, change, this.record.saved_at);
    this.say();
    await this.save();
    return this.failure === null;
  }

  /** @param {Change} change @param {StoredPhoto | null} [photo] */
  take(change, photo = null) {
    this.record = apply(this.record, change, Date.now());
    this.pending.push({ change, photo });
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

  /** Time since the last writing, by a clock that nobody sets; a night left open is not spent. @returns {Change} */
  spent() {
    const now = performance.now();
    const ms = Math.min(LONGEST_GAP, Math.max(0, Math.round(now - this.clock)));
    this.clock = now;
    return { kind: "spent", ms };
  }

  /** Once, however often it is asked. @returns {Promise<string | null>} The first photo that can't be read any more; null when done. */
  finish() {
    this.finishing ??= this.finishOnce().finally(() => { this.finishing = null; });
    return this.finishing;
  }

  async finishOnce() {
    await this.settle();
    // Looked at and left as it was, it is finished as it was; what was refused is sent again.
    if (this.failure || this.record.state === "ready" || this.record.state === "received") return null;
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
