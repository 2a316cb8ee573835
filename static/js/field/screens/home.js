/** What there is to do, what is begun, and where everything stands, in plain words. */

import { choice, h, icon, link } from "../dom.js";
import { engine, state } from "../engine.js";
import { banners, heading, networkWord } from "../frame.js";
import { getGuide, keptBook, placeName, questionsOf } from "../guides.js";
import { allRecords } from "../records.js";
import { putSetting } from "../store.js";
import { dayAndTime, fill, gettext } from "../words.js";
import { currentObserver } from "./start.js";
import { installHint, persistenceWord } from "./keeping.js";
import { offlineWord } from "./offline.js";
import { fillOffered } from "./offered.js";
import { plannedPart } from "./planned.js";
import { queuePart } from "./queue.js";

/**
 * @typedef {import("../types.js").Book} Book
 * @typedef {import("../types.js").FieldRecord} FieldRecord
 */

/** @param {import("../types.js").Device} device @returns {Promise<import("../frame.js").Screen>} */
export async function homeScreen(device) {
  const [kept, records] = await Promise.all([keptBook(), allRecords()]);
  const book = kept?.book.programme.slug === device.programme.slug ? kept.book : undefined;
  const waiting = records.filter((one) => one.state !== "received").length;
  const settings = h("a", { class: "icon-button", href: "#/settings", "aria-label": gettext("Settings") }, icon("settings"));
  const end = [networkWord(waiting), settings].filter((one) => one !== null);
  const title = gettext("Visits");
  const earlier = h("div", { "data-offered": true });
  const main = h("main", { class: "page home" },
    ...(await banners(records)), await whoPart(book),
    await plannedPart(book, records, kept?.fetched_at ?? 0), startPart(book), await draftsPart(records, book), earlier,
    queuePart(records, engine.sending, (code) => placeName(book, code)), offlineWord(), await persistenceWord(), installHint());
  void fillOffered(earlier, book, device);
  return { title, live: true, nodes: [heading(title, { over: `${device.programme.name} · ${device.name}`, end }), main] };
}

/** On a shared tablet the person picks a name; it is sealed in each visit when that begins. @param {Book | undefined} book */
async function whoPart(book) {
  const people = book?.observers ?? [];
  if (!book || people.length < 2) return null;
  /** @type {[string, string][]} */
  const options = people.map((one) => [one.code, one.name]);
  const save = (/** @type {string} */ code) => {
    void putSetting("observer", code || null).then(() => engine.say());
  };
  return choice(gettext("Who observes"), [["", gettext("Pick a name")], ...options], await currentObserver(book), save, "observer");
}

/** @param {Book | undefined} book */
function startPart(book) {
  if (!book) {
    return h("p", { class: "quiet" }, state.online
      ? gettext("The guides are being fetched.")
      : gettext("The guides have not been fetched yet: this needs the network, once."));
  }
  return h("p", {}, link("#/start", "button button-wide", gettext("Start a visit that is not planned"), icon("next")));
}

/** @param {FieldRecord[]} records @param {Book | undefined} book */
async function draftsPart(records, book) {
  const drafts = records.filter((one) => one.state === "draft");
  if (!drafts.length) return null;
  const cards = await Promise.all(drafts.map((record) => draftCard(record, book)));
  return h("section", {}, h("h2", {}, gettext("Begun, not finished")), h("ul", { class: "cards" }, ...cards));
}

/** @param {FieldRecord} record @param {Book | undefined} book */
async function draftCard(record, book) {
  const guide = await getGuide(record.guide);
  const all = guide ? questionsOf(guide).length : 0;
  const place = placeName(book, record.location);
  const words = fill(gettext("%(answered)s of %(all)s answered · begun %(when)s"), {
    answered: Object.keys(record.answers).length, all, when: dayAndTime(record.began),
  });
  return h("li", { class: "card", "data-draft": record.id },
    h("div", { class: "card-words" }, h("strong", {}, place), h("span", {}, guide?.name ?? record.journey), h("span", { class: "quiet" }, words)),
    link(`#/item/${record.id}`, "button button-quiet", gettext("Details")),
    link(`#/visit/${record.id}`, "button button-main", gettext("Go on")));
}
