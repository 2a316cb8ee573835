/**
 * Plotly, fetched where a chart is and at no other place: after the page has been painted once, so that
 * no figure and no table ever waits for it, and once a page however many charts there are.
 */

/** @type {Promise<void> | undefined} */
let asked;

const painted = () =>
  new Promise((resolve) => {
    requestAnimationFrame(() => setTimeout(resolve));
  });

/** @param {string} address */
const fetched = (address) =>
  new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = address;
    script.addEventListener('load', resolve);
    script.addEventListener('error', () => reject(new Error(`${address} can't be read`)));
    document.head.append(script);
  });

/**
 * Until `Plotly` can be used; rejected where its file can't be read, and asked for again the next time.
 * @param {HTMLElement} chart its `data-plotly` is the address
 * @returns {Promise<void>}
 */
export const plotlyFor = (chart) => {
  asked ??= painted()
    .then(() => fetched(chart.dataset['plotly'] ?? ''))
    .then(() => {})
    .catch((error) => {
      asked = undefined;
      throw error;
    });
  return asked;
};
