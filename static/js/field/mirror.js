/**
 * A copy of begun visits on the server while there is a network, for a device whose data are cleared.
 * Photos are not in it.
 *
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 * @typedef {import("./types.js").MirroredDraft} MirroredDraft
 */

import { classify, Unreachable } from "./api.js";
import { isoLocal } from "./clock.js";
import { toDocument } from "./document.js";
import { getGuide, guideKey } from "./guides.js";
import { allRecords, append, getRecord } from "./records.js";
import { getSetting, putSetting } from "./store.js";
import { newRecord } from "./visit.js";

/** @typedef {{edits: number, sent: number}} Copied How many edits the server has, and the time of the last copy sent. */

const MIRRORED = "mirrored";
const SECOND = 1000;

/** @returns {Promise<Record<string, Copied>>} */
const copiedDrafts = async () => (await getSetting(MIRRORED)) ?? {};

/** @param {{slug: string, api: import("./api.js").Api}} account */
export async function mirrorDrafts({ slug, api }) {
  const drafts = (await allRecords()).filter((one) => one.state === "draft" && !one.receipt);
  const known = await copiedDrafts();
  for (const record of drafts.filter((one) => one.programme === slug && one.edits > (known[one.id]?.edits ?? 0))) {
    const saved = nextTime(record.saved_at, known[record.id]?.sent ?? 0);
    const answer = await api.call("PUT", `programmes/${slug}/drafts/${record.id}/`, { body: copyOf(record, saved) });
    const kind = classify(answer);
    // One that the server will not have keeps the others from nothing.
    if (kind === "park") continue;
    if (kind !== "ok" || answer.json?.id !== record.id) break;
    const stored = Date.parse(answer.json.saved_at) || 0;
    // Another copy stands there, of a time that this device has not come to yet: the next one is newer.
    known[record.id] = { edits: stored === saved ? record.edits : 0, sent: Math.max(saved, stored) };
    if (stored === saved) await append(record.id, [{ kind: "mirrored", at: saved }]);
  }
  const open = new Set(drafts.map((one) => one.id));
  await putSetting(MIRRORED, Object.fromEntries(Object.entries(known).filter(([id]) => open.has(id))));
}

/** In whole seconds, as it is written, and newer than the last one whatever the clock says. @param {number} saved @param {number} last */
const nextTime = (saved, last) => Math.floor(Math.max(saved, last ? last + SECOND : 0) / SECOND) * SECOND;

/** @param {FieldRecord} record @param {number} saved */
const copyOf = (record, saved) => JSON.stringify({
  id: record.id,
  saved_at: isoLocal(new Date(saved)),
  journey: record.journey,
  framework_version: record.framework_version,
  document: toDocument(record, new Date()),
  place: record.place,
});

/** Those that the server has and this device has not. @param {{slug: string, api: import("./api.js").Api}} account @returns {Promise<MirroredDraft[]>} */
export async function offeredDrafts({ slug, api }) {
  try {
    const answer = await api.call("GET", `programmes/${slug}/drafts/`);
    const drafts = classify(answer) === "ok" && Array.isArray(answer.json.drafts) ? answer.json.drafts : [];
    const known = new Set((await allRecords()).map((record) => record.id));
    return drafts.filter((/** @type {any} */ draft) => !known.has(draft.id));
  } catch (error) {
    if (error instanceof Unreachable) return [];
    throw error;
  }
}

/** Takes an offered draft back onto the device; its photos are gone. @param {MirroredDraft} draft @param {string} slug @returns {Promise<boolean>} False: its guide is not here any more. */
export async function resumeDraft(draft, slug) {
  const { document } = draft;
  const { journey, framework_version } = draft;
  const guide = guideKey({ journey, framework_version, programme: slug });
  if (!(await getGuide(guide)) || (await getRecord(draft.id))) return false;
  const record = {
    ...newRecord({
      programme: slug,
      journey,
      framework_version,
      guide,
      method: document["method"],
      location: document["location"],
      observer: document["observer"] ?? null,
      visit: document["visit"] ?? null,
    }),
    id: draft.id,
    started_at: document["started_at"] ?? document["observed_at"],
    began: Date.parse(document["started_at"] ?? document["observed_at"]),
    duration_ms: (document["duration_s"] ?? 0) * 1000,
    answers: document["answers"] ?? {},
    notes: document["notes"] ?? {},
    comment: document["comment"] ?? "",
    forked_from: document["forked_from"] ?? null,
    place: { stage: draft.place?.stage ?? 0, scroll: draft.place?.scroll ?? 0 },
    edits: 1,
  };
  await append(record.id, [{ kind: "begin", record }]);
  const sent = Date.parse(draft.saved_at) || 0;
  await putSetting(MIRRORED, { ...(await copiedDrafts()), [record.id]: { edits: record.edits, sent } });
  return true;
}

/** @param {{slug: string, api: import("./api.js").Api}} account @param {string} id */
export const forgetDraft = ({ slug, api }, id) => api.call("DELETE", `programmes/${slug}/drafts/${id}/`);
