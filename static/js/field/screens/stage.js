/** A visit, one stage a screen; where it was left, it goes on. */

import { button, h, icon, link } from "../dom.js";
import { heading, networkWord } from "../frame.js";
import { keptBook, newerGuide, placeName, unansweredIn } from "../guides.js";
import { allRecords } from "../records.js";
import { fill, gettext, ngettext, phaseName } from "../words.js";
import { questionPart } from "./question.js";
import { savedWord } from "./saved.js";

/** @typedef {import("../visit.js").Visit} Visit */

const SCROLL_PAUSE = 400;

/** @param {Visit} visit @param {(stage: number, scroll?: number) => void} go @param {string | null} focused A question to show. @returns {Promise<import("../frame.js").Screen>} */
export async function stageScreen(visit, go, focused) {
  const { stages } = visit.guide;
  const index = Math.min(visit.record.place.stage, stages.length - 1);
  const stage = stages[index];
  if (!stage) throw new Error("a guide without stages");
  const book = (await keptBook())?.book;
  const place = placeName(book, visit.record.location);
  const kept = (await allRecords()).filter((one) => one.state !== "received").length;
  const over = fill(gettext("%(phase)s · stage %(n)s of %(all)s · %(place)s"), {
    phase: phaseName(stage.phase), n: index + 1, all: stages.length, place,
  });
  const jump = jumpList(visit, index, go);
  const open = button("icon-button", () => jump.showModal(), icon("list"), h("span", { class: "visually-hidden" }, gettext("All stages")));
  const end = [networkWord(kept), open].filter((one) => one !== null);
  const main = h("main", { class: "page questions" },
    newerGuide(book, visit.record) ? h("p", { class: "quiet", "data-newer-guide": true },
      gettext("A newer guide exists. This visit goes on with the one it was begun with.")) : null,
    ...stage.interactions.map((question, number) => questionPart(visit, question, number)));
  const stop = followScroll(visit);
  return {
    title: stage.name,
    nodes: [heading(stage.name, { over, end, below: progress(visit) }), main, bottom(visit, index, go), jump],
    leave: stop,
    scroll: visit.record.place.scroll,
    ...(focused ? { focus: `[data-question="${CSS.escape(focused)}"]` } : {}),
  };
}

/** @param {Visit} visit */
function progress(visit) {
  const all = visit.guide.stages.reduce((sum, stage) => sum + stage.interactions.length, 0);
  const bar = h("progress", { class: "progress", max: all, "aria-label": gettext("Answered"), "data-progress": true });
  const draw = () => {
    const open = visit.guide.stages.reduce((sum, stage) => sum + unansweredIn(stage, visit.record.answers), 0);
    bar.value = all - open;
  };
  visit.events.addEventListener("change", draw);
  draw();
  return bar;
}

/** @param {Visit} visit @param {number} index @param {(stage: number) => void} go */
function bottom(visit, index, go) {
  const { stages } = visit.guide;
  const [before, stage, after] = [stages[index - 1], stages[index], stages[index + 1]];
  const left = h("p", { class: "left-over", "data-unanswered": true });
  const draw = () => {
    const n = stage ? unansweredIn(stage, visit.record.answers) : 0;
    left.textContent = n ? ngettext("%(n)s unanswered", "%(n)s unanswered", n) : "";
  };
  visit.events.addEventListener("change", draw);
  draw();
  return h("nav", { class: "bottom", "aria-label": gettext("Stages") },
    before
      ? button("button", () => go(index - 1), icon("back"), h("span", {}, before.name))
      : link("#/", "button", icon("back"), h("span", {}, gettext("Visits"))),
    h("div", { class: "bottom-words" }, savedWord(visit), left),
    after
      ? button("button button-main", () => go(index + 1), h("span", {}, after.name), icon("next"))
      : link(`#/visit/${visit.record.id}/summary`, "button button-main", h("span", {}, gettext("Summary")), icon("next")));
}

/** @param {Visit} visit @param {number} index @param {(stage: number) => void} go */
function jumpList(visit, index, go) {
  const dialog = h("dialog", { class: "jump", "aria-label": gettext("All stages") });
  const rows = visit.guide.stages.map((stage, number) => h("li", {}, button("jump-row", () => { dialog.close(); go(number); },
    h("span", { class: "over" }, phaseName(stage.phase)), h("strong", {}, stage.name), leftIn(visit, stage))));
  rows[index]?.querySelector("button")?.setAttribute("aria-current", "step");
  dialog.append(
    h("ol", { class: "jump-list" }, ...rows),
    h("div", { class: "jump-end" },
      link("#/", "button", gettext("Leave, and go on later")),
      link(`#/visit/${visit.record.id}/summary`, "button", gettext("Summary")),
      button("button", () => dialog.close(), gettext("Close"))));
  return dialog;
}

/** What a stage still lacks, as it is now. @param {Visit} visit @param {import("../types.js").Stage} stage */
function leftIn(visit, stage) {
  const words = h("span", { class: "quiet" });
  const draw = () => {
    const open = unansweredIn(stage, visit.record.answers);
    words.textContent = open ? ngettext("%(n)s unanswered", "%(n)s unanswered", open) : gettext("complete");
  };
  visit.events.addEventListener("change", draw);
  draw();
  return words;
}

/** Keeps where the page was scrolled to. @param {Visit} visit */
function followScroll(visit) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const keep = () => {
    const place = { stage: visit.record.place.stage, scroll: Math.round(scrollY) };
    if (place.scroll !== visit.record.place.scroll) void visit.change({ kind: "place", place });
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(keep, SCROLL_PAUSE);
  };
  addEventListener("scroll", later, { passive: true });
  document.addEventListener("visibilitychange", keep);
  return () => {
    clearTimeout(timer);
    removeEventListener("scroll", later);
    document.removeEventListener("visibilitychange", keep);
  };
}
