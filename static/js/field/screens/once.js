/** A button for what must happen once: it rests from the first tap on, and comes back if that has not led on. */

import { button } from "../dom.js";
import { announce } from "../frame.js";
import { fill, gettext } from "../words.js";

/** @param {string} className @param {() => Promise<unknown>} work True: the screen is being left. @param {...import("../dom.js").Child} children */
export function once(className, work, ...children) {
  const made = button(className, async () => {
    made.disabled = true;
    let isLeft = false;
    try {
      isLeft = (await work()) === true;
    } catch (error) {
      announce(fill(gettext("NOT saved: the tablet could not keep it (%(why)s)."), { why: String(error) }));
    } finally {
      made.disabled = isLeft;
    }
  }, ...children);
  return made;
}
