/** Times as the device writes them: with its own offset, because the visit's day is the day on its wall. */

/** @param {number} value */
const two = (value) => String(Math.trunc(Math.abs(value))).padStart(2, "0");

/** `2026-10-03T10:30:00+02:00`. @param {Date} [moment] */
export function isoLocal(moment = new Date()) {
  const offset = -moment.getTimezoneOffset();
  const sign = offset < 0 ? "-" : "+";
  return `${isoDay(moment)}T${two(moment.getHours())}:${two(moment.getMinutes())}:${two(moment.getSeconds())}`
    + `${sign}${two(offset / 60)}:${two(Math.abs(offset) % 60)}`;
}

/** `2026-10-03` of the device's own day. @param {Date} [moment] */
export const isoDay = (moment = new Date()) =>
  `${moment.getFullYear()}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
