/**
 * What stands around every screen: heading, steady banners that say the truth, one place for news.
 *
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 *
 * @typedef {object} Screen
 * @property {string} title
 * @property {Node[]} nodes
 * @property {() => void} [leave] Called before the next screen is drawn.
 * @property {boolean} [live] Whether it is drawn again when a record changes.
 * @property {number} [scroll]
 * @property {string} [focus] Selector of what gets the focus instead of the heading.
 */

import { getDevice, getPause } from "./device.js";
import { h, icon, link } from "./dom.js";
import { SKEW_TOLD, state } from "./engine.js";
import { fill, gettext, ngettext, span } from "./words.js";

/** @param {string} title @param {{over?: string, back?: string, end?: Node[], below?: Node}} [options] */
export function heading(title, { over = "", back = "", end = [], below } = {}) {
  return h("header", { class: "top" },
    back ? h("a", { class: "icon-button", href: back, "aria-label": gettext("Back") }, icon("back")) : null,
    h("div", { class: "top-words" },
      over ? h("p", { class: "over" }, over) : null,
      h("h1", { tabindex: "-1" }, title)),
    end.length ? h("div", { class: "top-end" }, end) : null, below);
}

/** What is wrong and stays wrong until somebody does something. @param {FieldRecord[]} records All of this device. */
export async function banners(records) {
  const [device, paused] = await Promise.all([getDevice(), getPause()]);
  return [
    paused ? pauseBanner(paused) : null,
    Math.abs(state.skew) > SKEW_TOLD ? skewBanner(state.skew) : null,
    device ? otherProgrammeBanner(records, device.programme.slug) : null,
  ].filter((one) => one !== null);
}

/** @param {{status: number}} paused */
function pauseBanner({ status }) {
  const why = status === 401
    ? gettext("The server does not know this device any more. Nothing is sent until a lead enrols it again; everything is kept here.")
    : gettext("This device may not send to this programme at the moment. Nothing is sent until a lead enrols it again; everything is kept here.");
  return h("div", { class: "banner banner-stop", role: "alert", "data-banner": "paused" },
    h("p", {}, h("strong", {}, gettext("Sending is paused.")), " ", why),
    link("#/enrol", "button", gettext("Enrol again")));
}

/** @param {number} skew */
function skewBanner(skew) {
  const words = skew > 0
    ? gettext("The clock of this tablet is %(span)s ahead. Set it right in the tablet’s settings; visits keep both times.")
    : gettext("The clock of this tablet is %(span)s behind. Set it right in the tablet’s settings; visits keep both times.");
  return h("div", { class: "banner", role: "status", "data-banner": "skew" }, h("p", {}, fill(words, { span: span(skew) })));
}

/** @param {FieldRecord[]} records @param {string} slug */
function otherProgrammeBanner(records, slug) {
  const others = records.filter((one) => one.programme !== slug);
  const n = others.filter((one) => one.state !== "received").length;
  const photos = others.reduce((sum, one) => sum + (one.state === "received" ? one.missing.length : 0), 0);
  if (!n && !photos) return null;
  return h("div", { class: "banner", role: "status", "data-banner": "other" },
    n ? h("p", {}, ngettext("%(n)s visit of another programme is kept here. Enrol this device there again to send it.",
      "%(n)s visits of another programme are kept here. Enrol this device there again to send them.", n)) : null,
    photos ? h("p", {}, ngettext("%(n)s photo of another programme is still to go. Enrol this device there again to send it.",
      "%(n)s photos of another programme are still to go. Enrol this device there again to send them.", photos)) : null);
}

const TOLD = "[role=alert], [data-told]";

/** What stands there as before is not called out again, though it is drawn anew. @param {ParentNode} before @param {Node[]} nodes */
export function hush(before, nodes) {
  const told = new Set([...before.querySelectorAll(TOLD)].map((one) => one.textContent));
  for (const node of nodes) {
    if (!(node instanceof Element)) continue;
    for (const one of node.querySelectorAll("[role=alert]")) {
      if (!one.textContent || !told.has(one.textContent)) continue;
      one.removeAttribute("role");
      one.setAttribute("data-told", "");
    }
  }
}

/** A small word on the network and what is kept, for the top of a screen. @param {number} kept */
export function networkWord(kept) {
  const words = kept ? ngettext("%(n)s kept on this tablet", "%(n)s kept on this tablet", kept) : "";
  if (state.online) return words ? h("span", { class: "pill pill-kept" }, words) : null;
  const short = kept ? ngettext("%(n)s kept", "%(n)s kept", kept) : "";
  return h("span", { class: "pill pill-warn" }, h("span", {}, gettext("No network")),
    kept ? h("span", { class: "pill-wide" }, ` · ${words}`) : null,
    kept ? h("span", { class: "pill-narrow" }, short) : null);
}

const NEWS = 8_000;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/** @param {string} words */
export function announce(words) {
  const region = document.getElementById("news");
  if (!region) return;
  region.textContent = words;
  clearTimeout(fading);
  fading = setTimeout(() => { region.textContent = ""; }, NEWS);
}
