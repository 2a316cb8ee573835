/**
 * What the server says may be observed here: the book as last fetched, and every guide that a record
 * was begun with, pinned until no record needs it.
 *
 * @typedef {import("./types.js").Book} Book
 * @typedef {import("./types.js").Guide} Guide
 */

import { classify } from "./api.js";
import { getSetting, read, write } from "./store.js";

const BOOK = "book";

/**
 * Two programmes may have a journey of one name. Without a programme it is the key of an earlier
 * release, by which older records find the guide that they were begun with.
 *
 * @param {{journey: string, framework_version: number, programme?: string}} guide
 */
export const guideKey = ({ journey, framework_version, programme }) =>
  `${journey}@${framework_version}${programme ? `@${programme}` : ""}`;

/** @returns {Promise<{book: Book, etag: string | null, fetched_at: number} | undefined>} */
export const keptBook = () => getSetting(BOOK);

/**
 * @param {import("./api.js").Api} api @param {string} slug @param {number} now
 * @returns {Promise<number>} The status: 200 new, 304 as before, else why not; 0 is no word of the server.
 */
export async function refreshGuides(api, slug, now) {
  const kept = await keptBook();
  const sameProgramme = kept?.book.programme.slug === slug;
  const headers = kept?.etag && sameProgramme ? { "If-None-Match": kept.etag } : {};
  const answer = await api.call("GET", `programmes/${slug}/guides/`, { headers });
  if (answer.status === 304 && kept) {
    await write(["settings"], (tx) => tx.objectStore("settings").put({ ...kept, fetched_at: now }, BOOK));
    return 304;
  }
  const kind = classify(answer);
  if (kind !== "ok") return kind === "retry" ? 0 : answer.status;
  if (!Array.isArray(answer.json?.guides)) return 0;
  await keep(answer.json, answer.etag, now);
  return 200;
}

/** The new book, and without guides that neither it nor a record knows. @param {Book} fetched @param {string | null} etag @param {number} now */
async function keep(fetched, etag, now) {
  const book = ownedBook(fetched);
  await write(["settings", "guides", "records"], async (tx) => {
    const guides = tx.objectStore("guides");
    const needed = new Set((await tx.objectStore("records").getAll()).map((/** @type {any} */ one) => one.guide));
    for (const guide of book.guides) {
      needed.add(guideKey(guide));
      await guides.put(guide, guideKey(guide));
    }
    for (const key of await guides.getAllKeys()) if (!needed.has(key)) await guides.delete(key);
    await tx.objectStore("settings").put({ book, etag, fetched_at: now }, BOOK);
  });
}

/** Each guide says whose it is. @param {Book} book @returns {Book} */
const ownedBook = (book) => ({ ...book, guides: book.guides.map((guide) => ({ ...guide, programme: book.programme.slug })) });

/** @param {string} key @returns {Promise<Guide | undefined>} */
export const getGuide = (key) => read(["guides"], (tx) => tx.objectStore("guides").get(key));

/** Those to begin a visit with: a guide that is being closed is for visits already begun. @param {Book} book */
export const openGuides = (book) => book.guides.filter((guide) => guide.status !== "closing");

/** A newer version of a draft's guide, if there is one. @param {Book | undefined} book @param {{journey: string, framework_version: number}} record */
export const newerGuide = (book, record) =>
  book?.guides.find((guide) => guide.journey === record.journey && guide.status !== "closing" && guide.framework_version > record.framework_version);

/** @param {Book | undefined} book @param {string} code */
export const placeName = (book, code) => book?.locations.find((one) => one.code === code)?.name || code;

/** Places that the book before did not list, or was of another programme. @param {Book | undefined} before @param {Book | undefined} now */
export function newlyListed(before, now) {
  const known = before?.programme.slug === now?.programme.slug ? before?.locations ?? [] : [];
  const codes = new Set(known.map((one) => one.code));
  return new Set((now?.locations ?? []).map((one) => one.code).filter((code) => !codes.has(code)));
}

/** @param {Guide} guide */
export const questionsOf = (guide) => guide.stages.flatMap((stage) => stage.interactions);

/** @param {import("./types.js").Stage} stage @param {Record<string, unknown>} answers */
export const unansweredIn = (stage, answers) => stage.interactions.filter((one) => !(one.key in answers)).length;
