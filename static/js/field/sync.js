/**
 * The queue: oldest first, in batches, each photo on its own, until the server has said that it has
 * exactly this content. Knows no page: clock, chance, calls, store and lock are given to it.
 *
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 * @typedef {import("./types.js").Change} Change
 * @typedef {import("./types.js").Answered} Answered
 *
 * @typedef {{slug: string, api: import("./api.js").Api}} Account
 *
 * @typedef {object} World
 * @property {() => Promise<Account | null>} account Null: not enrolled, or paused.
 * @property {() => Promise<FieldRecord[]>} records
 * @property {(id: string, changes: Change[]) => Promise<FieldRecord>} append
 * @property {(record: FieldRecord) => Promise<import("./types.js").Frozen>} freeze
 * @property {(id: string) => Promise<import("./types.js").StoredPhoto | undefined>} photo
 * @property {(record: string) => Promise<void>} dropPhotos
 * @property {(status: number) => Promise<void>} pause
 * @property {(work: () => Promise<void>) => Promise<boolean>} alone Runs the work unless another page is at it.
 * @property {() => Promise<void>} [after] What follows a drain that went well.
 * @property {() => number} now The time of day, for what is noted.
 * @property {() => number} [clock] For waits: goes on evenly, whoever sets the time of day.
 * @property {() => number} random
 * @property {(ms: number, run: () => void) => void} wait Replaces the wait before.
 */

import { classify, Unreachable } from "./api.js";
import { wireText } from "./document.js";
import { isPerhapsContent, Later, message, Paused } from "./sync_errors.js";
import { sendPhotos } from "./sync_photos.js";

export const BATCH = 25;
export const BATCH_BYTES = 1_000_000;
export const FIRST_WAIT = 2_000;
export const LONGEST_WAIT = 300_000;
/** Whatever a server asks for: a person who stands there sees something happen within a visit. */
export const LONGEST_ASKED = 900_000;
const ELSEWHERE_WAIT = 30_000;
const STORED = new Set(["created", "unchanged", "revised"]);

/** Full jitter: somewhere between the first wait and a ceiling that doubles. @param {number} failures @param {number} random */
export const backoff = (failures, random) =>
  FIRST_WAIT + Math.floor(random * (Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** failures) - FIRST_WAIT));

export class SyncEngine {
  /** @param {World} world */
  constructor(world) {
    this.world = world;
    /** @type {Set<string>} What is on its way at this moment. */
    this.sending = new Set();
    this.failures = 0;
    this.notBefore = 0;
    /** @type {string | null} */
    this.lastError = null;
    /** @type {Promise<void> | null} */
    this.running = null;
    this.again = false;
    this.events = new EventTarget();
    this.limit = BATCH;
    this.misses = 0;
    /** @type {Set<string>} Sent again although there is a receipt: once, while this page is open. */
    this.resent = new Set();
  }

  /** Tries now, unless the server has asked for patience; while a drain is on, once more after it. @returns {Promise<void>} */
  drain() {
    if (this.running) this.again = true;
    else if (this.clock() >= this.notBefore) {
      this.running = Promise.resolve().then(() => this.run());
    }
    return this.running ?? Promise.resolve();
  }

  clock() {
    return (this.world.clock ?? this.world.now)();
  }

  async run() {
    try {
      do {
        this.again = false;
        const mine = await this.world.alone(() => this.once());
        // Another page is at it: should it be closed, this one takes over.
        if (!mine) this.world.wait(ELSEWHERE_WAIT, () => { void this.drain(); });
      } while (this.again);
    } finally {
      // In the same breath as the last look at `again`: who asks from here on gets a drain of its own.
      this.running = null;
      this.sending.clear();
      this.say();
    }
  }

  say() {
    this.events.dispatchEvent(new Event("change"));
  }

  async once() {
    this.misses = 0;
    try {
      const account = await this.world.account();
      if (!account) return;
      await this.sendDocuments(account);
      this.sending.clear();
      await sendPhotos(this, account);
      await this.world.after?.();
      this.failures = 0;
      this.lastError = null;
      this.limit = BATCH;
    } catch (error) {
      if (error instanceof Paused) return;
      this.postpone(error);
    }
  }

  /** @param {unknown} error */
  postpone(error) {
    const isCall = error instanceof Later || error instanceof Unreachable;
    // The tablet's own failure, of its storage for one: told as that, and tried again all the same.
    this.lastError = isCall ? message(error) : `here: ${message(error)}`;
    this.failures += 1;
    const asked = error instanceof Later && error.after !== null ? Math.min(LONGEST_ASKED, error.after) : 0;
    if (asked) this.notBefore = this.clock() + asked;
    this.world.wait(Math.max(asked, backoff(this.failures, this.world.random())), () => { void this.drain(); });
  }

  // --- observations -------------------------------------------------------------------------------

  /** @param {Account} account */
  async sendDocuments(account) {
    /** @type {Set<string>} Settled in this drain, or to be left for the next. */
    const seen = new Set();
    for (;;) {
      const batch = await this.nextBatch(account.slug, seen);
      const [first] = batch;
      if (!first) return;
      try {
        await this.apart(batch.length === 1 ? first : null, () => this.sendBatch(account, batch));
        this.limit = Math.min(BATCH, this.limit * 2);
      } catch (error) {
        if (!(error instanceof Later && error.whole && batch.length > 1)) throw error;
        // Perhaps one of them is the cause: fewer at once, down to it alone.
        this.limit = Math.floor(batch.length / 2);
        continue;
      }
      batch.forEach((record) => seen.add(record.id));
    }
  }

