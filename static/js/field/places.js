/**
 * Whether a place can be visited now, in words: a warning is told and never stands in the way.
 *
 * @typedef {import("./types.js").Location} Location
 * @typedef {import("./types.js").FieldRecord} FieldRecord
 */

import { isoDay } from "./clock.js";
import { dayName, fill, gettext } from "./words.js";

const DAYS = /** @type {const} */ (["sun", "mon", "tue", "wed", "thu", "fri", "sat"]);

/** @param {Location} place @param {Date} now @returns {string[]} */
export function warningsFor(place, now) {
  return [closure(place, isoDay(now)), opening(place, now)].filter((one) => one !== null);
}

/** @param {Location} place @param {string} today */
function closure(place, today) {
  const found = place.closures?.find((one) => one.from <= today && today <= one.to);
  if (!found) return null;
  const until = found.to === found.from ? gettext("Closed today.") : fill(gettext("Closed until %(day)s."), { day: dayName(found.to) });
  return [until, found.reason].filter(Boolean).join(" ");
}

/** @param {Location} place @param {Date} now */
function opening(place, now) {
  if (!place.hours) return null;
  const spans = place.hours[DAYS[now.getDay()] ?? "sun"] ?? [];
  if (!spans.length) return gettext("This place does not open on this day of the week.");
  const time = now.toTimeString().slice(0, 5);
  if (spans.some(([from, to]) => from <= time && time < to)) return null;
  return fill(gettext("Open today %(hours)s: it is closed at this hour."), { hours: spans.map(([from, to]) => `${from}–${to}`).join(", ") });
}

/** The same visitor in the same place again, too soon. @param {FieldRecord[]} records @param {string} location @param {string | null} observer @param {number} days @param {number} now */
export function lockout(records, location, observer, days, now) {
  const last = records
    .filter((one) => one.location === location && one.observer === observer && observer !== null)
    .reduce((latest, one) => Math.max(latest, one.began), 0);
  const free = last + days * 86_400_000;
  if (!days || !last || free <= now) return null;
  return fill(gettext("You were here on %(day)s; another visit by you is due from %(free)s."), {
    day: dayName(isoDay(new Date(last))), free: dayName(isoDay(new Date(free))),
  });
}
