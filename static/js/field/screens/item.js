/** One visit in the queue: what happened to it, in words, and what can be done. */

import { button, h, icon, link } from "../dom.js";
import { account, engine } from "../engine.js";
import { banners, heading } from "../frame.js";
import { getGuide, keptBook, placeName, questionsOf } from "../guides.js";
import { forgetDraft } from "../mirror.js";
import { allRecords, append, getRecord, removeRecord } from "../records.js";
import { fork, photosElsewhere } from "../visit.js";
import { once } from "./once.js";
import { clockTime, dayAndTime, failureWords, fill, gettext, methodName, ngettext } from "../words.js";
import { reasonWords, standingName, standingOf } from "./queue.js";

/**
 * @typedef {import("../types.js").FieldRecord} FieldRecord
 * @typedef {import("../types.js").Guide} Guide
 */

/** @param {string} id @returns {Promise<import("../frame.js").Screen>} */
export async function itemScreen(id) {
  const record = await getRecord(id);
  const title = gettext("A visit");
  if (!record) return { title, nodes: [heading(title, { back: "#/" }), h("main", { class: "page narrow" }, h("p", {}, gettext("This visit is not on this tablet.")))] };
  const [guide, kept] = await Promise.all([getGuide(record.guide), keptBook()]);
  const place = placeName(kept?.book, record.location);
  const standing = standingOf(record, engine.sending);
  const main = h("main", { class: "page narrow" },
    ...(await banners(await allRecords())),
    h("p", {}, h("span", { class: `standing standing-${standing ?? "draft"}`, "data-state": record.state }, standing ? standingName(standing) : gettext("Not finished"))),
    facts(record, guide),
    record.problem ? problemPart(record, guide) : null,
    await choices(record));
  return { title, live: true, nodes: [heading(place, { over: guide?.name ?? record.journey, back: "#/" }), main] };
}

/** @param {FieldRecord} record @param {Guide | undefined} guide */
function facts(record, guide) {
  const all = guide ? questionsOf(guide).length : 0;
  const rows = [
    [gettext("Begun"), dayAndTime(record.began)],
    [gettext("How"), methodName(record.method)],
    [gettext("Observer"), record.observer ?? "–"],
    [gettext("Answered"), `${Object.keys(record.answers).length} / ${all}`],
    [gettext("Photos"), photoWords(record)],
    [gettext("Last saved here"), clockTime(record.saved_at)],
    [gettext("On the server"), record.receipt?.sha256 ? fill(gettext("version %(n)s, received %(when)s"), { n: record.receipt.revision, when: dayAndTime(record.receipt.at) }) : gettext("not yet")],
    ...(record.attempts ? [[gettext("Tries"), String(record.attempts)]] : []),
    ...(record.lastError ? [[gettext("Last try"), failureWords(record.lastError)]] : []),
  ];
  return h("dl", { class: "facts" }, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name ?? ""), h("dd", {}, value ?? ""))));
}

/** @param {FieldRecord} record */
const photoWords = (record) =>
  [String(record.media.length), record.missing.length ? ngettext("%(n)s photo to go", "%(n)s photos to go", record.missing.length) : ""]
    .filter(Boolean).join(" · ");

/** @param {string} status */
function problemTitle(status) {
  const titles = {
    conflict: gettext("The server already has this visit with other answers. Yours are kept beside it, for a lead to decide; you may also decide here."),
    withdrawn: gettext("This visit was withdrawn on the server."),
    quarantined: gettext("The server could not accept this visit. It keeps a copy with the reasons."),
    forbidden: gettext("The server does not let this device send this visit."),
    "photo-lost": gettext("A photo is not on this tablet any more and did not reach the server."),
    413: gettext("This is too large for the server."),
    409: gettext("The server already has this visit with other answers."),
    410: gettext("This visit was withdrawn on the server."),
    404: gettext("The server does not know where to put this."),
  };
  return /** @type {Record<string, string>} */ (titles)[status] ?? gettext("The server could not accept this visit.");
}

