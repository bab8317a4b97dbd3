/** What an example leaves behind: `report.json`, its page, and its part of the page of all. */
import type * as Plot from '@observablehq/plot';
import {colourOf, type Curve, draw, drawCurves, finite} from '../report/curves.js';
import {fixed, round} from '../report/numbers.js';
import {escapeHtml, renderImages, renderLegend, renderPage, renderTableHtml} from '../report/page.js';
import {renderTable} from '../report/table.js';
import type {Comparison} from './example.js';

/** Rows of pictures, each with its name. */
export interface Gallery {
  readonly side: number;
  readonly rows: ReadonlyArray<readonly [name: string, images: readonly Float32Array[]]>;
}

/** Something to look at, in the order in which it came. */
export type Section =
  | {
      readonly kind: 'plot';
      readonly title: string;
      readonly names: readonly string[];
      readonly options: Plot.PlotOptions;
    }
  | {readonly kind: 'pictures'; readonly title: string; readonly gallery: Gallery}
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly columns: readonly string[];
      readonly rows: ReadonlyArray<readonly string[]>;
    };

export interface ExampleReport {
  readonly name: string;
  readonly title: string;
  readonly paper: string;
  readonly about: string;
  /** What was asked for. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly dataset: string | null;
  /** By the name of a figure, such as ELBO, a curve for each label, such as an estimator. */
  readonly curves: Readonly<Record<string, Readonly<Record<string, Curve>>>>;
  readonly sections: readonly Section[];
  readonly comparisons: readonly Comparison[];
  readonly errors: readonly string[];
  readonly seconds: number;
  readonly state: 'done' | 'running' | 'interrupted';
}

/** The report as JSON text; every number in it is finite. */
export function toJson({name, paper, settings, dataset, curves, sections, ...rest}: ExampleReport): string {
  const {comparisons, errors, seconds, state} = rest;
  const rounded = mapEntries(curves, lines =>
    mapEntries(lines, points => finite(points).map(([step, value]) => [step, round(value)])),
  );
  return `${JSON.stringify({
    example: name,
    paper,
    settings,
    dataset,
    state,
    seconds: round(seconds),
    curves: rounded,
    tables: sections.filter(s => s.kind === 'table').map(({title, columns, rows}) => ({title, columns, rows})),
    comparisons: comparisons.map(({what, paper: published, here}) => ({
      what,
      paper: published,
      here: Number.isFinite(here) ? round(here) : null,
    })),
    errors,
  })}\n`;
}

/** The tables in the terminal, the one against the paper last. */
export function toText({sections, comparisons}: ExampleReport): string {
  const tables = sections
    .filter(s => s.kind === 'table')
    .map(({title, columns, rows}) => `${title}\n${renderTable(columns, rows)}\n`);
  const note = comparisons.some(isSecondHand) ? `${secondHand}\n` : '';
  return [...tables, `${renderTable(comparisonColumns, comparisons.map(cells))}\n${note}`].join('\n');
}

/** A page that loads nothing. */
export function toHtml(report: ExampleReport): string {
  return renderPage(report.title, `<header>\n<h1>${escapeHtml(report.title)}</h1>\n${renderBody(report)}`);
}

/** All of them on one page; `hrefs` are the pages of each. */
export function toIndex(reports: readonly ExampleReport[], hrefs: readonly string[]): string {
  const title = 'The examples';
  const list = reports.map(({name, title: of}) => `<li><a href="#${name}">${escapeHtml(of)}</a></li>`);
  const parts = reports.map(
    (report, i) =>
      `<hr>\n<header id="${report.name}">\n<h1>${escapeHtml(report.title)}</h1>\n` +
      `<p><a href="${escapeHtml(hrefs[i]!)}">npm run example -- ${report.name}</a></p>\n${renderBody(report)}`,
  );
  return renderPage(title, `<h1>${title}</h1>\n<ul>${list.join('')}</ul>\n${parts.join('\n')}`);
}

const secondHand = '† second-hand: not checked in the text of the paper itself';
const isSecondHand = ({paper}: Comparison): boolean => paper.includes('†');

const comparisonColumns = ['', 'paper', 'here'];

const cells = ({what, paper, here, digits = 2}: Comparison): string[] => [what, paper, fixed(here, digits)];

/** All that is below the title, the header's end among it. */
function renderBody(report: ExampleReport): string {
  const {paper, about, dataset, settings, seconds, state, errors, curves, sections, comparisons} = report;
  const asked = Object.entries(settings).map(([key, value]) => `${key} ${String(value)}`);
  const lines = [
    paper,
    about,
    [...(dataset === null ? [] : [dataset]), ...asked, `${seconds.toFixed(0)} s`].join(' · '),
    ...(state === 'interrupted' ? ['interrupted, so some of it is shorter or missing'] : []),
    ...(state === 'running' ? ['still running'] : []),
    ...errors.map(error => `broke off: ${error}`),
  ];
  const charts = Object.entries(curves).map(([figure, byLabel]) => {
    const drawn = Object.entries(byLabel).map(([name, points]) => ({name, points: finite(points)}));
    const legend = renderLegend(drawn.map(({name}) => name));
    return `<section><h2>${escapeHtml(figure)}</h2>${legend}${drawCurves(drawn, {label: figure})}</section>`;
  });
  const plots = sections
    .filter(s => s.kind === 'plot')
    .map(({title, names, options}) => {
      const color = {domain: names, range: names.map((_, i) => colourOf(i))};
      const drawing = draw(names.length === 0 ? options : {color, ...options});
      return `<section><h2>${escapeHtml(title)}</h2>${renderLegend(names)}${drawing}</section>`;
    });
  const others = sections.map(section => {
    switch (section.kind) {
      case 'plot':
        return '';
      case 'pictures':
        return `<h2>${escapeHtml(section.title)}</h2>\n${renderGallery(section.gallery)}`;
      case 'table':
        return `<h2>${escapeHtml(section.title)}</h2>\n${renderTableHtml(section.columns, section.rows)}`;
    }
  });
  return `${lines.map(line => `<p>${escapeHtml(line)}</p>`).join('\n')}
</header>
<div class="charts">
${[...charts, ...plots].join('\n')}
</div>
${others.filter(text => text !== '').join('\n')}
<h2>Against the paper</h2>
${renderTableHtml(comparisonColumns, comparisons.map(cells))}
${comparisons.some(isSecondHand) ? `<footer>${secondHand}</footer>` : ''}`;
}

function renderGallery({side, rows}: Gallery): string {
  const columns = Math.max(...rows.map(([, images]) => images.length), 1);
  return rows
    .map(
      ([name, images]) =>
        `${name === '' ? '<figure class="alone">' : `<figure class="row"><figcaption>${escapeHtml(name)}</figcaption>`}` +
        `<div style="width:${((100 * images.length) / columns).toFixed(1)}%">${
          images.length === 0 ? '' : renderImages(name, images, {side, columns: images.length})
        }</div></figure>`,
    )
    .join('\n');
}

function mapEntries<T, U>(record: Readonly<Record<string, T>>, f: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, f(value)]));
}
