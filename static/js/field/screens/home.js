/** What there is to do, what is begun, and where everything stands, in plain words. */

import { button, choice, h, icon, link } from "../dom.js";
import { account, engine, state } from "../engine.js";
import { banners, heading, networkWord } from "../frame.js";
import { getGuide, guideKey, keptBook, openGuides, placeName, questionsOf } from "../guides.js";
import { forgetDraft, offeredDrafts, resumeDraft } from "../mirror.js";
import { allRecords } from "../records.js";
import { putSetting } from "../store.js";
import { isoDay } from "../clock.js";
import { dayAndTime, dayName, fill, gettext, methodName, ngettext } from "../words.js";
import { begin, currentObserver } from "./start.js";
import { installHint, persistenceWord } from "./keeping.js";
import { queuePart } from "./queue.js";

/**
 * @typedef {import("../types.js").Book} Book
 * @typedef {import("../types.js").FieldRecord} FieldRecord
 */

/** Asked for now and then, not at every drawing. */
const ASK_AGAIN = 60_000;
/** @type {{at: number, drafts: import("../types.js").MirroredDraft[]}} */
let offered = { at: -ASK_AGAIN, drafts: [] };

/** @param {import("../sync.js").Account} current @param {string} id */
async function putAway(current, id) {
  await forgetDraft(current, id);
  offered.drafts = offered.drafts.filter((draft) => draft.id !== id);
  engine.say();
}

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
    ...(await banners()), await whoPart(book),
    await plannedPart(book), startPart(book), await draftsPart(records, book), earlier,
    queuePart(records, engine.sending, (code) => placeName(book, code)), await persistenceWord(), installHint());
  void fillOffered(earlier, book);
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
async function plannedPart(book) {
  const observer = book ? await currentObserver(book) : null;
  const today = isoDay();
  const visits = (book?.visits ?? []).filter((one) =>
    one.to >= today && one.done < one.quota && (one.observer === null || observer === null || one.observer === observer));
  if (!book || !visits.length) return null;
  return h("section", {}, h("h2", {}, gettext("Planned")), h("ul", { class: "cards" },
    ...visits.map((visit) => plannedCard(book, visit))));
}

/** @param {Book} book @param {import("../types.js").Visit} visit */
function plannedCard(book, visit) {
  const guide = openGuides(book).find((one) => one.journey === visit.journey);
  const place = placeName(book, visit.location);
  const days = fill(gettext("from %(from)s to %(to)s"), { from: dayName(visit.from), to: dayName(visit.to) });
  const done = fill(gettext("%(done)s of %(quota)s done"), { done: visit.done, quota: visit.quota });
  const go = async () => {
    if (!guide) return;
    const who = visit.observer ?? (await currentObserver(book));
    if (!who && (book.observers?.length ?? 0) > 1) {
      document.querySelector("select")?.focus();
      return;
    }
    const id = await begin(book, { location: visit.location, guide: guideKey(guide), method: visit.method, observer: who, visit: visit.id });
    location.hash = `#/visit/${id}`;
  };
  return h("li", { class: "card", "data-planned": visit.id },
    h("div", { class: "card-words" },
      h("strong", {}, place), h("span", {}, [guide?.segment, guide?.name ?? visit.journey].filter(Boolean).join(" · ")),
      h("span", { class: "quiet" }, [methodName(visit.method), days, done].join(" · ")), visit.note ? h("span", { class: "quiet" }, visit.note) : null),
    guide ? button("button button-main", () => { void go(); }, gettext("Begin")) : h("span", { class: "quiet" }, gettext("Its guide is not open.")));
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

/** Begun on this device and lost from it: the server kept a copy. @param {HTMLElement} part @param {Book | undefined} book */
async function fillOffered(part, book) {
  const current = await account();
  if (current && book && Date.now() - offered.at > ASK_AGAIN) offered = { at: Date.now(), drafts: await offeredDrafts(current) };
  const known = new Set((await allRecords()).map((record) => record.id));
  const drafts = offered.drafts.filter((draft) => !known.has(draft.id));
  if (!current || !drafts.length || !part.isConnected) return;
  part.replaceChildren(h("section", {},
    h("h2", {}, ngettext("%(n)s visit begun earlier, kept by the server", "%(n)s visits begun earlier, kept by the server", drafts.length)),
    h("p", { class: "quiet" }, gettext("Its answers can be taken back onto this tablet. Photos were not copied.")),
    h("ul", { class: "cards" }, ...drafts.map((draft) => h("li", { class: "card" },
      h("div", { class: "card-words" }, h("strong", {}, dayAndTime(draft.saved_at)), h("span", {}, placeName(book, String(draft.document["location"] ?? "")))),
      button("button button-quiet", () => { void putAway(current, draft.id); }, gettext("Put away")),
      button("button button-main", () => { void resumeDraft(draft, current.slug); }, gettext("Take back")))))));
}
