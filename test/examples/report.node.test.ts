import {drawCurves} from '../../examples/report/curves.js';
import {renderHtml} from '../../examples/start/html.js';
import {type Report, summarise, toJson} from '../../examples/start/report.js';
import {renderTable} from '../../examples/report/table.js';
import {cells, columns} from '../../examples/start/table.js';

describe('a report', () => {
  const report: Report = {
    dataset: '<b>"drawn" & small',
    batch: 24,
    runs: [
      {
        estimator: 'nvil',
        steps: 4,
        elbo: [
          [1, -4],
          [2, -3],
          [3, -2],
          [4, -1],
        ],
        logVariance: [
          [0, -1],
          [2, NaN],
        ],
        msPerStep: 1.25,
      },
      {estimator: 'relax', steps: 0, elbo: [], logVariance: [], msPerStep: NaN},
    ],
  };
  const picture = new Float32Array(784).fill(0.5);
  const pictures = {originals: [picture], reconstructions: [picture, picture], samples: [picture]};

  it('is JSON of finite numbers', () => {
    expect(JSON.parse(toJson(report))).toEqual({
      dataset: report.dataset,
      batch: 24,
      runs: [
        {
          estimator: 'nvil',
          steps: 4,
          elbo: [
            [1, -4],
            [2, -3],
            [3, -2],
            [4, -1],
          ],
          logVariance: [[0, -1]],
          msPerStep: 1.25,
        },
        {estimator: 'relax', steps: 0, elbo: [], logVariance: [], msPerStep: 0},
      ],
    });
  });

  it('sums up the last quarter of the steps', () => {
    expect(summarise(report.runs[0]!).elbo).toBe(-1);
    expect(
      summarise({
        ...report.runs[0]!,
        elbo: [
          [1, -9],
          [7, -3],
          [8, -2],
        ],
        steps: 8,
      }).elbo,
    ).toBe(-2.5);
    expect(summarise(report.runs[1]!).elbo).toBeNull();
  });

  it('is a page that loads nothing, runs nothing and escapes names', () => {
    const html = renderHtml(report, [pictures, pictures], 'a note');
    expect(html).not.toMatch(/<script|<link|https?:\/\//i);
    expect(html).toContain('&lt;b&gt;&quot;drawn&quot; &amp; small');
    for (const source of html.match(/src="[^"]*"/g) ?? []) expect(source).toMatch(/^src="data:image\/png;base64,/);
    expect(html.match(/<svg/g)!.length).toBe(2);
    expect(html.match(/<img/g)!.length).toBe(5);
    expect(html).toContain('ELBO of the minibatches');
  });

  it('leaves out what is not finite, in numbers, drawings and means, and says why a run broke off', () => {
    const wild = [NaN, Infinity, -Infinity].map((value, i): [number, number] => [i + 1, value]);
    const broken: Report = {
      ...report,
      runs: [
        {
          estimator: 'nvil',
          steps: 4,
          elbo: [...wild, [4, -1]],
          logVariance: wild,
          msPerStep: NaN,
          error: 'it <fell> over',
        },
      ],
    };
    expect(JSON.parse(toJson(broken))).toEqual({
      dataset: report.dataset,
      batch: 24,
      runs: [{estimator: 'nvil', steps: 4, elbo: [[4, -1]], logVariance: [], msPerStep: 0, error: 'it <fell> over'}],
    });
    const html = renderHtml(broken, [null], '');
    expect(html).not.toMatch(/NaN|Infinity|undefined/);
    expect(html).toContain('nvil broke off: it &lt;fell&gt; over');
    expect(summarise(broken.runs[0]!).elbo).toBe(-1);
    expect(summarise({...broken.runs[0]!, elbo: wild}).elbo).toBeNull();
  });

  it('draws lines whose names are colours of style sheets', () => {
    const drawing = drawCurves(
      [
        {
          name: 'none',
          points: [
            [0, 1],
            [1, 2],
          ],
        },
      ],
      {label: 'y'},
    );
    expect(drawing).toContain('stroke="#0072b2"');
    expect(drawing).not.toMatch(/<path[^>]*stroke="none"/);
  });

  it('is a page even without a run', () => {
    expect(renderHtml({...report, runs: []}, [], '')).toContain('</html>');
  });

  it('ends with a table', () => {
    const table = renderTable(
      columns,
      report.runs.map(run => cells(summarise(run))),
    );
    expect(table).toContain('nvil');
    expect(table).toContain('-1.00');
    expect(table).toContain('1.25');
  });
});
