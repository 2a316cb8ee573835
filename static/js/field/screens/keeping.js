/** Whether the browser promises to keep what is here, and how to make it promise. */

import { h } from "../dom.js";
import { fill, gettext, megabytes } from "../words.js";

/** @type {any} Chromium's offer to install, kept until a button takes it up. */
let offer = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
});

const isInstalled = () => matchMedia("(display-mode: standalone)").matches || Boolean(/** @type {any} */ (navigator).standalone);
const isApple = () => /iPad|iPhone|Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1;

export const askToPersist = async () => (await navigator.storage?.persist?.()) ?? false;

export async function persistenceWord() {
  const isPersisted = (await navigator.storage?.persisted?.()) ?? false;
  const words = isPersisted
    ? gettext("This tablet has promised to keep what is here.")
    : gettext("The browser may clear what is here when the tablet runs out of room: send soon, and install this app.");
  return h("p", { class: "quiet keeping", "data-persisted": String(isPersisted) }, words);
}

export function installHint() {
  if (isInstalled()) return null;
  if (isApple()) {
    return h("p", { class: "hint" }, gettext("Install this app: tap the Share button, then “Add to Home Screen”, and open it from there. Otherwise the tablet clears it after seven days without a visit."));
  }
  const button = h("button", { type: "button", class: "button", hidden: offer === null }, gettext("Install this app"));
  button.addEventListener("click", () => { void offer?.prompt(); });
  return h("div", { class: "hint" }, h("p", {}, gettext("Install this app from the browser’s menu: it then opens like any other.")), button);
}

/** @returns {Promise<string>} */
export async function storageWord() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return fill(gettext("%(used)s used of %(all)s"), { used: megabytes(usage), all: megabytes(quota) });
}
