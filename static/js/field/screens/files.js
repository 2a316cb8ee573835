/** The queue as files for a lead to read in: one a tap where there are several, and what is not in them said. */

import { isoDay } from "../clock.js";
import { h } from "../dom.js";
import { announce } from "../frame.js";
import { queueFiles } from "../queue_file.js";
import { gettext, fill, megabytes, ngettext } from "../words.js";
import { once } from "./once.js";

export function filesPart() {
  const result = h("div", { class: "stack", "data-files": true });
  return h("section", { class: "stack" },
    h("h2", {}, gettext("The visits on this tablet as a file")),
    h("p", { class: "quiet" }, gettext("When nothing else works: give this file to a lead, who reads it in. Sending it twice does no harm.")),
    once("button", () => make(result), gettext("Save the file")), result);
}

/** @param {HTMLElement} result */
async function make(result) {
  const { files, drafts } = await queueFiles();
  const [only] = files;
  const left = drafts ? h("p", { class: "problem", "data-left-out": drafts }, ngettext(
    "%(n)s begun visit is not in the file: finish it first.", "%(n)s begun visits are not in the file: finish them first.", drafts)) : null;
  if (only && files.length === 1) {
    download(only, `cxplan-${isoDay()}.json`);
    announce(gettext("The file is saved among the downloads."));
    result.replaceChildren(...[left].filter((one) => one !== null));
    return;
  }
  result.replaceChildren(
    h("p", {}, gettext("It is too much for one file, or of several programmes. Save each of these, and give all of them:")),
    ...files.map((file, index) => once("button", async () => download(file, `cxplan-${isoDay()}-${index + 1}.json`),
      fill(gettext("File %(n)s of %(all)s (%(size)s)"), { n: index + 1, all: files.length, size: megabytes(file.size) }))),
    ...[left].filter((one) => one !== null));
}

/** @param {Blob} blob @param {string} name */
function download(blob, name) {
  const address = URL.createObjectURL(blob);
  h("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
