/**
 * The queue's engine wired to this page: its clock, calls, database and locks. Exported so that a test
 * can import this module, trigger a sending and read the states.
 */

import { Api, Unreachable } from "./api.js";
import { freeze } from "./document.js";
import { getDevice, getPause, pause, resume } from "./device.js";
import { keptBook, newlyListed, refreshGuides } from "./guides.js";
import { lockSync } from "./locks.js";
import { mirrorDrafts } from "./mirror.js";
import { allRecords, append, dropPhotos, getPhoto, purge } from "./records.js";
import { getSetting, putSetting } from "./store.js";
import { SyncEngine } from "./sync.js";
import { language } from "./words.js";

export const build = document.documentElement.dataset["build"] ?? "";
const HEARTBEAT = 60_000;
const ASK_AGAIN = 3_600_000;
/** May not, or is not in the programme: either may be given back. */
const NOT_NOW = new Set([403, 404]);
/** A device whose clock is off by more than that is told. */
export const SKEW_TOLD = 300_000;
export const state = { skew: 0, online: navigator.onLine, waiting: 0 };

/** @param {string | null} token */
export const apiOf = (token) => new Api(token, { build, language, waiting: () => state.waiting, onSkew: noteSkew });

/** @param {number} skew */
function noteSkew(skew) {
  state.skew = skew;
  state.online = true;
}

/** @returns {Promise<import("./sync.js").Account | null>} */
export async function account() {
  const [device, paused, records] = await Promise.all([getDevice(), getPause(), allRecords()]);
  state.waiting = records.filter((one) => one.state !== "received" || one.missing.length).length;
  return device && !paused ? { slug: device.programme.slug, api: apiOf(device.token) } : null;
}

/** @type {ReturnType<typeof setTimeout> | undefined} */
let waiting;

export const engine = new SyncEngine({
  account,
  records: allRecords,
  append,
  freeze: (record) => freeze(record, new Date()),
  photo: getPhoto,
  dropPhotos,
  pause: (status) => pause(status, Date.now()),
  alone: lockSync,
  after: afterwards,
  now: () => Date.now(),
  clock: () => performance.now(),
  random: () => Math.random(),
  wait(ms, run) {
    clearTimeout(waiting);
    waiting = setTimeout(run, ms);
  },
});

async function afterwards() {
  const current = await account();
  if (!current) return;
  const status = await refresh(current);
  if (status === 401 || NOT_NOW.has(status)) return void (await pause(status, Date.now()));
  await mirrorDrafts(current);
  await purge(Date.now());
  await putSetting("lastSync", Date.now());
}

/** The book anew, and what it allows again. @param {import("./sync.js").Account} account @returns {Promise<number>} */
async function refresh({ slug, api }) {
  const before = (await keptBook())?.book;
  const status = await refreshGuides(api, slug, Date.now());
  if (status !== 200) return status;
  const allowed = newlyListed(before, (await keptBook())?.book);
  const refused = (await allRecords()).filter((one) => one.programme === slug && one.state === "parked"
    && one.problem?.status === "forbidden" && allowed.has(one.location));
  for (const record of refused) await append(record.id, [{ kind: "again" }]);
  if (refused.length) void engine.drain();
  return status;
}

/** Refused for now: the right may come back without anybody touching the tablet. A device that is not known (401) is enrolled again. */
async function askAgain() {
  const [device, paused] = await Promise.all([getDevice(), getPause()]);
  if (!device || !paused || !NOT_NOW.has(paused.status)) return;
  try {
    const status = await refresh({ slug: device.programme.slug, api: apiOf(device.token) });
    if (status === 401) await pause(status, Date.now());
    if (status !== 200 && status !== 304) return;
  } catch (error) {
    if (error instanceof Unreachable) return;
    throw error;
  }
  await resume();
  engine.say();
  void engine.drain();
}

export const lastSync = () => /** @type {Promise<number | undefined>} */ (getSetting("lastSync"));

/** How many records are in which state, and what is not sent yet. */
export async function states() {
  const records = await allRecords();
  const count = (/** @type {string} */ wanted) => records.filter((one) => one.state === wanted).length;
  return {
    draft: count("draft"),
    ready: count("ready"),
    parked: count("parked"),
    received: count("received"),
    missing: records.reduce((sum, one) => sum + one.missing.length, 0),
    failures: engine.failures,
    lastError: engine.lastError,
  };
}

/** On load, when the network returns, when the page is looked at again, and every minute. */
export function keepDraining() {
  const now = () => { void engine.drain(); };
  addEventListener("online", () => {
    state.online = true;
    now();
    void askAgain();
  });
  addEventListener("offline", () => { state.online = false; engine.say(); });
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") now(); });
  // While calls fail the engine's own, longer and longer, waits decide.
  setInterval(() => { if (!engine.failures) now(); }, HEARTBEAT);
  setInterval(() => { void askAgain(); }, ASK_AGAIN);
  now();
  void askAgain();
}
