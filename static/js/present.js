/**
 * Steps through the screens of a presentation with keys or buttons. Without it the page is scrolled.
 */

const screens = /** @type {HTMLElement[]} */ ([...document.querySelectorAll('[data-present] > .screen')]);
const steps = document.querySelector('[data-present-steps]');
const count = document.querySelector('[data-present-count]');
const full = document.querySelector('[data-full-screen]');
const calm = matchMedia('(prefers-reduced-motion: reduce)');

let current = 0;

const tell = () => {
  if (count) count.textContent = `${current + 1} / ${screens.length}`;
};

/** @param {number} number */
const goTo = (number) => {
  const place = Math.max(0, Math.min(screens.length - 1, number));
  const screen = screens[place];
  if (!screen) return;
  current = place;
  tell();
  screen.scrollIntoView({ behavior: calm.matches ? 'auto' : 'smooth', block: 'start' });
  screen.tabIndex = -1;
  screen.focus({ preventScroll: true });
};

/** Keys as on the remote control of a projector. @type {Record<string, () => number>} */
const KEYS = {
  ArrowRight: () => current + 1,
  ArrowDown: () => current + 1,
  PageDown: () => current + 1,
  ' ': () => current + 1,
  ArrowLeft: () => current - 1,
  ArrowUp: () => current - 1,
  PageUp: () => current - 1,
  Home: () => 0,
  End: () => screens.length - 1,
};

/** A key that the thing in hand has a use for stays its own. @param {KeyboardEvent} event */
const isTaken = (event) => {
  const { target, key } = event;
  if (event.altKey || event.ctrlKey || event.metaKey || !(target instanceof HTMLElement)) return true;
  if (target.matches('.table-scroll')) return key.startsWith('Arrow');
  return key === ' ' && target.matches('button, a');
};

document.addEventListener('keydown', (event) => {
  const place = KEYS[event.key];
  if (!place || isTaken(event)) return;
  event.preventDefault();
  goTo(place());
});

/** A long screen is scrolled by hand: the number follows what is looked at. */
const seen = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting || !(entry.target instanceof HTMLElement)) continue;
    current = screens.indexOf(entry.target);
    tell();
  }
}, { rootMargin: '-50% 0px -50% 0px' });

for (const screen of screens) seen.observe(screen);

for (const button of document.querySelectorAll('[data-step]')) {
  if (!(button instanceof HTMLElement)) continue;
  button.addEventListener('click', () => {
    goTo(current + Number(button.dataset['step']));
    button.focus({ preventScroll: true });
  });
}

if (full instanceof HTMLElement && document.fullscreenEnabled) {
  full.hidden = false;
  full.addEventListener('click', () => {
    if (document.fullscreenElement) void document.exitFullscreen();
    else void document.documentElement.requestFullscreen();
  });
}

if (steps instanceof HTMLElement) steps.hidden = false;
tell();
