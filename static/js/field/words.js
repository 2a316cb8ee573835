/** The words on the screen, in the language chosen on the device; both languages are kept for offline. */

/** @type {{language: string, catalog: Record<string, string | string[]>}} */
let words = { language: "en", catalog: {} };
export const LANGUAGES = /** @type {const} */ ([["en", "English"], ["fr", "Français"]]);

export const language = () => words.language;
/** Dates as they are written in Britain and in France. */
const locale = () => (words.language === "fr" ? "fr-FR" : "en-GB");

/** @param {string} wanted */
export async function useLanguage(wanted) {
  const known = LANGUAGES.some(([code]) => code === wanted) ? wanted : "en";
  const answer = await fetch(`/field/words/${known}.json`);
  words = await answer.json();
  document.documentElement.lang = words.language;
}

/** @param {string} text @returns {string} */
export function gettext(text) {
  const found = words.catalog[text];
  return typeof found === "string" ? found : text;
}

/** @param {string} one @param {string} many @param {number} n @returns {string} With `%(n)s` filled in. */
export function ngettext(one, many, n) {
  const isMany = words.language === "fr" ? n >= 2 : n !== 1;
  const found = words.catalog[one];
  const text = (Array.isArray(found) ? found : [one, many])[isMany ? 1 : 0] ?? many;
  return fill(text, { n });
}

/** @param {string} text @param {Record<string, string | number>} values */
export const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_match, name) => String(values[name] ?? ""));

/** @param {string} method */
export function methodName(method) {
  const names = {
    mystery_visit: gettext("Mystery visit"),
    shadowing: gettext("Shadowing a customer"),
    customer_visit: gettext("Visit to a customer"),
    call_listening: gettext("Call listening"),
    eye_tracking: gettext("Eye tracking"),
    video_diary: gettext("Video diary"),
    web_analytics: gettext("Web analytics"),
    email_reading: gettext("E-mail reading"),
    store_team: gettext("Store team"),
    verbatim: gettext("Customers’ words"),
    social_listening: gettext("Social listening"),
    survey: gettext("Survey"),
  };
  return /** @type {Record<string, string>} */ (names)[method] ?? method;
}

/** @param {string} phase */
export const phaseName = (phase) =>
  phase === "before" ? gettext("Before") : phase === "during" ? gettext("During") : gettext("After");

/** @param {number} moment */
export const clockTime = (moment) =>
  new Date(moment).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });

/** @param {number | string} moment */
export const dayAndTime = (moment) =>
  new Date(moment).toLocaleString(locale(), { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });

/** @param {string} day `YYYY-MM-DD` */
export const dayName = (day) =>
  new Date(`${day}T12:00:00`).toLocaleDateString(locale(), { day: "numeric", month: "long" });

/** How long something has waited or differs, in the largest unit that fits. @param {number} ms */
export function span(ms) {
  const minutes = Math.round(Math.abs(ms) / 60_000);
  if (minutes < 1) return gettext("less than a minute");
  if (minutes < 60) return ngettext("%(n)s minute", "%(n)s minutes", minutes);
  const hours = Math.round(minutes / 60);
  return hours < 48 ? ngettext("%(n)s hour", "%(n)s hours", hours) : ngettext("%(n)s day", "%(n)s days", Math.round(hours / 24));
}

/** Why a call did not do, from the engine's note of it. @param {string} why */
export function failureWords(why) {
  const status = /^status (\d+)$/.exec(why)?.[1];
  if (why.startsWith("here:")) return gettext("something failed on this tablet itself");
  if (why.startsWith("TimeoutError")) return gettext("the server did not answer in time");
  if (status === undefined) return gettext("the server could not be reached");
  return status.startsWith("2")
    ? gettext("something else answered in the server’s place, perhaps the page of a Wi-Fi")
    : fill(gettext("the server answered %(status)s"), { status });
}

/** @param {number} bytes */
export const megabytes = (bytes) =>
  fill(gettext("%(n)s MB"), { n: (bytes / 1_048_576).toLocaleString(locale(), { maximumFractionDigits: 1 }) });
