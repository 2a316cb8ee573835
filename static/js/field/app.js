/** The field app: opens the database, draws the screen that the address names, keeps the queue draining. */

import { getDevice } from "./device.js";
import { button, h, link } from "./dom.js";
import { engine, keepDraining } from "./engine.js";
import { announce, heading, hush } from "./frame.js";
import { changes } from "./records.js";
import { askToPersist } from "./screens/keeping.js";
import { enrolScreen } from "./screens/enrol.js";
import { homeScreen } from "./screens/home.js";
import { itemScreen } from "./screens/item.js";
import { once } from "./screens/once.js";
import { watchWorker } from "./screens/offline.js";
import { settingsScreen } from "./screens/settings.js";
import { stageScreen } from "./screens/stage.js";
import { startScreen } from "./screens/start.js";
import { summaryScreen } from "./screens/summary.js";
import { canKeep, getSetting } from "./store.js";
import { startWorker, takeOver } from "./updates.js";
import { fork, Visit } from "./visit.js";
import { gettext, useLanguage } from "./words.js";

/** @typedef {import("./frame.js").Screen} Screen */

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const news = h("p", { id: "news", role: "status", class: "news" });
/** @type {Screen | null} */
let shown = null;
/** @type {Visit | null} */
let visit = null;
let drawing = Promise.resolve();

/** @param {string[]} path @returns {Promise<Screen>} */
async function screenOf(path) {
  const device = await getDevice();
  const [name = "", id = "", ...rest] = path;
  if (await isUnsaved(name === "visit" ? id : "")) return visitScreen(visit?.record.id ?? "", []);
  if (name !== "visit") await closeVisit();
  if (name === "enrol" || !device) return enrolScreen(id || null);
  if (name === "visit") return visitScreen(id, rest);
  if (name === "start") return startScreen();
  if (name === "item") return itemScreen(id);
  if (name === "settings") return settingsScreen(() => { void draw(); });
  if (name === "done") announce(gettext("Finished, and kept on this tablet. It goes to the server by itself."));
  void takeOver();
  return homeScreen(device);
}

/** What could not be written is in this page only: the visit is not left before it is. @param {string} next The visit to be shown next, if any. */
async function isUnsaved(next) {
  if (!visit?.lock || visit.record.id === next) return false;
  if (visit.running.size) announce(gettext("A photo is still being kept."));
  await visit.settle();
  if (!visit.failure) return false;
  history.replaceState(null, "", `#/visit/${visit.record.id}`);
  return true;
}

/** @param {string} id @param {string[]} rest @returns {Promise<Screen>} */
async function visitScreen(id, rest) {
  if (visit?.record.id !== id) await openVisit(id);
  if (!visit) return missingScreen();
  if (!visit.lock) return lockedScreen(visit);
  const [what, which = ""] = rest;
  if (what === "summary") return summaryScreen(visit);
  if (what === "stage") await visit.change({ kind: "place", place: { stage: Number(which), scroll: 0 } });
  const key = what === "q" ? decodeURIComponent(which) : null;
  const index = key === null ? -1 : visit.guide.stages.findIndex((stage) => stage.interactions.some((one) => one.key === key));
  if (index >= 0) void visit.change({ kind: "place", place: { stage: index, scroll: 0 } });
  return stageScreen(visit, goToStage, index >= 0 ? key : null);
}

/** @param {number} stage */
function goToStage(stage) {
  void visit?.change({ kind: "place", place: { stage, scroll: 0 } });
  const address = `#/visit/${visit?.record.id}`;
  if (location.hash !== address) history.replaceState(null, "", address);
  void draw();
}

/** @param {string} id @param {{steal?: boolean}} [options] */
async function openVisit(id, options) {
  await closeVisit();
  visit = await Visit.open(id, options);
  const opened = visit;
  let isTold = false;
  opened?.events.addEventListener("change", () => {
    if (!opened.taken || isTold || visit !== opened) return;
    isTold = true;
    void draw();
  });
}

async function closeVisit() {
  await visit?.close();
  visit = null;
}

/** @returns {Screen} */
function missingScreen() {
  const title = gettext("A visit");
  return { title, nodes: [heading(title, { back: "#/" }), h("main", { class: "page narrow" }, h("p", {}, gettext("This visit is not on this tablet.")))] };
}

/** Two pages never write to one visit. @param {Visit} other @returns {Screen} */
function lockedScreen(other) {
  const title = gettext("Open in another page");
  const { record } = other;
  const take = async () => {
    await openVisit(record.id, { steal: true });
    await draw();
  };
  const copy = async () => {
    const made = await fork(record.id);
    if (made) location.hash = `#/visit/${made}`;
    return made !== null;
  };
  return {
    title,
    nodes: [heading(title, { back: "#/" }), h("main", { class: "page narrow stack" },
      h("p", { role: "alert" }, other.taken
        ? gettext("This visit goes on in another page of this tablet. Nothing more is written from here.")
        : gettext("This visit is open in another page of this tablet. Only one of them may write.")),
      button("button button-main", () => { void take(); }, gettext("Go on here instead")),
      once("button", copy, gettext("Make a separate copy")),
      link("#/", "button button-quiet", gettext("Back to the visits")))],
  };
}

