/**
 * Fields that are open on the map: saved when one leaves them changed, kept open under what one's
 * own orders draw anew, and with what was typed in them when the session is over.
 */
import { isSending } from './map_lines.js';
import { isDone, isSignedOut } from './map_orders.js';

/** @param {Event} event @returns {any} */
const detailOf = (event) => /** @type {CustomEvent} */ (event).detail;

/** @param {Element | null | undefined} element @returns {element is HTMLFormElement} */
const isField = (element) => element instanceof HTMLFormElement && element.matches('.map-field');

// --- what is not saved -----------------------------------------------------------------------
/** @param {Element} field */
const isChanged = (field) => {
  if (field instanceof HTMLSelectElement) {
    const drawn = [...field.options].findIndex((each) => each.defaultSelected);
    return field.selectedIndex !== Math.max(drawn, 0);
  }
  return (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)
    && field.type !== 'hidden' && field.value !== field.defaultValue;
};

/** What was refused is drawn with what was typed, and is no more saved than before. @param {Element} form */
const isUnsaved = (form) =>
  form.querySelector('.map-line-error') !== null || [...form.querySelectorAll('input, textarea, select')].some(isChanged);

const isAnythingUnsaved = () =>
  isSending() || [...document.querySelectorAll('.map-field, [data-lines-form]')].some((form) =>
    isField(form) ? isUnsaved(form) : form.querySelector('textarea')?.value.trim());

addEventListener('beforeunload', (event) => {
  if (isAnythingUnsaved()) event.preventDefault();
});

// --- leaving a field saves it ----------------------------------------------------------------
/** On their way: what they hold is not typed on until the answer. @type {WeakSet<Element>} */
const sent = new WeakSet();
/** Sent because one went elsewhere: the answer does not call one back. @type {WeakSet<Element>} */
const left = new WeakSet();
let isCarrying = false;

/** @param {Element} form */
export const isLeft = (form) => left.has(form);

document.addEventListener('focusout', (event) => {
  const form = event.target instanceof Element ? event.target.closest('form') : null;
  if (isCarrying || !isField(form)) return;
  // Later, when it is known where the focus went; Escape has taken the form away by then.
  setTimeout(() => {
    if (!form.isConnected || form.contains(document.activeElement)) return;
    if (sent.has(form) || !isUnsaved(form) || !document.hasFocus()) return;
    left.add(form);
    htmx.process(form);
    form.requestSubmit();
  });
});

/** @param {Element} form @param {boolean} isFixed */
const fix = (form, isFixed) => {
  for (const each of form.querySelectorAll('input:not([type="hidden"]), textarea')) each.toggleAttribute('readonly', isFixed);
};

document.body.addEventListener('htmx:beforeRequest', (event) => {
  const { elt } = detailOf(event);
  if (!isField(elt)) return;
  sent.add(elt);
  fix(elt, true);
});
document.body.addEventListener('htmx:afterRequest', (event) => {
  const { elt, xhr } = detailOf(event);
  if (!isField(elt) || isDone(xhr)) return;
  sent.delete(elt);
  left.delete(elt);
  fix(elt, false);
});

// --- one's own orders draw around the fields that are open -----------------------------------
/** What sent the request whose answer is being drawn. @type {Element | null} */
let asking = null;

/** @param {Element} form the open field @param {ParentNode} drawn */
const freshItem = (form, drawn) => {
  const item = form.closest('[data-item]');
  if (!(item instanceof HTMLElement)) return null;
  const { part, row, field } = item.dataset;
  const fresh = drawn.querySelector(`[data-item][data-part="${part}"][data-row="${row}"][data-field="${field}"]`);
  return fresh instanceof HTMLElement ? fresh : null;
};

/** @param {Element} form @param {HTMLElement} fresh */
const carry = (form, fresh) => {
  const { activeElement: focused } = document;
  fresh.dataset['kept'] = fresh.innerHTML;
  isCarrying = true;
  fresh.replaceChildren(form);
  isCarrying = false;
  if (!(focused instanceof HTMLElement) || !form.contains(focused)) return;
  const isText = focused instanceof HTMLInputElement || focused instanceof HTMLTextAreaElement;
  const caret = isText ? [focused.selectionStart, focused.selectionEnd] : [];
  queueMicrotask(() => {
    focused.focus();
    if (isText) focused.setSelectionRange(caret[0] ?? null, caret[1] ?? null);
  });
};

document.body.addEventListener('htmx:oobBeforeSwap', (event) => {
  const { target, fragment, shouldSwap } = detailOf(event);
  if (!shouldSwap || !(target instanceof Element)) return;
  for (const form of target.querySelectorAll('.map-field')) {
    if (form === asking) continue;
    if (!isUnsaved(form) && !form.contains(document.activeElement)) continue;
    const fresh = freshItem(form, fragment);
    if (fresh) carry(form, fresh);
  }
});

// --- the session is over ---------------------------------------------------------------------
const signedOut = document.querySelector('[data-signed-out]');

document.body.addEventListener('htmx:beforeSwap', (event) => {
  const detail = detailOf(event);
  asking = detail.requestConfig?.elt ?? null;
  if (!isSignedOut(detail.xhr)) {
    // An error does not take the focus from the field one has gone on to.
    if (asking && left.has(asking) && document.activeElement?.matches('input, textarea, select')) {
      detail.serverResponse = String(detail.serverResponse).replaceAll(' autofocus', '');
    }
    return;
  }
  detail.shouldSwap = false;
  const isPulse = asking?.matches('[data-pulse]');
  if (signedOut instanceof HTMLElement && !isPulse) signedOut.hidden = false;
});
document.body.addEventListener('htmx:afterRequest', (event) => {
  const { xhr, requestConfig } = detailOf(event);
  if (requestConfig?.verb === 'post' && isDone(xhr) && signedOut instanceof HTMLElement) signedOut.hidden = true;
});

// Signing in again, in another tab, makes another token than the one this page was drawn with.
document.body.addEventListener('htmx:configRequest', (event) => {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
  if (!token || detailOf(event).verb !== 'post') return;
  const { headers, parameters } = detailOf(event);
  headers['X-CSRFToken'] = token;
  delete parameters['csrfmiddlewaretoken'];
});
