/** The tables of docs/performance.md are what bench/history.json gives. */
import {readFileSync} from 'node:fs';
import {historyText, readHistory, type Release} from '../../bench/history.js';
import {performanceText} from '../../scripts/performance/document.js';

const text = readFileSync(new URL('../../docs/performance.md', import.meta.url), 'utf8');
const lineOf = (name: string, columns: Record<string, number>) => ({name, backend: 'wasm', size: 24, ...columns});
const release: Release = {
  node: 'v20.1.0',
  cpu: 'a processor',
  clock: 'cpu',
  lines: [
    lineOf('step nvil', {ours: 2, byHand: 1, torch: 0.123}),
    lineOf('sample Gamma from numbers', {ours: 10, torch: 20}),
    lineOf('sample Gamma from tensors', {ours: 123.4}),
    {...lineOf('memory nvil', {ours: 2_500_000}), unit: 'bytes'},
  ],
};

describe('docs/performance.md', () => {
  it('is what `npm run docs` would leave it as', () => expect(performanceText(text, readHistory())).toBe(text));

  it('shows the last release, with those who were measured', () => {
    const made = performanceText(text, {'0.0.1': {...release, lines: []}, '0.0.2': release});
    expect(made).toContain('Version 0.0.2, Node 20.1.0, a processor, time of the processor.');
    expect(made).toContain('|  | batch | here | by hand, with our kernels | PyTorch |');
    expect(made).toContain('| nvil | 24 | 2 | 1 | 0.12 |');
    expect(made).toContain('| Gamma | 10 | 20 | 123 |  |');
    expect(made).toContain('| nvil | 24 | 2.5 MB |');
  });
});

describe('bench/history.json', () => {
  it('is written with a line for each line', () => {
    const written = historyText({'0.0.1': release, '0.0.2': release});
    expect(JSON.parse(written)).toEqual({'0.0.1': release, '0.0.2': release});
    expect(written.split('\n').length).toBe(2 * (release.lines.length + 2) + 3);
  });
});
