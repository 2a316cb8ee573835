/** The device is made known once, by the code that a lead shows as QR or reads out. */

import { Unreachable } from "../api.js";
import { enrol, getDevice, tidyCode } from "../device.js";
import { h } from "../dom.js";
import { apiOf, engine } from "../engine.js";
import { heading } from "../frame.js";
import { gettext } from "../words.js";

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
  const words = device
    ? gettext("A lead of the programme makes a new code for this device. Everything kept here is sent afterwards.")
    : gettext("A lead of the programme makes a code for this device: scan it with the camera, or type it here. Afterwards everything works without a network.");
  if (code) void submit(input, send, problem);
  const back = device ? { back: "#/" } : {};
  return {
    title: gettext("Enrol this device"),
    nodes: [heading(gettext("Enrol this device"), back), h("main", { class: "page narrow" }, h("p", {}, words), form)],
  };
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
