/** What the API reports in etc/ are compared by. */
import {readdirSync, readFileSync} from 'node:fs';
import {entriesOf, outOfDate, reportName, withoutNoise} from '../../scripts/surface/reports.mjs';

const root = new URL('../../', import.meta.url);
const entries = entriesOf(readFileSync(new URL('tsconfig.json', root), 'utf8'));
const text = (file: string): string => readFileSync(new URL(`etc/${file}`, root), 'utf8');

describe('the API reports', () => {
  it('are there for every entry, and for no other', () => {
    expect(entries.map(({entry}) => entry)).toContain('tfjs-stochastic');
    expect(readdirSync(new URL('etc/', root)).sort()).toEqual(entries.map(({entry}) => reportName(entry)).sort());
  });

  it('are out of date where a name is new, gone or of another type, or a report is missing or of no entry', () => {
    const file = reportName('tfjs-stochastic');
    const known = {[file]: text(file), 'b.api.md': 'b'};
    expect(outOfDate(known, {...known})).toEqual([]);
    expect(outOfDate(known, {...known, [file]: `${text(file)}\nexport const x: number;`})).toEqual([file]);
    expect(outOfDate(known, {...known, [file]: text(file).replace('export class Normal', 'class Normal')})).toEqual([
      file,
    ]);
    expect(outOfDate(known, {[file]: text(file)})).toEqual(['b.api.md']);
    expect(outOfDate(known, {...known, 'c.api.md': 'c'})).toEqual(['c.api.md']);
  });

  it('name what comes from another package instead of repeating it', () => {
    const layers = text(reportName('tfjs-stochastic/layers'));
    expect(layers).toContain("from 'tfjs-stochastic';");
    expect(layers).not.toContain('class Normal');
  });

  it('leave out remarks on docstrings, whose tests know of inherited ones', () => {
    expect(withoutNoise('a {\n    // (undocumented)\n    b: number;\n}\n')).toBe('a {\n    b: number;\n}\n');
    for (const {entry} of entries) expect(text(reportName(entry))).not.toContain('(undocumented)');
  });
});
