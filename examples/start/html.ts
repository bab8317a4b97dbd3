/** `report.html` of `npm start`. */
import {colourOf, drawCurves, finite} from '../report/curves.js';
import {escapeHtml, renderImages, renderLegend, renderPage, renderTableHtml} from '../report/page.js';
import {type Pictures, type Report, summarise, widths} from './report.js';
import {cells, columns} from './table.js';

const title = 'Gradient estimators on a Bernoulli VAE';

/** `pictures[i]` belongs to `report.runs[i]`, if there are any; `note` is a line under the title. */
export function renderHtml(report: Report, pictures: ReadonlyArray<Pictures | null>, note: string): string {
  const curves = (pick: 'elbo' | 'logVariance', label: string): string =>
    drawCurves(
      report.runs.map(run => ({name: run.estimator, points: finite(run[pick])})),
      {label},
    );
  const legend = renderLegend(report.runs.map(run => run.estimator));
  const originals = pictures.find(p => p !== null)?.originals;
  const rows = report.runs.map(run => cells(summarise(run)));
  return renderPage(
    title,
    `<header>
<h1>${title}</h1>
<p>${escapeHtml(`${widths(report.layers)}, linear, 200 Bernoulli latents a layer · ${report.dataset} · batch ${report.batch}`)}</p>
<p>${escapeHtml(note)}</p>
${report.runs.map(run => (run.error === undefined ? '' : `<p>${escapeHtml(`${run.estimator} broke off: ${run.error}`)}</p>\n`)).join('')}</header>
${renderTableHtml(columns, rows, {marked: true})}
<div class="charts">
<section><h2>ELBO</h2>${legend}${curves('elbo', 'ELBO of the minibatches (nats)')}</section>
<section><h2>Gradient variance</h2>${legend}${curves('logVariance', 'ln variance of the encoder’s gradient')}</section>
</div>
<h2>Digits</h2>
<p>Left: images, and their reconstructions through one sample of the latents. Right: the decoder’s answer to latents drawn from the prior.</p>
${originals === undefined ? '' : figure('images', originals, [])}
${report.runs.map((run, i) => (pictures[i] ? figure(run.estimator, pictures[i].reconstructions, pictures[i].samples, colourOf(i)) : '')).join('\n')}
<footer>The variance is that of the gradient estimate of the encoder’s weights and biases on one fixed minibatch, from ten estimates every
fifty steps: the mean over the components, natural logarithm. An estimator that draws several samples a step (leaveOneOut: 4) is shown as it is used, with all of them.</footer>`,
  );
}

function figure(
  name: string,
  left: readonly Float32Array[],
  right: readonly Float32Array[],
  colour = 'currentColor',
): string {
  const image = (pictures: readonly Float32Array[], what: string): string =>
    pictures.length === 0
      ? '<span></span>'
      : renderImages(`${name}: ${what}`, pictures, {side: 28, columns: pictures.length});
  return (
    `<figure><figcaption style="border-color:${colour}">${escapeHtml(name)}</figcaption>` +
    `${image(left, right.length === 0 ? 'originals' : 'reconstructions')}${image(right, 'samples')}</figure>`
  );
}
