/**
 * The timeline: a bar is dragged sideways, one of its ends alone, or moved with the arrow keys; all of
 * them send the forms of its own menu. Up and down nothing moves.
 */
import { inWords, isBusy, later, sendDates, sendDays } from './plan_dates.js';

/** The last week is drawn of what has no start. */
const WITHOUT_A_START = -6;

/**
 * @typedef {{line: HTMLElement, bar: SVGGraphicsElement, end: string, from: number, perDay: number, days: number,
 *   start: string, due: string, at: number, long: number, drawn: [string, string], says: HTMLElement}} Held
 */
/** @type {Held | null} */
let held = null;

/** @param {HTMLElement} line */
const finderOf = (line) => `[data-line="${line.dataset['line'] ?? ''}"] [data-bar]`;

/** @param {Held} now @returns {{start_on: string, due_on: string}} */
const datesOf = ({ end, start, due, line, days }) => ({
  // What had no start has none after it is moved as a whole, or at its end.
  start_on: end === 'due' ? (line.dataset['start'] ?? '') : later(start, days),
  due_on: end === 'start' ? due : later(due, days),
});

/** @param {Held} now */
const putBackOf = ({ bar, drawn }) => () => {
  bar.setAttribute('x', drawn[0]);
  bar.setAttribute('width', drawn[1]);
};

/** @param {Held} now */
const draw = (now) => {
  const { bar, end, at, long, days, perDay, line, says } = now;
  const by = days * perDay;
  bar.setAttribute('x', String(end === 'due' ? at : at + by));
  bar.setAttribute('width', String(Math.max(2, end === 'both' ? long : long + (end === 'due' ? by : -by))));
  const dates = datesOf(now);
  const hasStart = line.dataset['start'] || end === 'start';
  says.textContent = (hasStart ? [dates.start_on, dates.due_on] : [dates.due_on]).map(inWords).join(' → ');
};

const letGo = () => {
  const now = held;
  held = null;
  now?.says.remove();
  now?.line.classList.remove('timeline-held');
  return now;
};

document.addEventListener('pointerdown', (event) => {
  const target = event.target instanceof Element ? event.target.closest('[data-bar], [data-end]') : null;
  const line = target?.closest('[data-line]');
  const bar = line?.querySelector('[data-bar]');
  const all = line?.closest('[data-timeline]');
  const isFree = event.button === 0 && !held && !isBusy();
  if (!(line instanceof HTMLElement && bar instanceof SVGGraphicsElement && all instanceof HTMLElement && isFree)) return;
  event.preventDefault();
  bar.focus();
  target?.setPointerCapture(event.pointerId);
  const due = line.dataset['due'] ?? '';
  const { x, width } = bar.getBBox();
  const says = document.createElement('div');
  says.className = 'timeline-says';
  line.classList.add('timeline-held');
  held = {
    line,
    bar,
    end: target?.getAttribute('data-end') ?? 'both',
    from: event.clientX,
    perDay: (bar.ownerSVGElement?.clientWidth ?? 1) / Number(all.dataset['days']),
    days: 0,
    start: line.dataset['start'] || later(due, WITHOUT_A_START),
    due,
    at: x,
    long: width,
    drawn: [bar.getAttribute('x') ?? '', bar.getAttribute('width') ?? ''],
    says,
  };
});

/** An end stops at the other: what starts after it is due is no plan. @param {Held} now @param {number} days */
const within = ({ end, start, due, line }, days) => {
  const long = Math.round((Date.parse(due) - Date.parse(start)) / 86_400_000);
  if (end === 'start') return Math.min(days, long);
  return end === 'due' && line.dataset['start'] ? Math.max(days, -long) : days;
};

document.addEventListener('pointermove', (event) => {
  if (!held) return;
  held.days = within(held, Math.round((event.clientX - held.from) / held.perDay));
  if (!held.says.isConnected && held.days) document.body.append(held.says);
  const width = document.documentElement.clientWidth;
  held.says.style.left = `${Math.min(Math.max(event.clientX, 110), width - 110)}px`;
  held.says.style.top = `${held.bar.getBoundingClientRect().top - 6}px`;
  draw(held);
});

document.addEventListener('pointerup', () => {
  const now = letGo();
  if (!now) return;
  const undo = putBackOf(now);
  if (!now.days) undo();
  else if (now.end === 'both') sendDays(now.line, finderOf(now.line), now.days, undo);
  else sendDates(now.line, finderOf(now.line), datesOf(now), undo);
});

const giveUp = () => {
  const now = letGo();
  if (now) putBackOf(now)();
};
document.addEventListener('pointercancel', giveUp);

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape') giveUp();
  const bar = event.target instanceof Element ? event.target.closest('[data-bar]') : null;
  const line = bar?.closest('[data-line]');
  if (!(line instanceof HTMLElement) || (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight')) return;
  if (held || isBusy()) return;
  event.preventDefault();
  const way = event.key === 'ArrowRight' ? 1 : -1;
  if (event.shiftKey) sendDates(line, finderOf(line), { due_on: later(line.dataset['due'] ?? '', way) });
  else sendDays(line, finderOf(line), 7 * way);
});
