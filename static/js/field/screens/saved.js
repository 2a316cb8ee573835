/** “saved on this tablet 10:42:07”: said by the transaction that holds it, and by nothing else. */

import { button, h, icon } from "../dom.js";
import { clockTime, fill, gettext } from "../words.js";

/** @param {import("../visit.js").Visit} visit */
export function savedWord(visit) {
  const word = h("div", { class: "saved", "data-saved": true });
  const draw = () => {
    const retry = () => { void visit.save(); };
    word.replaceChildren(visit.failure
      ? h("p", { class: "saved-not", role: "alert" }, h("strong", {}, gettext("NOT saved")), " ",
        button("button button-small", retry, gettext("Try again")))
      : visit.pending.length || !visit.savedAt
        ? h("p", { class: "saved-wait" }, gettext("saving…"))
        : h("p", { class: "saved-yes" }, icon("check"), fill(gettext("saved on this tablet %(time)s"), { time: clockTime(visit.savedAt) })));
  };
  visit.events.addEventListener("change", draw);
  draw();
  return word;
}
