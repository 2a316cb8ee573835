/** The device is made known once, by the code that a lead shows as QR or reads out. */

import { Unreachable } from "../api.js";
import { enrol, getDevice, tidyCode } from "../device.js";
import { h } from "../dom.js";
import { apiOf, engine } from "../engine.js";
import { heading } from "../frame.js";
import { allRecords } from "../records.js";
import { fill, gettext, ngettext } from "../words.js";

/** @param {string | null} code From the QR's fragment. @returns {Promise<import("../frame.js").Screen>} */
export async function enrolScreen(code) {
  const device = await getDevice();
  const problem = h("p", { class: "problem", id: "code-problem", role: "alert" });
  const input = h("input", {
    name: "code", required: true, autocomplete: "off", autocapitalize: "characters", spellcheck: "false",
    placeholder: "XXXX-XXXX", "aria-describedby": "code-problem", value: code ? tidyCode(code) : "",
  });
  const send = h("button", { class: "button button-main", type: "submit" }, gettext("Enrol this device"));
  const form = h("form", { class: "stack" },
    h("label", { class: "field" }, h("span", {}, gettext("Code")), input), problem, send);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void submit(input, send, problem);
  });
  const words = device && code ? askWords(device) : device
    ? gettext("A lead of the programme makes a new code for this device. Everything kept here is sent afterwards.")
    : gettext("A lead of the programme makes a code for this device: scan it with the camera, or type it here. Afterwards the app says when it works without a network.");
  // A link must not take an enrolled device elsewhere: that is a tap of whoever holds it.
  if (code && !device) void submit(input, send, problem);
  const back = device ? { back: "#/" } : {};
  return {
    title: gettext("Enrol this device"),
    nodes: [heading(gettext("Enrol this device"), back), h("main", { class: "page narrow" }, h("p", {}, words), device && code ? await pendingPart(device) : null, form)],
  };
}

/** @param {import("../types.js").Device} device */
const askWords = ({ name, programme }) =>
  fill(gettext("This device is enrolled in %(programme)s as %(name)s. Enrol it with this code instead? Only if a lead of the programme gave it to you just now."), { programme: programme.name, name });

/** What would stay behind, should the code be another programme's. @param {import("../types.js").Device} device */
async function pendingPart({ programme }) {
  const n = (await allRecords()).filter((one) => one.programme === programme.slug && (one.state !== "received" || one.missing.length)).length;
  if (!n) return null;
  return h("p", { class: "problem", "data-pending": n }, ngettext(
    "%(n)s visit of this programme is not on the server yet. If the code is another programme’s, it stays here, unsent, until this device is enrolled in this programme again.",
    "%(n)s visits of this programme are not on the server yet. If the code is another programme’s, they stay here, unsent, until this device is enrolled in this programme again.", n));
}

/** @param {HTMLInputElement} input @param {HTMLButtonElement} send @param {HTMLElement} problem */
async function submit(input, send, problem) {
  send.disabled = true;
  problem.textContent = "";
  try {
    const refusal = await enrol(apiOf(null), input.value);
    if (refusal === null) {
      location.hash = "#/";
      await engine.drain();
      return;
    }
    problem.textContent = refusal;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    problem.textContent = gettext("There is no network: enrolling needs it, once.");
  }
  send.disabled = false;
  input.setAttribute("aria-invalid", "true");
  input.focus();
}
