/** Before finishing: what is unanswered, stage by stage, and a word on the whole. */

import { button, h, icon, link } from "../dom.js";
import { engine } from "../engine.js";
import { announce, heading } from "../frame.js";
import { unansweredIn } from "../guides.js";
import { fill, gettext, ngettext, phaseName } from "../words.js";
import { saveTyping } from "./question.js";
import { savedWord } from "./saved.js";

/** @typedef {import("../visit.js").Visit} Visit */

const MAX_COMMENT = 5000;

/** @param {Visit} visit @returns {import("../frame.js").Screen} */
export function summaryScreen(visit) {
  const { stages } = visit.guide;
  const open = stages.reduce((sum, stage) => sum + unansweredIn(stage, visit.record.answers), 0);
  const title = gettext("Summary");
  const words = open
    ? ngettext("%(n)s question has no answer. It can be sent like that.", "%(n)s questions have no answer. It can be sent like that.", open)
    : gettext("Every question has an answer.");
  const next = stages.flatMap((stage) => stage.interactions).find((one) => !(one.key in visit.record.answers));
  const address = `#/visit/${visit.record.id}`;
  const last = stages.length - 1;
  const main = h("main", { class: "page narrow" },
    h("p", { "data-summary": open }, words),
    next ? link(`${address}/q/${encodeURIComponent(next.key)}`, "button", gettext("Go to the next unanswered question"), icon("next")) : null,
    stageRows(visit, address), commentField(visit));
  const back = link(`${address}/stage/${last}`, "button", icon("back"), h("span", {}, stages[last]?.name ?? ""));
  const finish = button("button button-main", () => { void finishVisit(visit); }, icon("check"), gettext("Finish"));
  return {
    title,
    nodes: [heading(title), main, h("nav", { class: "bottom", "aria-label": gettext("Stages") }, back, h("div", { class: "bottom-words" }, savedWord(visit)), finish)],
  };
}

/** @param {Visit} visit @param {string} address */
function stageRows(visit, address) {
  return h("ul", { class: "rows" }, ...visit.guide.stages.map((stage, index) => {
    const open = unansweredIn(stage, visit.record.answers);
    const words = open ? ngettext("%(n)s unanswered", "%(n)s unanswered", open) : gettext("complete");
    return h("li", {}, link(`${address}/stage/${index}`, "row",
      h("span", { class: "over" }, phaseName(stage.phase)), h("strong", {}, stage.name),
      h("span", { class: open ? "row-state row-open" : "row-state" }, words)));
  }));
}

/** @param {Visit} visit */
function commentField(visit) {
  const area = h("textarea", { rows: 4, maxlength: MAX_COMMENT, name: "comment" });
  area.value = visit.record.comment;
  saveTyping(visit, area, (text) => visit.change({ kind: "comment", text }));
  return h("label", { class: "field" }, h("span", {}, gettext("Anything else worth telling")), area);
}

/** Tapped twice it finishes once: what is finished is no draft any more. @param {Visit} visit */
async function finishVisit(visit) {
  if (visit.running.size) announce(gettext("A photo is still being kept; the visit is finished with it."));
  const lost = await visit.finish();
  if (lost !== null) {
    const item = visit.record.media.find((one) => one.id === lost);
    const question = visit.guide.stages.flatMap((stage) => stage.interactions).find((one) => one.key === item?.interaction);
    announce(fill(gettext("A photo of “%(question)s” can’t be read any more: remove it or take it again, then finish."), { question: question?.statement ?? "" }));
    return;
  }
  // Without the lock another page has it, and there it is not finished.
  if (visit.failure || !visit.lock) return;
  // In the place of the summary: going back looks at what was there before the visit's end, and changes nothing.
  location.replace(`#/done/${visit.record.id}`);
  void engine.drain();
}
