/** `report.html`: one page that loads nothing and runs no script. */
import {colourOf, drawCurves} from './curves.js';
import {gridPng, pngDataUri} from './png.js';
import {finite, type Pictures, type Report, summarise, widths} from './report.js';
import {cells, columns} from './table.js';

/** `pictures[i]` belongs to `report.runs[i]`, if there are any; `note` is a line under the title. */
export function renderHtml(report: Report, pictures: ReadonlyArray<Pictures | null>, note: string): string {
  const curves = (pick: 'elbo' | 'logVariance', label: string): string =>
    drawCurves(
      report.runs.map(run => ({name: run.estimator, points: finite(run[pick])})),
      {label},
    );
  const originals = pictures.find(p => p !== null)?.originals;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Gradient estimators on a Bernoulli VAE</title>
<style>${style}</style>
</head>
<body>
<main>
<header>
<h1>Gradient estimators on a Bernoulli VAE</h1>
<p>${escapeHtml(`${widths(report.layers)}, linear, 200 Bernoulli latents a layer · ${report.dataset} · batch ${report.batch}`)}</p>
<p>${escapeHtml(note)}</p>
${report.runs.map(run => (run.error === undefined ? '' : `<p>${escapeHtml(`${run.estimator} broke off: ${run.error}`)}</p>\n`)).join('')}</header>
${table(report)}
<div class="charts">
<section><h2>ELBO</h2>${legend(report)}${curves('elbo', 'ELBO of the minibatches (nats)')}</section>
<section><h2>Gradient variance</h2>${legend(report)}${curves('logVariance', 'ln variance of the encoder’s gradient')}</section>
</div>
<h2>Digits</h2>
<p>Left: images, and their reconstructions through one sample of the latents. Right: the decoder’s answer to latents drawn from the prior.</p>
${originals === undefined ? '' : figure('images', originals, [])}
${report.runs.map((run, i) => (pictures[i] ? figure(run.estimator, pictures[i].reconstructions, pictures[i].samples, colourOf(i)) : '')).join('\n')}
<footer>The variance is that of the gradient estimate of the encoder’s weights and biases on one fixed minibatch, from ten estimates every
fifty steps: the mean over the components, natural logarithm. An estimator that draws several samples a step (leaveOneOut: 4) is shown as it is used, with all of them.</footer>
</main>
</body>
</html>
`;
}

function legend(report: Report): string {
  return `<ul class="legend">${report.runs.map((run, i) => `<li>${swatch(i)}${escapeHtml(run.estimator)}</li>`).join('')}</ul>`;
}

function swatch(i: number): string {
  return `<i style="background:${colourOf(i)}"></i>`;
}

function table(report: Report): string {
  const head = columns.map(c => `<th scope="col">${escapeHtml(c)}</th>`).join('');
  const rows = report.runs.map((run, i) => {
    const [name, ...numbers] = cells(summarise(run)).map(escapeHtml);
    return `<tr><th scope="row">${swatch(i)}${name}</th>${numbers.map(n => `<td>${n.replace('-', '−')}</td>`).join('')}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
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
      : `<img alt="${escapeHtml(`${name}: ${what}`)}" src="${pngDataUri(gridPng(pictures, {side: 28, columns: pictures.length}))}">`;
  return (
    `<figure><figcaption style="border-color:${colour}">${escapeHtml(name)}</figcaption>` +
    `${image(left, right.length === 0 ? 'originals' : 'reconstructions')}${image(right, 'samples')}</figure>`
  );
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

const style = `
:root { color-scheme: light dark; --ink: #1d2430; --soft: #5b6675; --page: #f6f7f9; --card: #fff; --rule: #e1e5ea; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ee; --soft: #9aa5b4; --page: #14181e; --card: #1c222a; --rule: #2e3743; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
main { max-width: 1160px; margin: 0 auto; padding: 32px 20px 48px; }
h1 { font-size: 26px; margin: 0 0 4px; letter-spacing: -.01em; }
h2 { font-size: 17px; margin: 0 0 6px; }
header p { margin: 0; color: var(--soft); }
table { border-collapse: collapse; width: 100%; margin: 24px 0; background: var(--card); border: 1px solid var(--rule); border-radius: 8px; }
th, td { padding: 9px 16px; text-align: right; font-variant-numeric: tabular-nums; }
th:first-child { text-align: left; font-weight: 600; white-space: nowrap; }
thead th { color: var(--soft); font-size: 13px; font-weight: 600; }
tbody tr > * { border-top: 1px solid var(--rule); }
i { display: inline-block; width: 12px; height: 12px; border-radius: 3px; margin-right: 8px; vertical-align: -1px; }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(460px, 1fr)); gap: 20px; margin-bottom: 28px; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 16px 18px 8px; min-width: 0; }
section svg { display: block; width: 100%; height: auto; overflow: visible; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0 0 8px; padding: 0; font-size: 13px; color: var(--soft); }
figure { display: grid; grid-template-columns: 130px 1fr 1fr; gap: 20px; align-items: center; margin: 10px 0; }
figcaption { font-size: 14px; font-weight: 600; border-left: 4px solid; padding-left: 10px; }
img { width: 100%; height: auto; image-rendering: pixelated; border-radius: 4px; border: 1px solid var(--rule); }
footer { margin-top: 28px; color: var(--soft); font-size: 13px; }
@media (max-width: 700px) { th, td { padding: 8px; } .charts { grid-template-columns: 1fr; } figure { grid-template-columns: 1fr; gap: 6px; } }
`;
