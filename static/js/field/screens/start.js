/** Before a visit: who, where, which visitor's way, how. The last choices come first. */

import { choice, h } from "../dom.js";
import { heading } from "../frame.js";
import { getGuide, guideKey, keptBook, openGuides } from "../guides.js";
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

/** The guide was taken away since the choices were drawn. */
export class GuideGone extends Error {}

/** @type {Promise<string> | null} */
let beginning = null;

/** One tap after the other begins one visit. @param {Book} book @param {Chosen} chosen @returns {Promise<string>} The id of the visit begun. */
export function begin(book, chosen) {
  beginning ??= beginOnce(book, { ...chosen }).finally(() => { beginning = null; });
  return beginning;
}

/** @param {Book} book @param {Chosen} chosen @returns {Promise<string>} */
async function beginOnce(book, chosen) {
  const { location, method, observer, visit } = chosen;
  const guide = await getGuide(chosen.guide);
  const current = (await keptBook())?.book;
  if (!guide || !current || !openGuides(current).some((one) => guideKey(one) === chosen.guide)) throw new GuideGone();
  const record = newRecord({
    programme: book.programme.slug, journey: guide.journey, framework_version: guide.framework_version,
    guide: chosen.guide, location, method, observer, visit,
  });
  await append(record.id, [{ kind: "begin", record }]);
  const { visit: _visit, ...choices } = chosen;
  await putSetting("choices", choices);
  return record.id;
}

export const goneWords = () => gettext("This guide is not open any more. Choose again from those that are open now.");

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
  const title = gettext("Start a visit");
  return { title, nodes: [heading(title, { back: "#/" }), h("main", { class: "page narrow" }, await choicesNow(""))] };
}

/** The form with what may be chosen at this moment. @param {string} problem */
async function choicesNow(problem) {
  const kept = await keptBook();
  if (kept && openGuides(kept.book).length && kept.book.locations.length) return startForm(kept.book, problem);
  const nothing = gettext("There is nothing to observe here yet: no guide is open, or no place is given to this device.");
  return h("div", { class: "stack" }, problem ? h("p", { class: "problem", role: "alert" }, problem) : null, h("p", {}, nothing));
}

/** @param {Book} book @param {string} told */
async function startForm(book, told) {
  const chosen = await lastChoices(book);
  const records = await allRecords();
  const warnings = h("div", { class: "warnings", role: "status", "data-warnings": true });
  const draw = () => warnings.replaceChildren(...warningWords(book, chosen, records).map((words) => h("p", { class: "warning" }, words)));
  /** @param {keyof Chosen} name */
  const put = (name) => (/** @type {string} */ value) => {
    chosen[name] = value;
    draw();
  };
  const problem = h("p", { class: "problem", role: "alert" }, told);
  const send = h("button", { class: "button button-main", type: "submit" }, gettext("Begin"));
  const form = h("form", { class: "stack" },
    observerField(book, chosen, () => draw()),
    choice(gettext("Place"), book.locations.map((one) => [one.code, one.name || one.code]), chosen.location, put("location"), "location"),
    choice(gettext("Which customer"), openGuides(book).map((one) => [guideKey(one), guideWords(one)]), chosen.guide, put("guide"), "guide"),
    choice(gettext("How you observe"), onFoot(book).map((one) => [one, methodName(one)]), chosen.method, put("method"), "method"),
    warnings, problem, send);
  draw();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (send.disabled) return;
    send.disabled = true;
    void submit(form, book, chosen, problem).then((isLeft) => { send.disabled = isLeft; });
  });
  return form;
}

/** @param {HTMLFormElement} form @param {Book} book @param {Chosen} chosen @param {HTMLElement} problem */
async function submit(form, book, chosen, problem) {
  if ((book.observers?.length ?? 0) > 1 && !chosen.observer) {
    problem.textContent = gettext("Say who observes first.");
    return false;
  }
  try {
    location.hash = `#/visit/${await begin(book, chosen)}`;
    return true;
  } catch (error) {
    if (error instanceof GuideGone) {
      form.replaceWith(await choicesNow(goneWords()));
      return false;
    }
    problem.textContent = fill(gettext("NOT saved: the tablet could not keep it (%(why)s)."), { why: String(error) });
  }
  return false;
}

/** @param {Book} book @param {Chosen} chosen @param {() => void} draw */
function observerField(book, chosen, draw) {
  const people = book.observers ?? [];
  if (book.observer || !people.length) return null;
  /** @type {[string, string][]} */
  const options = people.map((one) => [one.code, one.name]);
  return choice(gettext("Who observes"), [["", gettext("Pick a name")], ...options], chosen.observer, (value) => {
    chosen.observer = value || null;
    draw();
    void putSetting("observer", value || null);
  }, "observer");
}

/** @param {import("../types.js").Guide} guide */
const guideWords = (guide) => (guide.segment ? `${guide.segment} · ${guide.name}` : guide.name);

/** What speaks against going there now: told, and never in the way. @param {Book} book @param {Chosen} chosen @param {import("../types.js").FieldRecord[]} records */
export function warningWords(book, chosen, records) {
  const place = book.locations.find((one) => one.code === chosen.location);
  // Only a mystery visitor is known by face.
  const days = chosen.method === "mystery_visit" ? Number(/** @type {{lockout_days?: number}} */ (book).lockout_days ?? 0) : 0;
  const again = lockout(records.filter((one) => one.programme === book.programme.slug), chosen.location, chosen.observer, days, Date.now());
  return [...(place ? warningsFor(place, new Date()) : []), ...(again ? [again] : [])];
}