/** @param {FieldRecord} record @param {Guide | undefined} guide */
function problemPart(record, guide) {
  const { problem } = record;
  if (!problem) return null;
  return h("section", { class: "reasons", "data-problem": problem.status },
    h("h2", {}, problemTitle(problem.status)),
    h("ul", {}, ...problem.errors.map((error) => h("li", {}, reason(record, guide, error.path), " ", reasonWords(error.path)))),
    h("details", {}, h("summary", {}, gettext("In the server’s words")),
      h("ul", {}, h("li", {}, problem.title), ...problem.errors.map(({ path, detail }) => h("li", {}, path, " ", detail)))));
}

/** The place of a reason in words, as a link where it is a question. @param {FieldRecord} record @param {Guide | undefined} guide @param {string} path */
function reason(record, guide, path) {
  const [, field = "", key = ""] = path.split("/");
  const named = field === "media" ? record.media[Number(key)]?.interaction ?? "" : key;
  const question = guide && questionsOf(guide).find((one) => one.key === named);
  if (question) return link(`#/visit/${record.id}/q/${encodeURIComponent(question.key)}`, "", question.statement);
  const names = {
    location: gettext("Place"), method: gettext("How you observe"), journey: gettext("Guide"), framework_version: gettext("Guide"),
    observer: gettext("Who observes"), observed_at: gettext("Time of the visit"), comment: gettext("Anything else worth telling"), media: gettext("Photos"), id: gettext("The visit"),
  };
  return h("strong", {}, `${/** @type {Record<string, string>} */ (names)[field] ?? field}`);
}

/** @param {FieldRecord} record */
async function choices(record) {
  const { id, state, problem } = record;
  const isTold = problem !== null && problem.revision !== null && (problem.status === "conflict" || problem.status === "409");
  const again = async (/** @type {import("../types.js").Change} */ change) => {
    await append(id, [change]);
    await engine.drain();
  };
  const edit = state === "draft" ? gettext("Go on") : state === "received" ? gettext("Correct it") : gettext("Change the answers");
  return h("div", { class: "choices" },
    link(`#/visit/${id}`, "button button-main", icon("note"), edit),
    state === "parked" ? once("button", () => again({ kind: "again" }), gettext("Send again as it is")) : null,
    isTold ? once("button", () => again({ kind: "rebase", revision: problem.revision ?? 1 }), gettext("Replace what the server has by mine")) : null,
    problem && ["conflict", "withdrawn", "409", "410"].includes(problem.status) ? await apart(record) : null,
    state === "parked" || state === "draft" ? removal(record) : null);
}

/** The copy goes on; the original has been decided about. What can't come along is said before. @param {FieldRecord} record */
async function apart(record) {
  const behind = await photosElsewhere(record);
  return h("div", { class: "apart" },
    once("button", () => forkOf(record), gettext("Send mine as a visit of its own")),
    behind ? h("p", { class: "problem", "data-behind": behind }, ngettext(
      "%(n)s photo is not on this tablet any more and stays behind: the new visit goes without it.",
      "%(n)s photos are not on this tablet any more and stay behind: the new visit goes without them.", behind)) : null);
}

/** @param {FieldRecord} record */
async function forkOf(record) {
  const copy = await fork(record.id, { instead: true });
  if (copy) location.hash = `#/item/${copy}`;
  await engine.drain();
  return true;
}

/** Only by two taps, the second of which says what is lost. @param {FieldRecord} record */
function removal(record) {
  const part = h("div", { class: "removal" });
  const ask = () => part.replaceChildren(
    h("p", { class: "problem" }, gettext("This removes the answers and photos from this tablet for good.")),
    button("button button-danger", () => { void remove(record); }, gettext("Remove for good")));
  part.append(button("button button-quiet", ask, icon("trash"), gettext("Remove from this tablet")));
  return part;
}

/** @param {FieldRecord} record */
async function remove(record) {
  const current = await account();
  await removeRecord(record.id);
  location.hash = "#/";
  if (current && record.state === "draft") await forgetDraft(current, record.id).catch(() => undefined);
}
