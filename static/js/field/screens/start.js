/** Before a visit: who, where, which visitor's way, how. The last choices come first. */

import { choice, h } from "../dom.js";
import { heading } from "../frame.js";
import { guideKey, keptBook, openGuides } from "../guides.js";
import { lockout, warningsFor } from "../places.js";
import { allRecords, append } from "../records.js";
import { getSetting, putSetting } from "../store.js";
import { newRecord } from "../visit.js";
import { fill, gettext, methodName } from "../words.js";

/**
 * @typedef {import("../types.js").Book} Book
 * @typedef {{location: string, guide: string, method: string, observer: string | null, visit: string | null}} Chosen
 */

/** @param {Book} book @returns {Promise<string | null>} */
export async function currentObserver(book) {
  if (book.observer) return book.observer;
  const code = await getSetting("observer");
  const all = book.observers ?? [];
  return all.some((one) => one.code === code) ? code : all.length === 1 ? all[0]?.code ?? null : null;
}

/** @param {Book} book @param {Chosen} chosen @returns {Promise<string>} The id of the visit begun. */
export async function begin(book, chosen) {
  const guide = book.guides.find((one) => guideKey(one) === chosen.guide);
  if (!guide) throw new Error("no such guide");
  const { location, method, observer, visit } = chosen;
  const record = newRecord({
    programme: book.programme.slug, journey: guide.journey, framework_version: guide.framework_version,
    guide: chosen.guide, location, method, observer, visit,
  });
  await append(record.id, [{ kind: "begin", record }]);
  const { visit: _visit, ...choices } = chosen;
  await putSetting("choices", choices);
  return record.id;
}

/** What is read from data, and not observed by somebody who is there, comes in by import. */
const FROM_DATA = new Set(["web_analytics", "verbatim", "social_listening", "survey"]);

/** @param {Book} book */
const onFoot = (book) => book.methods.filter((method) => !FROM_DATA.has(method));

/** @template T @param {T[]} all @param {(one: T) => boolean} isLast @returns {T | undefined} */
const lastOrFirst = (all, isLast) => all.find(isLast) ?? all[0];

/** @param {Book} book @returns {Promise<Chosen>} */
async function lastChoices(book) {
  const last = (await getSetting("choices")) ?? {};
  const guide = lastOrFirst(openGuides(book), (one) => guideKey(one) === last.guide || one.journey === last.guide?.split("@")[0]);
  return {
    location: lastOrFirst(book.locations, (one) => one.code === last.location)?.code ?? "",
    guide: guide ? guideKey(guide) : "",
    method: lastOrFirst(onFoot(book), (one) => one === last.method) ?? "",
    observer: await currentObserver(book),
    visit: null,
  };
}

/** @returns {Promise<import("../frame.js").Screen>} */
export async function startScreen() {
  const kept = await keptBook();
  const title = gettext("Start a visit");
  const top = heading(title, { back: "#/" });
  if (!kept || !openGuides(kept.book).length || !kept.book.locations.length) {
    return { title, nodes: [top, h("main", { class: "page narrow" }, h("p", {}, gettext("There is nothing to observe here yet: no guide is open, or no place is given to this device.")))] };
  }
  const form = await startForm(kept.book);
  return { title, nodes: [top, h("main", { class: "page narrow" }, form)] };
}

/** @param {Book} book */
async function startForm(book) {
  const chosen = await lastChoices(book);
  const records = await allRecords();
  const warnings = h("div", { class: "warnings", role: "status", "data-warnings": true });
  const draw = () => warnings.replaceChildren(...warningWords(book, chosen, records).map((words) => h("p", { class: "warning" }, words)));
  /** @param {keyof Chosen} name */
  const put = (name) => (/** @type {string} */ value) => {
    chosen[name] = value;
    draw();
  };
  const problem = h("p", { class: "problem", role: "alert" });
  const form = h("form", { class: "stack" },
    observerField(book, chosen),
    choice(gettext("Place"), book.locations.map((one) => [one.code, one.name || one.code]), chosen.location, put("location"), "location"),
    choice(gettext("Which customer"), openGuides(book).map((one) => [guideKey(one), guideWords(one)]), chosen.guide, put("guide"), "guide"),
    choice(gettext("How you observe"), onFoot(book).map((one) => [one, methodName(one)]), chosen.method, put("method"), "method"),
    warnings, problem,
    h("button", { class: "button button-main", type: "submit" }, gettext("Begin")));
  draw();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit(book, chosen, problem);
  });
  return form;
}

/** @param {Book} book @param {Chosen} chosen @param {HTMLElement} problem */
async function submit(book, chosen, problem) {
  if ((book.observers?.length ?? 0) > 1 && !chosen.observer) {
    problem.textContent = gettext("Say who observes first.");
    return;
  }
  try {
    location.hash = `#/visit/${await begin(book, chosen)}`;
  } catch (error) {
    problem.textContent = fill(gettext("NOT saved: the tablet could not keep it (%(why)s)."), { why: String(error) });
  }
}

/** @param {Book} book @param {Chosen} chosen */
function observerField(book, chosen) {
  const people = book.observers ?? [];
  if (book.observer || !people.length) return null;
  /** @type {[string, string][]} */
  const options = people.map((one) => [one.code, one.name]);
  return choice(gettext("Who observes"), [["", gettext("Pick a name")], ...options], chosen.observer, (value) => {
    chosen.observer = value || null;
    void putSetting("observer", value || null);
  }, "observer");
}

/** @param {import("../types.js").Guide} guide */
const guideWords = (guide) => (guide.segment ? `${guide.segment} · ${guide.name}` : guide.name);

/** @param {Book} book @param {Chosen} chosen @param {import("../types.js").FieldRecord[]} records */
function warningWords(book, chosen, records) {
  const place = book.locations.find((one) => one.code === chosen.location);
  const days = Number(/** @type {any} */ (book).lockout_days ?? 0);
  const again = lockout(records, chosen.location, chosen.observer, days, Date.now());
  return [...(place ? warningsFor(place, new Date()) : []), ...(again ? [again] : [])];
}

