/** Visits begun and lost from here, or begun on another device of these places: the server kept a copy. */

import { button, h } from "../dom.js";
import { account, engine } from "../engine.js";
import { announce } from "../frame.js";
import { getGuide, guideKey, placeName } from "../guides.js";
import { forgetDraft, offeredDrafts, resumeDraft } from "../mirror.js";
import { allRecords } from "../records.js";
import { dayAndTime, fill, gettext, ngettext } from "../words.js";
import { once } from "./once.js";

/**
 * @typedef {import("../types.js").Book} Book
 * @typedef {import("../types.js").MirroredDraft & {device?: {id: string, name: string} | null}} Draft
 * @typedef {import("../sync.js").Account} Account
 */

/** Asked for now and then, not at every drawing. */
const ASK_AGAIN = 60_000;
/** @type {{at: number, slug: string, drafts: Draft[]}} */
let offered = { at: -ASK_AGAIN, slug: "", drafts: [] };

/** @param {Account} current @param {string} id */
async function putAway(current, id) {
  await forgetDraft(current, id);
  offered.drafts = offered.drafts.filter((draft) => draft.id !== id);
  engine.say();
}

/** @param {HTMLElement} part @param {Book | undefined} book @param {import("../types.js").Device} device */
export async function fillOffered(part, book, device) {
  const current = await account();
  if (!current || !book) return;
  if (Date.now() - offered.at > ASK_AGAIN || offered.slug !== current.slug) {
    offered = { at: Date.now(), slug: current.slug, drafts: await offeredDrafts(current) };
  }
  const known = new Set((await allRecords()).map((record) => record.id));
  const drafts = offered.drafts.filter((draft) => !known.has(draft.id));
  if (!drafts.length || !part.isConnected) return;
  part.replaceChildren(h("section", {},
    h("h2", {}, ngettext("%(n)s visit begun earlier, kept by the server", "%(n)s visits begun earlier, kept by the server", drafts.length)),
    h("p", { class: "quiet" }, gettext("Its answers can be taken back onto this tablet. Photos were not copied.")),
    h("ul", { class: "cards" }, ...drafts.map((draft) => draftCard(draft, current, book, device)))));
}

/** @param {Draft} draft @param {Account} current @param {Book} book @param {import("../types.js").Device} device */
function draftCard(draft, current, book, device) {
  const isOwn = draft.device?.id === device.id;
  const place = placeName(book, String(draft.document["location"] ?? ""));
  const guide = book.guides.find((one) => one.journey === draft.journey);
  const when = { when: dayAndTime(draft.saved_at), device: draft.device?.name ?? "" };
  const saved = isOwn
    ? fill(gettext("saved %(when)s on this tablet"), when)
    : when.device ? fill(gettext("saved %(when)s on “%(device)s”"), when) : fill(gettext("saved %(when)s"), when);
  return h("li", { class: "card", "data-earlier": draft.id },
    h("div", { class: "card-words" }, h("strong", {}, place), h("span", {}, guide?.name ?? draft.journey), h("span", { class: "quiet" }, saved),
      isOwn ? null : h("span", { class: "card-warning" }, openElsewhere(when.device))),
    // What another device began is not this one's to throw away.
    isOwn ? button("button button-quiet", () => { void putAway(current, draft.id); }, gettext("Put away")) : null,
    once("button button-main", () => takeBack(draft, current.slug), gettext("Take back")));
}

/** @param {string} device */
const openElsewhere = (device) => (device
  ? fill(gettext("It may still be open on “%(device)s”: go on in one place only, or there will be two of it."), { device })
  : gettext("It may still be open on another tablet: go on in one place only, or there will be two of it."));

/** @param {Draft} draft @param {string} slug */
async function takeBack(draft, slug) {
  if (await resumeDraft(draft, slug)) return;
  const isGone = !(await getGuide(guideKey(draft)));
  announce(isGone
    ? gettext("It can’t be taken back: the guide that it was begun with is closed. The server keeps its copy: tell a lead.")
    : gettext("This visit is on this tablet already."));
}
