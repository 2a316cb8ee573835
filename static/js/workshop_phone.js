/**
 * Ideas typed on a phone are never lost: each is kept here, under an identifier made here, until the
 * server says that it has it. Sent twice it is one idea. A half-typed one survives a reload, and the
 * facilitator going on.
 */

import { ask } from './workshop_screen.js';

/** @typedef {{id: string, gap: string, text: string, why: string, isDraft: boolean}} Waiting */

const box = document.querySelector('[data-outbox]');
const outbox = box instanceof HTMLElement ? box : null;
const key = `workshop-outbox-${outbox?.dataset['outbox'] ?? ''}`;
const draftKey = `${key}-draft`;
const RETRY = 2000;

/** @returns {Waiting[]} */
const kept = () => {
  try {
    return JSON.parse(localStorage.getItem(key) ?? '[]');
  } catch {
    return [];
  }
};

/** @param {Waiting[]} waiting */
const keep = (waiting) => {
  try {
    localStorage.setItem(key, JSON.stringify(waiting));
  } catch {
    // A browser that keeps nothing: the idea is on the page, and on its way.
  }
  draw(waiting);
};

/** Not everywhere without https. */
const newId = () => {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
};

/** @param {Waiting[]} waiting */
const draw = (waiting) => {
  const list = outbox?.querySelector('[data-outbox-list]');
  const line = outbox?.querySelector('[data-outbox-line]');
  if (!outbox || !list || !(line instanceof HTMLTemplateElement)) return;
  outbox.hidden = waiting.length === 0;
  list.replaceChildren(...waiting.map((one) => {
    const item = /** @type {DocumentFragment} */ (line.content.cloneNode(true));
    const [text, why] = [item.querySelector('[data-text]'), item.querySelector('[data-why]')];
    if (text) text.textContent = one.text;
    if (why) why.textContent = one.why;
    item.querySelector('[data-again]')?.addEventListener('click', () => {
      keep(kept().map((each) => (each.id === one.id ? { ...each, isDraft: false, why: '' } : each)));
      void flush();
    });
    item.querySelector('[data-discard]')?.addEventListener('click', () => {
      keep(kept().filter((each) => each.id !== one.id));
    });
    return item;
  }));
};

let isFlushing = false;

/** Sends one after the other what is not a draft and was not refused. */
const flush = async () => {
  if (isFlushing || !outbox) return;
  isFlushing = true;
  try {
    for (const one of kept()) {
      if (one.isDraft || one.why) continue;
      const body = new FormData();
      body.set('client_id', one.id);
      body.set('gap', one.gap);
      body.set('text', one.text);
      body.set('csrfmiddlewaretoken', tokenNow());
      const answer = await ask(outbox.dataset['send'] ?? '', { method: 'POST', body });
      if (answer.ok && !answer.redirected) keep(kept().filter((each) => each.id !== one.id));
      else if ([409, 422].includes(answer.status)) refuse(one.id);
      else break;
    }
  } catch {
    // No connection: the next round sends it again.
  }
  isFlushing = false;
};

/** @param {string} id */
const refuse = (id) => {
  const said = document.querySelector('#room-said')?.textContent?.trim() || '✕';
  keep(kept().map((each) => (each.id === id ? { ...each, why: said } : each)));
};

const tokenNow = () => {
  const field = document.querySelector('input[name="csrfmiddlewaretoken"]');
  if (field instanceof HTMLInputElement) token = field.value;
  return token;
};
let token = '';
tokenNow();

// --- typing ----------------------------------------------------------------------------------
/** @param {Element | null} form */
const ideaForm = (form) => (form instanceof HTMLFormElement && form.matches('[data-idea-form]') ? form : null);

/** @param {HTMLFormElement} form @param {string} name */
const valueOf = (form, name) => String(new FormData(form).get(name) ?? '');

document.addEventListener('submit', (event) => {
  const form = ideaForm(/** @type {Element} */ (event.target));
  if (!form) return;
  event.preventDefault();
  const text = valueOf(form, 'text').trim();
  const field = form.querySelector('textarea');
  if (!text || !field) return;
  keep([...kept(), { id: newId(), gap: valueOf(form, 'gap'), text, why: '', isDraft: false }]);
  field.value = '';
  forgetDraft();
  field.focus();
  void flush();
});

document.addEventListener('input', (event) => {
  const field = event.target;
  const form = field instanceof HTMLTextAreaElement ? ideaForm(field.form) : null;
  if (!form || !(field instanceof HTMLTextAreaElement)) return;
  try {
    localStorage.setItem(draftKey, JSON.stringify({ gap: valueOf(form, 'gap'), text: field.value }));
  } catch {
    // As above.
  }
});

const forgetDraft = () => {
  try {
    localStorage.removeItem(draftKey);
  } catch {
    // As above.
  }
};

/** What was being typed when the page was last here. @returns {{gap: string, text: string} | null} */
const draftNow = () => {
  try {
    return JSON.parse(localStorage.getItem(draftKey) ?? 'null');
  } catch {
    return null;
  }
};

const takeUpDraft = () => {
  const draft = draftNow();
  if (!draft?.text.trim()) return;
  const form = ideaForm(document.querySelector('[data-idea-form]'));
  const field = form?.querySelector('textarea');
  if (form && field && valueOf(form, 'gap') === draft.gap) {
    if (!field.value) field.value = draft.text;
    const folded = field.closest('details');
    if (folded) folded.open = true;
    return;
  }
  forgetDraft();
  keep([...kept(), { id: newId(), gap: draft.gap, text: draft.text.trim(), why: '', isDraft: true }]);
};

document.addEventListener('workshop-drawn', takeUpDraft);

takeUpDraft();
draw(kept());
void flush();
setInterval(() => void flush(), RETRY);
