/**
 * Photos: drawn anew on a canvas, so that place and camera data stay behind, and small enough for a
 * weak network.
 */

import { uuidv7 } from "/static/uuidv7/index.js";
import { sha256Hex } from "./document.js";

export const MAX_SIDE = 1600;
export const MAX_BYTES = 300_000;
/** Room to leave for answers, which matter more. */
const RESERVE = 5_000_000;
const QUALITIES = [0.85, 0.75, 0.65, 0.55, 0.45, 0.35];

/** There is no room for a photo on the device. */
export class NoRoom extends Error {}
/** The file is no picture that the browser can read. */
export class NoPicture extends Error {}

/** Asked before the camera opens. */
export async function hasRoom() {
  const { quota, usage } = await navigator.storage.estimate();
  return quota === undefined || usage === undefined || quota - usage > RESERVE;
}

/** @param {Blob} file @param {string} record @param {string | null} question */
export async function takePhoto(file, record, question) {
  const bytes = await (await shrink(file)).arrayBuffer();
  const sha256 = await sha256Hex(bytes);
  const id = uuidv7();
  const type = "image/jpeg";
  return {
    item: { id, interaction: question, sha256, size: bytes.byteLength, type },
    stored: { id, record, type, sha256, bytes },
  };
}

/** @param {Blob} file @returns {Promise<Blob>} */
export async function shrink(file) {
  /** @type {ImageBitmap} */
  let picture;
  try {
    picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch (error) {
    throw new NoPicture(String(error));
  }
  try {
    for (let side = MAX_SIDE; side >= 200; side = Math.floor(side * 0.75)) {
      const canvas = drawn(picture, side);
      for (const quality of QUALITIES) {
        const blob = await jpeg(canvas, quality);
        if (blob.size <= MAX_BYTES) return blob;
      }
    }
  } finally {
    picture.close();
  }
  throw new NoPicture("too large");
}

/** @param {ImageBitmap} picture @param {number} side */
function drawn(picture, side) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  if (!context) throw new NoPicture("no canvas");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

/** @param {HTMLCanvasElement} canvas @param {number} quality @returns {Promise<Blob>} */
const jpeg = (canvas, quality) =>
  new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new NoPicture("no picture"))), "image/jpeg", quality);
  });
