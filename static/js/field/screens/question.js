/** One question of a stage: its levels as big buttons, not applicable, not seen, a note, photos. */

import { button, h, icon } from "../dom.js";
import { announce } from "../frame.js";
import { hasRoom, NoPicture, takePhoto } from "../photos.js";
import { getPhoto } from "../records.js";
import { fill, gettext } from "../words.js";
import { reasonWords } from "./queue.js";

/**
 * @typedef {import("../visit.js").Visit} Visit
 * @typedef {import("../types.js").Question} Question
 * @typedef {import("../types.js").Answer} Answer
 */

const NOTE_PAUSE = 250;
const MAX_NOTE = 2000;

/** @param {Visit} visit @param {Question} question @param {number} number */
export function questionPart(visit, question, number) {
  const title = `question-${number}`;
  const part = h("section", { class: "question", "data-question": question.key, "aria-labelledby": title, tabindex: "-1" });
  const problem = problemOf(visit, question.key);
  part.append(
    h("h2", { id: title }, question.statement),
    ...(problem ? [h("p", { class: "problem" }, problem)] : []),
    answers(visit, question, title),
    notePart(visit, question, title),
    photoPart(visit, question.key),
  );
  return part;
}

/** What the server said of this question. @param {Visit} visit @param {string} key */
function problemOf(visit, key) {
  const found = visit.record.problem?.errors.find((one) => one.path === `/answers/${key}` || one.path === `/notes/${key}`);
  return found && reasonWords(found.path);
}

/** @param {Visit} visit @param {Question} question @param {string} title */
function answers(visit, question, title) {
  /** @type {[Answer, string, string][]} */
  const levels = question.levels.map((level) => [level.points, level.label, "level"]);
  /** @type {HTMLButtonElement[]} */
  const all = [];
  /** @param {[Answer, string, string]} choice */
  const make = ([answer, words, className]) => {
    const made = button(className, () => {
      const isTaken = visit.record.answers[question.key] === answer;
      void visit.change({ kind: "answer", key: question.key, answer: isTaken ? null : answer });
      mark();
    }, icon("check"), h("span", {}, words));
    made.dataset["answer"] = String(answer);
    all.push(made);
    return made;
  };
  const mark = () => {
    for (const one of all) {
      one.setAttribute("aria-pressed", String(String(visit.record.answers[question.key] ?? "") === one.dataset["answer"]));
    }
  };
  const big = h("div", { class: `levels levels-${Math.min(levels.length, 4)}`, role: "group", "aria-labelledby": title }, ...levels.map(make));
  const small = h("div", { class: "chips" },
    make(["NA", gettext("Not applicable"), "chip"]),
    make(["NO", gettext("Not seen"), "chip"]),
    h("span", { class: "chips-space" }),
    button("chip chip-note", () => openNote(title), icon("note"), gettext("Note")),
    photoButton(visit, question.key));
  mark();
  return h("div", {}, big, small);
}

/** @param {string} title */
function openNote(title) {
  const area = document.getElementById(`${title}-note`);
  const label = area?.closest("label");
  if (label) label.hidden = false;
  area?.focus();
}

/** @param {Visit} visit @param {Question} question @param {string} title */
function notePart(visit, question, title) {
  const text = visit.record.notes[question.key] ?? "";
  const area = h("textarea", { id: `${title}-note`, rows: 2, maxlength: MAX_NOTE, "data-note": question.key });
  area.value = text;
  saveTyping(visit, area, (value) => visit.change({ kind: "note", key: question.key, text: value }));
  return h("label", { class: "field note", hidden: !text }, h("span", {}, gettext("Note")), area);
}

/**
 * Typing is written in small pauses, and at once when the field, the page or the visit is left.
 *
 * @param {Visit} visit @param {HTMLTextAreaElement} area @param {(value: string) => Promise<boolean>} save
 */
export function saveTyping(visit, area, save) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let written = area.value;
  const now = () => {
    clearTimeout(timer);
    if (!area.isConnected) visit.typing.delete(now);
    if (area.value === written) return;
    written = area.value;
    const isOurs = visit.lock !== null;
    void save(written).then(() => { if (!isOurs) announce(gettext("The last words typed are NOT kept: the visit goes on in another page.")); });
  };
  area.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(now, NOTE_PAUSE);
  });
  area.addEventListener("change", now);
  area.addEventListener("blur", now);
  visit.typing.add(now);
  document.addEventListener("visibilitychange", function leave() {
    if (area.isConnected) now();
    else document.removeEventListener("visibilitychange", leave);
  });
}

// --- photos ---------------------------------------------------------------------------------------

/** @param {Visit} visit @param {string} key */
function photoButton(visit, key) {
  const input = h("input", { type: "file", accept: "image/*", capture: "environment", class: "visually-hidden", "data-photo": key });
  let room = true;
  void hasRoom().then((has) => { room = has; });
  input.addEventListener("click", (event) => {
    if (room) return;
    event.preventDefault();
    announce(gettext("There is no room for photos on this tablet. The answers are kept."));
  });
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) void visit.await(add(visit, key, file)).finally(() => { input.value = ""; });
  });
  return h("label", { class: "chip" }, input, icon("photo"), gettext("Photo"));
}

/** @param {Visit} visit @param {string} key @param {File} file */
async function add(visit, key, file) {
  try {
    const { item, stored } = await takePhoto(file, visit.record.id, key);
    const isKept = await visit.change({ kind: "photo", item }, stored);
    announce(photoNews(visit, item.id, isKept));
  } catch (error) {
    if (!(error instanceof NoPicture)) throw error;
    announce(gettext("This is no picture that the tablet can read: it is not kept."));
  }
  redrawPhotos(visit, key);
}

/** @param {Visit} visit @param {string} id @param {boolean} isKept */
function photoNews(visit, id, isKept) {
  if (visit.refused.includes(id)) return gettext("There was no room for this photo: it is not kept. The answers are.");
  if (isKept) return gettext("Photo kept.");
  return visit.lock
    ? gettext("The photo is NOT saved yet.")
    : gettext("The photo is NOT kept: the visit goes on in another page. Take it again there.");
}

/** @param {Visit} visit @param {string} key */
function redrawPhotos(visit, key) {
  const old = document.querySelector(`[data-photos="${CSS.escape(key)}"]`);
  old?.replaceWith(photoPart(visit, key));
}

/** @param {Visit} visit @param {string} key */
function photoPart(visit, key) {
  const items = visit.record.media.filter((item) => item.interaction === key);
  return h("ul", { class: "photos", "data-photos": key, hidden: !items.length },
    ...items.map((item, index) => h("li", {}, picture(visit, item.id, index + 1),
      button("photo-remove", () => {
        void visit.change({ kind: "remove-photo", id: item.id });
        redrawPhotos(visit, key);
      }, icon("trash"), h("span", { class: "visually-hidden" }, fill(gettext("Remove photo %(n)s"), { n: index + 1 }))))));
}

/** @param {Visit} visit @param {string} id @param {number} number */
function picture(visit, id, number) {
  const image = h("img", { alt: fill(gettext("Photo %(n)s"), { n: number }), width: 96, height: 96 });
  const waiting = visit.pending.find((one) => one.photo?.id === id)?.photo;
  void Promise.resolve(waiting ?? getPhoto(id)).then((stored) => {
    if (!stored) {
      image.replaceWith(h("span", { class: "photo-away" }, gettext("On the server")));
      return;
    }
    const address = URL.createObjectURL(new Blob([stored.bytes], { type: stored.type }));
    image.addEventListener("load", () => URL.revokeObjectURL(address));
    image.src = address;
  });
  return image;
}
