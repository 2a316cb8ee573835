/** The device: its name, the language, the queue as a file, and what to tell whoever helps. */

import { getDevice, getPause } from "../device.js";
import { button, choice, h, link } from "../dom.js";
import { build, engine, lastSync, state, states } from "../engine.js";
import { banners, heading } from "../frame.js";
import { keptBook } from "../guides.js";
import { allRecords } from "../records.js";
import { putSetting, VERSION } from "../store.js";
import { isUpdateWaiting, lookForUpdate } from "../updates.js";
import { dayAndTime, failureWords, fill, gettext, language, LANGUAGES, span, useLanguage } from "../words.js";
import { filesPart } from "./files.js";
import { offlineWord } from "./offline.js";
import { askToPersist, installHint, persistenceWord, storageWord } from "./keeping.js";

/** @param {() => void} redraw @returns {Promise<import("../frame.js").Screen>} */
export async function settingsScreen(redraw) {
  const device = await getDevice();
  const title = gettext("Settings");
  const speak = async (/** @type {string} */ wanted) => {
    await useLanguage(wanted);
    await putSetting("language", wanted);
    redraw();
  };
  const options = LANGUAGES.map(([code, name]) => /** @type {[string, string]} */ ([code, name]));
  const main = h("main", { class: "page narrow stack" },
    ...(await banners(await allRecords())),
    h("p", {}, h("strong", {}, device?.name ?? ""), ` · ${device?.programme.name ?? ""}`),
    choice(gettext("Language"), options, language(), (value) => { void speak(value); }, "language"),
    filesPart(),
    h("h2", {}, gettext("Keeping")),
    offlineWord(),
    await persistenceWord(),
    button("button", () => { void askToPersist().then(redraw); }, gettext("Ask the tablet to keep everything")),
    installHint(),
    h("h2", {}, gettext("For whoever helps")),
    await diagnostics(),
    link("#/enrol", "button button-quiet", gettext("Enrol again")));
  return { title, nodes: [heading(title, { back: "#/" }), main] };
}

async function diagnostics() {
  const [counts, sync, kept, paused, storage] = await Promise.all([states(), lastSync(), keptBook(), getPause(), storageWord()]);
  void lookForUpdate();
  const rows = [
    [gettext("Release"), [build, isUpdateWaiting() ? gettext("a newer one waits") : ""].filter(Boolean).join(" · ")],
    [gettext("Database"), String(VERSION)],
    [gettext("Last sending"), sync ? dayAndTime(sync) : gettext("not yet")],
    [gettext("Guides fetched"), kept ? dayAndTime(kept.fetched_at) : gettext("not yet")],
    [gettext("Clock"), Math.abs(state.skew) < 60_000 ? gettext("as the server’s") : fill(gettext("%(span)s off"), { span: span(state.skew) })],
    [gettext("Network"), state.online ? gettext("yes") : gettext("no")],
    [gettext("Storage"), storage],
    [gettext("Not finished / waiting / needs you / received"), `${counts.draft} / ${counts.ready} / ${counts.parked} / ${counts.received}`],
    [gettext("Photos to go"), String(counts.missing)],
    ...(engine.lastError ? [[gettext("Last try"), failureWords(engine.lastError)]] : []),
    ...(paused ? [[gettext("Paused"), `${paused.status}, ${dayAndTime(paused.at)}`]] : []),
  ];
  return h("dl", { class: "facts" }, ...rows.map(([name, value]) => h("div", {}, h("dt", {}, name ?? ""), h("dd", {}, value ?? ""))));
}
