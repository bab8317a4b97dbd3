/** The frame of a page that loads nothing and runs no script. */
import {colourOf} from './curves.js';
import {gridPng, pngDataUri} from './png.js';

/** `body` is HTML; the title is text. */
export function renderPage(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
${body}
</main>
</body>
</html>
`;
}

/** The names of lines beside their colours. */
export function renderLegend(names: readonly string[]): string {
  return `<ul class="legend">${names.map((name, i) => `<li>${swatch(i)}${escapeHtml(name)}</li>`).join('')}</ul>`;
}

/** `cells` are texts, the first of a row its head; `marked` puts colours before those. */
export function renderTableHtml(
  columns: readonly string[],
  rows: ReadonlyArray<readonly string[]>,
  {marked = false}: {readonly marked?: boolean} = {},
): string {
  const head = columns.map(c => `<th scope="col">${escapeHtml(c)}</th>`).join('');
  const body = rows.map((row, i) => {
    const [name, ...numbers] = row.map(escapeHtml);
    const cells = numbers.map(n => `<td>${n.replace(/^-(?=[\d.])/, '−')}</td>`).join('');
    return `<tr><th scope="row">${marked ? swatch(i) : ''}${name}</th>${cells}</tr>`;
  });
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('')}</tbody></table>`;
}

/** Grey images of `side` × `side` values in [0, 1] as one picture; `alt` says what it shows. */
export function renderImages(
  alt: string,
  images: readonly Float32Array[],
  {side, columns}: {readonly side: number; readonly columns: number},
): string {
  return `<img alt="${escapeHtml(alt)}" src="${pngDataUri(gridPng(images, {side, columns}))}">`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function swatch(i: number): string {
  return `<i style="background:${colourOf(i)}"></i>`;
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
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(460px, 1fr)); gap: 20px; margin: 20px 0 28px; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 8px; padding: 16px 18px 8px; min-width: 0; }
section svg { display: block; width: 100%; height: auto; overflow: visible; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0 0 8px; padding: 0; font-size: 13px; color: var(--soft); }
figure { display: grid; grid-template-columns: 130px 1fr 1fr; gap: 20px; align-items: center; margin: 10px 0; }
figure.row { grid-template-columns: 130px 1fr; }
figure.alone { grid-template-columns: 1fr; }
figcaption { font-size: 14px; font-weight: 600; border-left: 4px solid; overflow-wrap: anywhere; padding-left: 10px; }
img { width: 100%; height: auto; image-rendering: pixelated; border-radius: 4px; border: 1px solid var(--rule); }
hr { border: 0; border-top: 1px solid var(--rule); margin: 40px 0; }
a { color: inherit; }
footer { margin-top: 28px; color: var(--soft); font-size: 13px; }
@media (max-width: 700px) { th, td { padding: 8px; } .charts { grid-template-columns: 1fr; } figure { grid-template-columns: 1fr; gap: 6px; } }
`;
