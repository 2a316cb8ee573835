/** The visits that are asked for: where, until when, how many are done, and what speaks against going now. */

import { isoDay } from "../clock.js";
import { h } from "../dom.js";
import { engine } from "../engine.js";
import { announce } from "../frame.js";
import { guideKey, openGuides, placeName } from "../guides.js";
import { dayName, fill, gettext, methodName, ngettext } from "../words.js";
import { once } from "./once.js";
import { begin, currentObserver, goneWords, GuideGone, warningWords } from "./start.js";

/**
 * @typedef {import("../types.js").Book} Book
 * @typedef {import("../types.js").FieldRecord} FieldRecord
 * @typedef {import("../types.js").Visit} Planned
 */

/** So long a missed visit is still shown. */
const OVERDUE_DAYS = 7;

/** @param {Book | undefined} book @param {FieldRecord[]} records @param {number} fetchedAt */
export async function plannedPart(book, records, fetchedAt) {
  if (!book) return null;
  const observer = await currentObserver(book);
  const oldest = isoDay(new Date(Date.now() - OVERDUE_DAYS * 86_400_000));
  const visits = book.visits.filter((one) =>
    one.to >= oldest && one.done < one.quota && (one.observer === null || observer === null || one.observer === observer));
  if (!visits.length) return null;
  return h("section", {}, h("h2", {}, gettext("Planned")), h("ul", { class: "cards" },
    ...visits.map((visit) => plannedCard(book, visit, visit.observer ?? observer, records, fetchedAt))));
}

/** Finished here and not in the server's count of that time. @param {Planned} visit @param {FieldRecord[]} records @param {number} fetchedAt */
const doneHere = (visit, records, fetchedAt) => records.filter((one) =>
  one.visit === visit.id && (one.receipt ? one.receipt.at > fetchedAt : one.state === "ready" || one.state === "parked")).length;

/** @param {Book} book @param {Planned} visit @param {string | null} observer @param {FieldRecord[]} records @param {number} fetchedAt */
function plannedCard(book, visit, observer, records, fetchedAt) {
  const guide = openGuides(book).find((one) => one.journey === visit.journey);
  const here = doneHere(visit, records, fetchedAt);
  const isDone = visit.done + here >= visit.quota;
  const chosen = { location: visit.location, guide: guide ? guideKey(guide) : "", method: visit.method, observer, visit: visit.id };
  const warnings = isDone ? [] : warningWords(book, chosen, records);
  return h("li", { class: "card", "data-planned": visit.id },
    h("div", { class: "card-words" },
      h("strong", {}, placeName(book, visit.location)),
      h("span", {}, [guide?.segment, guide?.name ?? visit.journey].filter(Boolean).join(" · ")),
      h("span", { class: "quiet" }, [methodName(visit.method), daysOf(visit), doneWords(visit, here)].join(" · ")),
      !isDone && visit.to < isoDay() ? h("span", { class: "card-warning", "data-overdue": true }, fill(gettext("Overdue since %(day)s."), { day: dayName(visit.to) })) : null,
      ...warnings.map((words) => h("span", { class: "card-warning" }, words)),
      visit.note ? h("span", { class: "quiet" }, visit.note) : null),
    action(book, visit, chosen, isDone));
}

/** @param {Planned} visit */
const daysOf = (visit) => fill(gettext("from %(from)s to %(to)s"), { from: dayName(visit.from), to: dayName(visit.to) });

/** @param {Planned} visit @param {number} here */
const doneWords = ({ done, quota }, here) =>
  [fill(gettext("%(done)s of %(quota)s done"), { done: done + here, quota }),
    here ? ngettext("%(n)s of them only on this tablet", "%(n)s of them only on this tablet", here) : ""].filter(Boolean).join(", ");

/** @param {Book} book @param {Planned} visit @param {import("./start.js").Chosen} chosen @param {boolean} isDone */
function action(book, visit, chosen, isDone) {
  if (isDone) return h("span", { class: "quiet" }, gettext("Done; it goes to the server by itself."));
  if (!chosen.guide) return h("span", { class: "quiet" }, gettext("Its guide is not open."));
  return once("button button-main", () => go(book, visit, chosen), gettext("Begin"));
}

/** @param {Book} book @param {Planned} visit @param {import("./start.js").Chosen} chosen @returns {Promise<boolean>} */
async function go(book, visit, chosen) {
  const observer = visit.observer ?? (await currentObserver(book));
  if (!observer && (book.observers?.length ?? 0) > 1) {
    document.querySelector("select")?.focus();
    return false;
  }
  try {
    location.hash = `#/visit/${await begin(book, { ...chosen, observer })}`;
    return true;
  } catch (error) {
    if (!(error instanceof GuideGone)) throw error;
    announce(goneWords());
    engine.say();
    return false;
  }
}
