/**
 * One stage a screen: the guide's sections are shown one after the other, with what is left to answer.
 * Without this module the whole guide is one long page and works the same.
 */

/** @param {string} selector @param {ParentNode} [root] @returns {HTMLElement[]} */
const all = (selector, root = document) => [...root.querySelectorAll(selector)].map((one) => /** @type {HTMLElement} */ (one));

/** @param {string} text @param {Record<string, string | number>} values */
const fill = (text, values) => text.replace(/%\((\w+)\)s/g, (_match, name) => String(values[name]));

/** @param {HTMLElement} root @param {string} name @returns {HTMLElement} */
function part(root, name) {
  const found = root.querySelector(`[data-observe-${name}]`);
  if (!(found instanceof HTMLElement)) throw new Error(`no data-observe-${name} in the form`);
  return found;
}

/** @param {HTMLElement} question */
const isAnswered = (question) => question.querySelector("input[type=radio]:checked") !== null;

/** @param {HTMLFormElement} form */
function walk(form) {
  const stages = all("[data-observe-stage]", form);
  const questions = all("[data-observe-question]", form);
  const back = part(form, "back");
  const next = part(form, "next");
  const left = part(form, "left");
  const count = part(form, "count");
  const wrong = stages.findIndex((stage) => stage.querySelector(".is-invalid, .question-wrong, .invalid-feedback"));
  let current = Math.max(0, wrong);

  const name = (/** @type {number} */ index) => stages[index]?.dataset.observeName ?? "";

  function draw() {
    stages.forEach((stage, index) => { stage.hidden = index !== current; });
    const stage = stages[current];
    const open = stage ? all("[data-observe-question]", stage).filter((one) => !isAnswered(one)).length : 0;
    const answered = questions.filter(isAnswered).length;
    back.hidden = current === 0;
    next.hidden = current === stages.length - 1;
    const [backName, nextName] = [back.querySelector("span"), next.querySelector("span")];
    if (backName) backName.textContent = name(current - 1);
    if (nextName) nextName.textContent = name(current + 1);
    left.textContent = open === 0 ? "" : open === 1 ? left.dataset.one ?? "" : fill(left.dataset.many ?? "", { n: open });
    count.textContent = fill(count.dataset.template ?? "", {
      step: current + 1, steps: stages.length, answered, questions: questions.length,
    });
    part(form, "bar").style.width = `${(100 * (current + 1)) / stages.length}%`;
  }

  /** @param {number} by */
  function move(by) {
    current = Math.min(stages.length - 1, Math.max(0, current + by));
    draw();
    const heading = stages[current]?.querySelector("h2");
    if (heading instanceof HTMLElement) {
      heading.tabIndex = -1;
      heading.focus({ preventScroll: true });
    }
    window.scrollTo({ top: 0 });
  }

  back.addEventListener("click", () => move(-1));
  next.addEventListener("click", () => move(1));
  form.addEventListener("change", draw);
  // A second tap on a chosen level takes the answer back.
  form.addEventListener("click", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.type !== "radio") return;
    const was = input.dataset.chosen === "yes";
    all(`input[name="${CSS.escape(input.name)}"]`, form).forEach((one) => { delete one.dataset.chosen; });
    if (was) input.checked = false;
    else input.dataset.chosen = "yes";
    draw();
  });
  all("input[type=radio]:checked", form).forEach((one) => { one.dataset.chosen = "yes"; });
  part(form, "progress").hidden = false;
  part(form, "steps").hidden = false;
  draw();

  // Leaving a half-filled guide by accident asks first.
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

all("form[data-observe]").forEach((form) => walk(/** @type {HTMLFormElement} */ (form)));
