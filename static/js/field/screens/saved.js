/** “saved on this tablet 10:42:07”: said by the transaction that holds it, and by nothing else. */

import { button, h, icon } from "../dom.js";
import { clockTime, fill, gettext } from "../words.js";

/** @param {import("../visit.js").Visit} visit */
export function savedWord(visit) {
  const word = h("div", { class: "saved", "data-saved": true });
  const retry = () => { void visit.save(); };
  let shown = "";
  const draw = () => {
    const time = clockTime(visit.savedAt);
    const isBusy = visit.pending.length > 0 || visit.running.size > 0 || !visit.savedAt;
    const now = visit.failure ? "not" : isBusy ? "wait" : time;
    // Said once, not at each change after it.
    if (now === shown) return;
    shown = now;
    word.replaceChildren(now === "not"
      ? h("p", { class: "saved-not", role: "alert" }, h("strong", {}, gettext("NOT saved")), " ",
        button("button button-small", retry, gettext("Try again")))
      : now === "wait"
        ? h("p", { class: "saved-wait" }, gettext("saving…"))
        : h("p", { class: "saved-yes" }, icon("check"), fill(gettext("saved on this tablet %(time)s"), { time })));
  };
  visit.events.addEventListener("change", draw);
  draw();
  return word;
}