/** `#/visit/ID/summary` and the QR's `#enrol=CODE`. */
function pathOf(/** @type {string} */ hash) {
  const code = /^#enrol=(.+)$/.exec(hash)?.[1];
  if (code === undefined) return hash.replace(/^#\/?/, "").split("/");
  // Used once: neither a reload nor the history shows it again.
  history.replaceState(null, "", "#/enrol");
  return ["enrol", decodeURIComponent(code)];
}

/** Settled while no finger is on the screen: what is drawn anew under a finger swallows its tap. */
let lifted = Promise.resolve();
const LONGEST_PRESS = 1_500;

function watchFingers() {
  addEventListener("pointerdown", () => {
    lifted = new Promise((resolve) => {
      // The click comes with the lifting: the drawing after it.
      const done = () => setTimeout(resolve);
      addEventListener("pointerup", done, { once: true });
      addEventListener("pointercancel", done, { once: true });
      setTimeout(resolve, LONGEST_PRESS);
    });
  }, { capture: true });
}

/** Between two drawings of the same screen: of the page's time, drawing takes a fifth at most. */
const SHORTEST_PAUSE = 50;
const LONGEST_PAUSE = 1_000;
const SHARE = 4;

/** One drawing after the other. @param {boolean} [again] The same screen with new figures: nothing moves. */
function draw(again = false) {
  drawing = drawing.then(() => drawNow(again)).catch(tell);
  return drawing;
}

/** @param {boolean} again */
async function drawNow(again) {
  // An open list of choices would close under the finger.
  if (again && (!shown?.live || isChoosing(document.activeElement))) return;
  if (!again) news.textContent = "";
  const screen = await screenOf(pathOf(location.hash));
  if (again) await lifted;
  shown?.leave?.();
  shown = screen;
  document.title = `${screen.title} · cxplan`;
  const [position, open, held] = [scrollY, openDetails(), document.activeElement];
  if (again) hush(root, screen.nodes);
  root.replaceChildren(...screen.nodes, news);
  root.setAttribute("aria-busy", "false");
  if (again) {
    reopen(open);
    if (held && held !== document.body) refocus(held);
    scrollTo(0, position);
    return;
  }
  const target = screen.focus ? root.querySelector(screen.focus) : root.querySelector("h1");
  if (target instanceof HTMLElement) target.focus({ preventScroll: !screen.focus });
  if (screen.focus) target?.scrollIntoView({ block: "center" });
  else scrollTo(0, screen.scroll ?? 0);
}

/** @param {Element | null} held */
const isChoosing = (held) => held instanceof HTMLSelectElement && held.dataset["chosen"] === undefined;

/** What a person has in hand stays in hand: the same control of the new drawing. @param {Element} held */
function refocus(held) {
  const key = (/** @type {Element} */ one) => one.getAttribute("href") ?? one.getAttribute("name") ?? one.textContent;
  const same = [...root.querySelectorAll(held.tagName)].find((one) => key(one) === key(held));
  if (same instanceof HTMLElement) same.focus({ preventScroll: true });
}

const openDetails = () => new Map([...root.querySelectorAll("details")].map((one) => [one.dataset["standing"], one.open]));

/** @param {Map<string | undefined, boolean>} open */
function reopen(open) {
  for (const one of root.querySelectorAll("details")) one.open = open.get(one.dataset["standing"]) ?? one.open;
}

/** @param {unknown} error */
function tell(error) {
  root.replaceChildren(h("main", { class: "page narrow" }, h("h1", {}, gettext("Something went wrong")),
    h("p", {}, gettext("Nothing that was saved is lost. Open the app again.")), h("p", { class: "quiet" }, String(error)),
    button("button", () => location.reload(), gettext("Open again"))));
  root.setAttribute("aria-busy", "false");
}

async function refuse() {
  await useLanguage(document.documentElement.lang);
  const title = gettext("This window keeps nothing");
  root.replaceChildren(heading(title), h("main", { class: "page narrow" },
    h("p", { role: "alert" }, gettext("A private window, or a browser that refuses storage, can’t keep observations. Nothing can be observed offline here: open this address in an ordinary window, or record the visit on the programme’s pages with a network.")),
    h("p", {}, h("a", { class: "button", href: "/programmes/" }, gettext("To the programme’s pages")))));
  root.setAttribute("aria-busy", "false");
}

async function start() {
  if (!(await canKeep())) return refuse();
  const chosen = await getSetting("language");
  const device = await getDevice();
  await useLanguage(chosen ?? device?.programme.language ?? document.documentElement.lang);
  addEventListener("hashchange", () => { void draw(); });
  watchFingers();
  addEventListener("beforeunload", (event) => { if (visit?.failure || visit?.running.size) event.preventDefault(); });
  // Several changes at once are one drawing; of a long queue each takes longer, and they are fewer.
  let isAsked = false;
  let took = 0;
  const later = () => {
    if (isAsked) return;
    isAsked = true;
    setTimeout(async () => {
      isAsked = false;
      const began = performance.now();
      await draw(true);
      took = performance.now() - began;
    }, Math.min(LONGEST_PAUSE, Math.max(SHORTEST_PAUSE, took * SHARE)));
  };
  changes.addEventListener("change", later);
  engine.events.addEventListener("change", later);
  await draw();
  keepDraining();
  void askToPersist();
  void watchWorker(startWorker(), engine.say.bind(engine));
}

start().catch(tell);
