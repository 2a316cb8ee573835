/**
 * Keeps the app's own files for offline, and nothing else: no call of the API ever passes through here,
 * and the queue is not its business. A release is taken whole or not at all: each file must have the
 * digest that the server listed in front of this script (`SHELL`).
 *
 * @typedef {{build: string, page: string, files: Record<string, string>}} Shell
 */

/** @type {any} The types of a worker's scope and of a page's don't go together. */
const scope = self;
/** @type {Shell} */
const shell = scope.SHELL;
const PREFIX = "cxplan-field-";
const CACHE = PREFIX + shell.build;

/** @param {string} address @param {string} digest */
async function fetchFile(address, digest) {
  const answer = await fetch(address, { cache: "reload", integrity: digest, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer;
}

/** The page carries its build, so that a page of another release is not taken. */
async function fetchPage() {
  const answer = await fetch(shell.page, { cache: "reload", credentials: "omit" });
  const text = await answer.clone().text();
  if (!answer.ok || !text.includes(`data-build="${shell.build}"`)) throw new Error("the page is of another release");
  return answer;
}

async function install() {
  const cache = await caches.open(CACHE);
  const files = Object.entries(shell.files).map(async ([address, digest]) => {
    await cache.put(address, await fetchFile(address, digest));
  });
  await Promise.all([...files, fetchPage().then((page) => cache.put(shell.page, page))]);
}

async function removeOthers() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  await Promise.all(names.map((name) => caches.delete(name)));
  await scope.clients.claim();
}

/** @param {Request} request @returns {string | null} The address under which it is kept, if it is. */
function keptAddress(request) {
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== scope.location.origin) return null;
  if (request.mode === "navigate" && address.pathname === shell.page) return shell.page;
  return address.pathname in shell.files ? address.pathname : null;
}

/** @param {Request} request @param {string} address */
async function answerFromCache(request, address) {
  const cache = await caches.open(CACHE);
  return (await cache.match(address)) ?? fetch(request);
}

scope.addEventListener("install", (/** @type {any} */ event) => event.waitUntil(install()));
scope.addEventListener("activate", (/** @type {any} */ event) => event.waitUntil(removeOthers()));
scope.addEventListener("fetch", (/** @type {any} */ event) => {
  const address = keptAddress(event.request);
  if (address !== null) event.respondWith(answerFromCache(event.request, address));
});
// Said by the app, once no visit is being edited anywhere (see updates.js).
scope.addEventListener("message", (/** @type {any} */ event) => {
  if (event.data === "take-over") event.waitUntil(scope.skipWaiting());
});