  /**
   * One that the server can't digest must not hold up the others: it waits, they go on. When the next
   * one fails as well it is the server, and the drain ends.
   *
   * @param {FieldRecord | null} record @param {() => Promise<void>} work
   */
  async apart(record, work) {
    try {
      await work();
      this.misses = 0;
    } catch (error) {
      if (!record || !(error instanceof Later) || !error.whole || (this.misses += 1) > 1) throw error;
      this.world.wait(backoff(record.attempts, this.world.random()), () => { void this.drain(); });
    }
  }

  /** @param {string} slug @param {Set<string>} seen @returns {Promise<FieldRecord[]>} */
  async nextBatch(slug, seen) {
    const waiting = (await this.world.records()).filter((record) =>
      record.programme === slug && !seen.has(record.id) && record.state !== "parked"
      && (record.frozen !== null || record.state === "ready"));
    waiting.sort((one, other) => one.attempts - other.attempts || (one.id < other.id ? -1 : 1));
    const batch = [];
    let size = 0;
    for (const record of waiting.slice(0, this.limit)) {
      const frozen = record.frozen ? record : await this.freeze(record);
      // Changed while it was being frozen: its turn comes when it is finished again.
      if (!frozen.frozen) continue;
      size += wireText(frozen.frozen).length * 3;
      if (batch.length && size > BATCH_BYTES) break;
      batch.push(frozen);
    }
    return batch;
  }

  /** @param {FieldRecord} record */
  async freeze(record) {
    return this.world.append(record.id, [{ kind: "freeze", frozen: await this.world.freeze(record) }]);
  }

  /** Halves what is refused as a whole, down to the one item that is the cause. @param {Account} account @param {FieldRecord[]} batch @returns {Promise<void>} */
  async sendBatch(account, batch) {
    const results = await this.deliver(account, batch);
    if (Array.isArray(results)) {
      for (const record of batch) await this.settle(record, results);
      return;
    }
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2);
      await this.sendBatch(account, batch.slice(0, middle));
      await this.sendBatch(account, batch.slice(middle));
      return;
    }
    const [record] = batch;
    if (record) await this.park(record, String(results.status), results.json, null);
  }

  /** The results of a batch, or the answer that refused it as a whole. @param {Account} account @param {FieldRecord[]} batch @returns {Promise<any[] | Answered>} */
  async deliver(account, batch) {
    const texts = batch.map((record) => wireText(/** @type {any} */ (record.frozen)));
    this.mark(batch.map((record) => record.id));
    /** @type {Answered} */
    let answer;
    try {
      answer = await account.api.call("POST", `programmes/${account.slug}/observations/sync/`, {
        body: `{"observations":[${texts.join(",")}]}`,
      });
    } catch (error) {
      await this.note(batch, error);
      throw error;
    }
    const kind = classify(answer);
    // Not found is here the programme, to somebody who is in it no more: no visit can mend that.
    if (kind === "pause" || (kind === "park" && answer.status === 404)) await this.pause(answer.status);
    if (kind === "park") return answer;
    if (kind === "ok" && Array.isArray(answer.json?.results)) return answer.json.results;
    const later = new Later(`status ${answer.status}`, answer.retryAfter, isPerhapsContent(answer));
    await this.note(batch, later);
    throw later;
  }

  /** @param {FieldRecord[]} batch @param {unknown} error */
  async note(batch, error) {
    const counts = error instanceof Later && error.whole && batch.length === 1;
    for (const record of batch) await this.world.append(record.id, [{ kind: "failed", why: message(error), counts }]);
  }

  /** @param {FieldRecord} record @param {any[]} results */
  async settle(record, results) {
    const result = results.find((one) => one?.id === record.id);
    if (!result) throw new Later("no answer for an observation");
    if (!STORED.has(result.status)) {
      await this.park(record, String(result.status), result, Number.isInteger(result.revision) ? result.revision : null);
    } else if (echoes(result, record)) {
      const { sha256, revision, missing_media: missing } = result;
      await this.world.append(record.id, [{ kind: "receipt", sha256, revision, missing }]);
      if (!missing.length) await this.world.dropPhotos(record.id);
    } else {
      const error = new Later("the answer is not for this content");
      await this.note([record], error);
      throw error;
    }
    this.sending.delete(record.id);
    this.say();
  }

  /** @param {FieldRecord} record @param {string} status @param {any} body @param {number | null} revision */
  async park(record, status, body, revision) {
    const errors = Array.isArray(body?.errors) ? body.errors : [];
    const problem = { status, title: String(body?.title ?? ""), errors, revision, at: this.world.now() };
    return this.world.append(record.id, [{ kind: "park", problem }]);
  }

  /** @param {number} status @returns {Promise<never>} */
  async pause(status) {
    await this.world.pause(status);
    throw new Paused();
  }

  /** @param {string[]} ids */
  mark(ids) {
    this.sending = new Set(ids);
    this.say();
  }

  /** @param {string} id @param {boolean} isOnItsWay */
  markOne(id, isOnItsWay) {
    if (isOnItsWay) this.sending.add(id);
    else this.sending.delete(id);
    this.say();
  }
}

/** Success is an echo of exactly this content. @param {any} result @param {FieldRecord} record */
const echoes = (result, record) =>
  result.sha256 === record.frozen?.sha256 && Number.isInteger(result.revision) && Array.isArray(result.missing_media);
