/**
 * Draws the experience curve, and keeps the filters' URL short.
 *
 * Everything else on the page stands and works before Plotly is there, and without it. `data-across` and `data-down` of [data-curve] hold the Plotly figure in its two ways of standing;
 * colours in it are names of CSS variables, so that one figure serves light and dark.
 */

import { plotlyFor } from './plotly.js';

/** @typedef {{data: import('plotly.js').Data[], layout: Partial<import('plotly.js').Layout> & {meta?: {names: string[]}}}} Figure */

const COLUMN = 76; // pixels that a stage needs to be read from left to right
const MARGIN = 104;
const BROAD = 700; // from here on, names beside a curve from top to bottom have the room to be whole
const FOR_NAMES = 170;
const isRoomy = matchMedia('(min-width: 1241px)');
const dark = matchMedia('(prefers-color-scheme: dark)');
const brush = document.createElement('canvas').getContext('2d');

/**
 * A colour as Plotly reads it: the canvas writes any CSS colour as #rrggbb or rgba().
 * @param {string} name
 */
const colourOf = (name) => {
  if (!brush) return 'grey';
  brush.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return String(brush.fillStyle);
};

/** Chooses how the chart stands, on which the room for it depends. @param {HTMLElement} chart */
const stand = (chart) => {
  const isWide = chart.clientWidth - MARGIN >= COLUMN * Number(chart.dataset['stages']);
  chart.dataset['way'] = isWide ? 'across' : 'down';
};

/**
 * @param {HTMLElement} chart
 * @returns {Figure}
 */
const figureOf = (chart) => {
  stand(chart);
  const text = (chart.dataset['way'] === 'across' ? chart.dataset['across'] : chart.dataset['down']) ?? '{}';
  return JSON.parse(text.replace(/var\((--cx-[a-z-]+)\)/g, (_all, name) => colourOf(name)));
};

/**
 * From top to bottom on a broad page: the margin of the names, and the phases beyond it, move left.
 * @param {Figure['layout']} layout
 */
const giveNamesRoom = (layout) => {
  layout.margin = { ...layout.margin, l: (layout.margin?.l ?? 0) + FOR_NAMES };
  layout.yaxis = { ...layout.yaxis, ticktext: layout.meta?.names ?? [] };
  for (const shape of layout.shapes ?? []) {
    if (shape.xsizemode !== 'pixel') continue;
    shape.x0 = Number(shape.x0) - FOR_NAMES;
    shape.x1 = Number(shape.x1) - FOR_NAMES;
  }
  for (const words of layout.annotations ?? []) {
    if (words.textangle) words.xshift = (words.xshift ?? 0) - FOR_NAMES;
  }
};

/** @param {HTMLElement} chart */
const draw = async (chart) => {
  await plotlyFor(chart);
  stand(chart);
  const wanted = shapeOf(chart);
  if (!chart.isConnected || chart.dataset['drawn'] === wanted) return;
  const figure = figureOf(chart);
  figure.layout.width = chart.clientWidth;
  if (chart.dataset['way'] === 'down' && chart.clientWidth >= BROAD) giveNamesRoom(figure.layout);
  // From left to right it is as high as the style sheet says.
  if (chart.dataset['way'] === 'across') figure.layout.height = chart.clientHeight;
  figure.layout.font = { ...figure.layout.font, family: getComputedStyle(document.body).fontFamily };
  await Plotly.react(chart, figure.data, figure.layout, { displayModeBar: false });
  chart.dataset['drawn'] = wanted;
  if (shapeOf(chart) !== wanted) ask(chart); // turned meanwhile
};

/**
 * What a drawing depends on; one from top to bottom makes its own height.
 * @param {HTMLElement} chart
 */
const shapeOf = (chart) =>
  `${dark.matches ? 'dark' : 'light'} ${chart.clientWidth} ${chart.dataset['way'] === 'across' ? chart.clientHeight : ''}`;

/** @type {WeakMap<HTMLElement, Promise<void>>} */
const asked = new WeakMap();

/**
 * One drawing of a chart after the other: two at once leave the points of one on the lines of the other.
 * @param {HTMLElement} chart
 */
const ask = (chart) => {
  const before = asked.get(chart) ?? Promise.resolve();
  asked.set(
    chart,
    before.then(() => draw(chart)).catch(openTable),
  );
};

const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target instanceof HTMLElement && target.dataset['drawn'] && target.dataset['drawn'] !== shapeOf(target)) {
      ask(target);
    }
  }
});

const drawAll = () => {
  for (const chart of document.querySelectorAll('[data-curve]')) {
    if (!(chart instanceof HTMLElement)) continue;
    stand(chart);
    ask(chart);
    resized.observe(chart);
  }
};

/** It holds what a chart that can't be drawn would have shown. */
const openTable = () => {
  for (const table of document.querySelectorAll('[data-curve-table]')) table.setAttribute('open', '');
};

/**
 * The table stands open for whoever has no script, and where the gaps beside it leave the room: not
 * below a curve from top to bottom, which has the figures of each stage beside it.
 */
const closeTable = () => {
  const isDown = document.querySelector('[data-curve][data-way="down"]') !== null;
  if (isRoomy.matches && !isDown) return;
  for (const table of document.querySelectorAll('[data-curve-table]')) table.removeAttribute('open');
};

/** @param {Document | Element} root */
const begin = (root) => {
  if (!root.querySelector('[data-curve]')) return;
  drawAll();
  closeTable();
};

begin(document);
document.addEventListener('htmx:afterSwap', (event) => {
  if (event.target instanceof Element) begin(document);
});
dark.addEventListener('change', () => requestAnimationFrame(drawAll));

/** Filters stay open, and the one in hand keeps the focus, while the page below them changes. */
let kept = '';
document.addEventListener('htmx:beforeSwap', () => {
  const open = document.querySelector('[data-filters-box][open]');
  kept = open ? document.activeElement?.id || 'open' : '';
});
document.addEventListener('htmx:afterSwap', () => {
  const box = document.querySelector('[data-filters-box]');
  if (!kept || !box) return;
  box.setAttribute('open', '');
  document.getElementById(kept)?.focus();
});

/** Links that were drawn before the heat map got another dimension keep it as well. */
const keepDimension = () => {
  const chosen = document.querySelector('#heat-by');
  if (!(chosen instanceof HTMLInputElement) || !chosen.value) return;
  for (const link of document.querySelectorAll('a[data-keeps-dimension]')) {
    if (!(link instanceof HTMLAnchorElement)) continue;
    const address = new URL(link.href);
    address.searchParams.set('by', chosen.value);
    link.href = address.href;
  }
};
document.addEventListener('htmx:afterSwap', keepDimension);

/** A wave and months exclude each other: the one just chosen stays. */
document.addEventListener(
  'change',
  (event) => {
    const field = event.target;
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement) || !field.value) return;
    const form = field.form;
    if (!form?.matches('[data-filters]')) return;
    const others = field.name === 'wave' ? ['from', 'to'] : ['from', 'to'].includes(field.name) ? ['wave'] : [];
    for (const name of others) {
      const other = form.elements.namedItem(name);
      if (other instanceof HTMLInputElement || other instanceof HTMLSelectElement) other.value = '';
    }
  },
  { capture: true },
);

/** Only what is chosen belongs into the address. */
document.addEventListener('htmx:configRequest', (event) => {
  if (!(event instanceof CustomEvent) || !(event.target instanceof Element)) return;
  if (!event.target.matches('[data-filters]')) return;
  const parameters = event.detail.parameters;
  for (const name of Object.keys(parameters)) {
    if (!parameters[name]) delete parameters[name];
  }
});
