/**
 * Who this device is to the server: enrolled once by a code, known by a token that is kept beside the
 * queue and never in it. Refused (401, 403), everything waits until somebody enrols it again.
 *
 * @typedef {import("./types.js").Device} Device
 */

import { uuidv7 } from "/static/uuidv7/index.js";
import { classify } from "./api.js";
import { getSetting, putSetting, write } from "./store.js";

/** @returns {Promise<Device | undefined>} */
export const getDevice = () => getSetting("device");

/** @returns {Promise<{status: number, at: number} | null | undefined>} */
export const getPause = () => getSetting("paused");

/** @param {number} status @param {number} at */
export const pause = (status, at) => putSetting("paused", { status, at });

export const resume = () => putSetting("paused", null);

/** `XXXX-XXXX` from whatever was typed. @param {string} typed */
export function tidyCode(typed) {
  const letters = typed.toUpperCase().replace(/[^0-9A-Z]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");
  return letters.length === 8 ? `${letters.slice(0, 4)}-${letters.slice(4)}` : letters;
}

/**
 * @param {import("./api.js").Api} api @param {string} typed
 * @returns {Promise<string | null>} Why not, in the server's words; null when it is done.
 */
export async function enrol(api, typed) {
  const body = { code: tidyCode(typed), device: await ownId() };
  const answer = await api.call("POST", "devices/", { body: JSON.stringify(body) });
  if (answer.status === 201 && classify(answer) === "ok" && answer.json.token) {
    await keepDevice(answer.json);
    return null;
  }
  const { json } = answer;
  return json?.errors?.[0]?.detail ?? json?.title ?? `${answer.status}`;
}

/**
 * Who this device says that it is, kept before the first code is sent: should the answer be lost, the
 * same code sent again lets the same device in.
 */
async function ownId() {
  const id = (await getDevice())?.id || (await getSetting("self")) || uuidv7();
  await putSetting("self", id);
  return id;
}

/** @param {any} json The answer of an enrolment. */
async function keepDevice({ token, device, programme, locations }) {
  await write(["settings"], async (tx) => {
    const settings = tx.objectStore("settings");
    await settings.put({ token, id: device.id, name: device.name, programme, locations }, "device");
    await settings.put(null, "paused");
  });
}
