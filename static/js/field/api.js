/**
 * Calls of the server with the device's token and no cookie, and what an answer means (contract: F13, F16).
 *
 * @typedef {import("./types.js").Answered} Answered
 * @typedef {"ok" | "retry" | "pause" | "park"} Class
 */

import { isoLocal } from "./clock.js";

const PATIENCE = 30_000;
export const PHOTO_PATIENCE = 120_000;
const RETRY = new Set([408, 425, 429]);
const PARK = new Set([400, 404, 409, 410, 413, 422]);
const TOO_LARGE = 413;

/** The network, a timeout: nothing is known of what the server did. */
export class Unreachable extends Error {}

/**
 * A date counts from the moment at which the server wrote it, whatever the clock of this device says.
 *
 * @param {string | null} value @param {number} served @returns {number | null} Milliseconds to wait.
 */
export function retryAfter(value, served) {
  if (!value) return null;
  const seconds = Number(value);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(value) - served;
  return Number.isFinite(wait) ? Math.max(0, wait) : null;
}

/** A problem or a receipt, as our server writes them and no portal or proxy does. @param {any} json */
const isOurs = (json) =>
  json !== null && typeof json === "object" && (typeof json.title === "string" || Array.isArray(json.errors));

/** @param {Answered} answer @returns {Class} */
export function classify({ status, json }) {
  const readable = json !== null && typeof json === "object";
  if (status >= 200 && status < 300) return readable || status === 204 ? "ok" : "retry";
  // Nobody's words are needed to know that less at once may pass.
  if (status === TOO_LARGE) return "park";
  // A Wi-Fi portal or a proxy refuses with a page of its own: only our server's word stops the queue.
  if (!isOurs(json)) return "retry";
  if (status === 401 || status === 403) return "pause";
  return PARK.has(status) && !RETRY.has(status) ? "park" : "retry";
}

/**
 * @typedef {object} Wiring
 * @property {string} build
 * @property {typeof fetch} [fetch]
 * @property {() => string} [language] Of the words that the server answers with.
 * @property {() => number} [now]
 * @property {() => number} [waiting] How many visits wait on this device.
 * @property {(skew: number) => void} [onSkew] Milliseconds by which the device is ahead of the server.
 */

export class Api {
  /** @param {string | null} token @param {Wiring} wiring */
  constructor(token, wiring) {
    this.token = token;
    this.wiring = wiring;
  }

  now() {
    return (this.wiring.now ?? Date.now)();
  }

  /**
   * @param {string} method @param {string} path
   * @param {{body?: BodyInit, type?: string, patience?: number, headers?: Record<string, string>}} [options]
   * @returns {Promise<Answered>}
   */
  async call(method, path, { body, type = "application/json", patience = PATIENCE, headers = {} } = {}) {
    /** @type {Response} */
    let answer;
    /** @type {string} */
    let text;
    try {
      answer = await (this.wiring.fetch ?? fetch)(`/api/v1/${path}`, {
        method,
        credentials: "omit",
        cache: "no-store",
        redirect: "follow",
        signal: AbortSignal.timeout(patience),
        headers: this.headers(body === undefined ? headers : { "Content-Type": type, ...headers }),
        ...(body === undefined ? {} : { body }),
      });
      text = await answer.text();
    } catch (error) {
      throw new Unreachable(String(error));
    }
    const served = Date.parse(answer.headers.get("Date") ?? "");
    if (Number.isFinite(served)) this.wiring.onSkew?.(this.now() - served);
    return {
      status: answer.status,
      json: parsed(text),
      retryAfter: retryAfter(answer.headers.get("Retry-After"), Number.isFinite(served) ? served : this.now()),
      etag: answer.headers.get("ETag"),
    };
  }

  /** @param {Record<string, string>} more */
  headers(more) {
    return {
      Accept: "application/json",
      "Accept-Language": this.wiring.language?.() ?? "en",
      "X-Client-Version": this.wiring.build,
      "X-Device-Time": isoLocal(new Date(this.now())),
      ...(this.wiring.waiting ? { "X-Queue-Length": String(this.wiring.waiting()) } : {}),
      ...(this.token ? { Authorization: `Bearer ${this.token}` } : {}),
      ...more,
    };
  }
}

/** @param {string} text @returns {any} */
function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
