/**
 * The service worker: asked for at each start. A new release waits until no visit is being edited in
 * any page, and then takes over with a reload; the queue is in the database and does not notice.
 */

import { isVisitOpen } from "./locks.js";

const TRIES = 5;
const PAUSE = 200;
/** @type {ServiceWorkerRegistration | null} */
let registration = null;

export const isUpdateWaiting = () => Boolean(registration?.waiting);

export async function startWorker() {
  if (!("serviceWorker" in navigator)) return;
  let isControlled = navigator.serviceWorker.controller !== null;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    // The very first worker takes this page as it is.
    if (isControlled) location.reload();
    isControlled = true;
  });
  registration = await navigator.serviceWorker.register("/field/service-worker.js", { updateViaCache: "none" });
  registration.addEventListener("updatefound", () => {
    const fresh = registration?.installing;
    fresh?.addEventListener("statechange", () => { if (fresh.state === "installed") void takeOver(); });
  });
}

/** Asked for on the home screen and when a release has arrived. A lock that was just let go is still listed for a moment. */
export async function takeOver() {
  for (let attempt = 0; registration?.waiting && attempt < TRIES; attempt += 1) {
    if (!(await isVisitOpen())) return registration.waiting?.postMessage("take-over");
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

export async function lookForUpdate() {
  await registration?.update().catch(() => undefined);
}
