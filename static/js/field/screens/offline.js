/** Whether the app opens without a network: so once its worker is active, and not a moment before. */

import { button, h } from "../dom.js";
import { gettext } from "../words.js";

/** @type {"waiting" | "ready" | "failed"} */
let standing = "waiting";
let say = () => {};

/** @param {typeof standing} now */
function become(now) {
  if (standing === now) return;
  standing = now;
  say();
}

/** @param {Promise<void>} started The registration. @param {() => void} changed */
export async function watchWorker(started, changed) {
  say = changed;
  try {
    await started;
    const registration = await navigator.serviceWorker?.getRegistration("/field/");
    if (registration) follow(registration);
    else become("failed");
  } catch {
    become("failed");
  }
}

/** @param {ServiceWorkerRegistration} registration */
function follow(registration) {
  const fresh = registration.installing ?? registration.waiting;
  if (registration.active) return become("ready");
  if (!fresh) return become("failed");
  fresh.addEventListener("statechange", () => {
    if (registration.active) become("ready");
    else if (fresh.state === "redundant") become("failed");
  });
}

export function offlineWord() {
  if (standing === "ready") return h("p", { class: "quiet", "data-offline": standing }, gettext("This app opens without a network."));
  if (standing === "waiting") return h("p", { class: "quiet", "data-offline": standing }, gettext("This app is being kept for use without a network…"));
  return h("div", { class: "banner", role: "alert", "data-offline": standing },
    h("p", {}, gettext("This app could not be kept on the tablet: without a network it will not open. What is observed now is kept all the same. Open it again where the network is good.")),
    button("button", () => location.reload(), gettext("Open again")));
}
