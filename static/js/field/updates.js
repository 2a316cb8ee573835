/**
 * The service worker: asked for at each start. A new release waits until no visit is being edited in
 * any page, and then takes over with a reload; the queue is in the database and does not notice.
 */

import { isVisitOpen } from "./locks.js";

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
}

/** Called on the home screen: the only place where a reload loses nothing. */
export async function takeOver() {
  if (registration?.waiting && !(await isVisitOpen())) registration.waiting.postMessage("take-over");
}

export async function lookForUpdate() {
  await registration?.update().catch(() => undefined);
}
