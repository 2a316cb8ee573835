/**
 * What a change does to a record: values in, a new value out. Everything that ever happens to a record,
 * new or reopened, typed or answered by the server, is one of these, and goes through `append` in records.js.
 *
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 * @typedef {import("./types.js").Change} Change
 */

/** @type {Record<string, (record: any, change: any) => Partial<FieldRecord>>} */
const EFFECTS = {
  answer: (record, { key, answer }) => edited(record, { answers: withKey(record.answers, key, answer) }),
  note: (record, { key, text }) => edited(record, { notes: withKey(record.notes, key, text || null) }),
  comment: (record, { text }) => edited(record, { comment: text }),
  photo: (record, { item }) => edited(record, { media: [...record.media, item] }),
  "remove-photo": (record, { id }) =>
    edited(record, { media: record.media.filter((/** @type {any} */ item) => item.id !== id) }),
  place: (_record, { place }) => ({ place }),
  spent: (record, { ms }) => ({ duration_ms: record.duration_ms + ms }),
  finish: (record) => ({
    state: unchanged(record) ? "received" : "ready",
    problem: null,
    lastError: null,
    attempts: 0,
    frozen: stillSending(record),
  }),
  reopen: (record) => ({ state: "draft", frozen: stillSending(record) }),
  freeze: (_record, { frozen }) => ({ frozen }),
  receipt: (record, { sha256, revision, missing, at }) => ({
    receipt: { sha256, revision, at, edits: record.frozen?.edits ?? record.edits },
    state: record.state === "ready" && record.frozen?.edits === record.edits ? "received" : record.state,
    frozen: null,
    missing,
    doubt: false,
    problem: null,
    attempts: 0,
    lastError: null,
  }),
  media: (_record, { missing }) => ({ missing, doubt: false, attempts: 0, lastError: null }),
  doubt: (_record, { doubt }) => ({ doubt }),
  // A draft stays one: its earlier content was refused, and the next sending takes its place.
  park: (record, { problem }) => ({
    problem,
    state: record.state === "draft" ? "draft" : "parked",
    frozen: record.state === "draft" ? null : record.frozen,
  }),
  again: (record) => ({ state: isKnown(record) ? "received" : "ready", problem: null, attempts: 0, lastError: null }),
  // The person chose to put their content over what stands on the server.
  rebase: (record, { revision }) => ({
    state: "ready",
    problem: null,
    frozen: null,
    receipt: { sha256: "", revision, at: record.saved_at, edits: -1 },
  }),
  failed: (record, { why, counts }) => ({ attempts: record.attempts + Number(counts), lastError: why }),
  mirrored: (_record, { at }) => ({ mirrored_at: at }),
};

/** Changes that are the engine's notes, not the person's work. */
const SILENT = new Set(["mirrored", "failed", "doubt", "media", "freeze"]);

/** @param {FieldRecord} record @param {Partial<FieldRecord>} what @returns {Partial<FieldRecord>} */
const edited = (record, what) => ({ ...what, edits: record.edits + 1 });

/** Reopened and closed again without a change: what the server has is still what it is. @param {FieldRecord} record */
const unchanged = (record) => !record.problem && isKnown(record);

/** @param {FieldRecord} record */
const isKnown = (record) => !record.frozen && record.receipt?.edits === record.edits;

/** What was sent and not answered goes on being sent; what was refused does not. @param {FieldRecord} record */
const stillSending = (record) => (record.problem ? null : record.frozen);

/** @template T @param {Record<string, T>} all @param {string} key @param {T | null} value @returns {Record<string, T>} */
function withKey(all, key, value) {
  const { [key]: _old, ...others } = all;
  return value === null ? others : { ...others, [key]: value };
}

/** @param {FieldRecord | null} record @param {Change} change @param {number} at @returns {FieldRecord} */
export function apply(record, change, at) {
  if (change.kind === "begin") return { ...change.record, saved_at: at };
  if (!record) throw new Error(`${change.kind}: there is no such record`);
  const effect = EFFECTS[change.kind];
  if (!effect) throw new Error(`${change.kind}: no such change`);
  const saved_at = SILENT.has(change.kind) ? record.saved_at : at;
  return { ...record, ...effect(record, { ...change, at }), saved_at };
}
