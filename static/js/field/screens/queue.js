/** Where each finished visit stands: on this tablet, sending, on the server, needs you. */

import { button, h, link } from "../dom.js";
import { engine } from "../engine.js";
import { clockTime, dayAndTime, failureWords, fill, gettext, ngettext, span } from "../words.js";

/**
 * @typedef {import("../types.js").FieldRecord} FieldRecord
 * @typedef {"tablet" | "sending" | "server" | "you"} Standing
 */

/** @param {FieldRecord} record @param {Set<string>} sending @returns {Standing | null} Null: still being filled in. */
export function standingOf(record, sending) {
  if (record.state === "parked") return "you";
  if (record.state === "draft") return null;
  if (sending.has(record.id)) return "sending";
  if (record.state === "received") return record.missing.length ? "sending" : "server";
  return "tablet";
}

/** @param {Standing} standing */
export const standingName = (standing) => ({
  you: gettext("Needs you"),
  tablet: gettext("On this tablet"),
  sending: gettext("Sending"),
  server: gettext("On the server"),
})[standing];

/** Of a long list the newest: who looks for an older one asks for more. */
const PAGE = 30;
/** @type {Map<Standing, number>} How many are shown of each, where more were asked for. */
const shown = new Map();

/** @param {FieldRecord[]} records @param {Set<string>} sending @param {(location: string) => string} placeOf */
export function queuePart(records, sending, placeOf) {
  /** @type {Record<Standing, FieldRecord[]>} */
  const by = { you: [], tablet: [], sending: [], server: [] };
  for (const record of records) {
    const standing = standingOf(record, sending);
    if (standing) by[standing].push(record);
  }
  const order = /** @type {const} */ (["you", "tablet", "sending", "server"]);
  return h("section", { class: "queue" },
    h("h2", {}, gettext("Where the visits are")),
    oldest(by.tablet.concat(by.you)),
    ...order.map((standing) => group(standing, by[standing], placeOf)),
    by.tablet.length ? button("button", () => { void engine.drain(); }, gettext("Send now")) : null);
}

/** @param {FieldRecord[]} unsent */
function oldest(unsent) {
  const first = Math.min(...unsent.map((one) => one.began));
  if (!Number.isFinite(first)) return null;
  const wait = Date.now() - first;
  const late = wait > 86_400_000;
  const tried = engine.failures ? fill(gettext("Last try: %(why)s."), { why: failureWords(engine.lastError ?? "") }) : "";
  return h("p", { class: late ? "problem" : "quiet", "data-oldest": true },
    fill(gettext("The oldest that is not sent has been here for %(span)s."), { span: span(wait) }), " ", tried);
}

/** @param {Standing} standing @param {FieldRecord[]} records @param {(location: string) => string} placeOf */
function group(standing, records, placeOf) {
  const head = h("span", { class: `standing standing-${standing}` }, standingName(standing), " ", h("b", {}, records.length));
  if (!records.length) return h("p", { class: "standing-none", "data-standing": standing, "data-count": 0 }, head);
  const page = shown.get(standing) ?? PAGE;
  const latest = records.slice(-page).reverse();
  return h("details", { open: standing === "you" || standing === "tablet", "data-standing": standing, "data-count": records.length },
    h("summary", {}, head),
    h("ul", { class: "rows" }, ...latest.map((record) => h("li", {}, link(`#/item/${record.id}`, "row",
      h("strong", {}, placeOf(record.location)), h("span", { class: "quiet" }, dayAndTime(record.began)),
      h("span", { class: "row-state" }, stateWords(record)))))),
    more(standing, page, records.length - latest.length));
}

/** @param {Standing} standing @param {number} page @param {number} left */
function more(standing, page, left) {
  if (!left) return null;
  const show = () => {
    shown.set(standing, page + PAGE);
    engine.say();
  };
  return button("button button-quiet", show,
    ngettext("Show more: %(n)s older visit", "Show more: %(n)s older visits", left));
}

/** A reason of the server in the words of whoever observes. @param {string} path */
export function reasonWords(path) {
  const words = {
    answers: gettext("This answer is not one that the server takes for this question: choose again."),
    notes: gettext("This note was not accepted: shorten or remove it."),
    media: gettext("This photo was not accepted: remove it, or take it again."),
    location: gettext("This place is not one of those of this device."),
    framework_version: gettext("The guide of this visit is not open on the server."),
    journey: gettext("The guide of this visit is not known on the server."),
    method: gettext("This way of observing is not taken here."),
  };
  return /** @type {Record<string, string>} */ (words)[path.split("/")[1] ?? ""] ?? "";
}

/** @param {FieldRecord} record */
export function stateWords(record) {
  if (record.problem) return gettext("not accepted");
  if (record.state === "received" && record.receipt && !record.missing.length) {
    return fill(gettext("received %(time)s"), { time: clockTime(record.receipt.at) });
  }
  if (record.receipt && record.missing.length) return ngettext("%(n)s photo to go", "%(n)s photos to go", record.missing.length);
  return record.lastError ? gettext("will be tried again") : gettext("waiting");
}
