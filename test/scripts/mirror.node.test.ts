import {execFileSync} from 'node:child_process';
import {existsSync, readFileSync} from 'node:fs';
import {transformSync} from 'esbuild';
import * as st from 'tfjs-stochastic';
import {holdsLogic, judgesOf, mirrored, strays, wantedFor} from '../../scripts/mirror.mjs';

/** Source files that hold logic and that no test is named for: this may only become less. */
const LEFT = 0;

describe('tests', () => {
  const list = (...folders: string[]): string[] =>
    execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', ...folders], {encoding: 'utf8'})
      .split('\n')
      .filter(file => file.endsWith('.ts') && existsSync(file));
  const [sources, tests] = [list('src', 'layers', 'control'), list('test').filter(file => file.endsWith('.test.ts'))];

  it('are found by the name of what they judge', () => {
    const codes = sources.map(file => [file, transformSync(readFileSync(file, 'utf8'), {loader: 'ts'}).code] as const);
    const judges = Object.entries(judgesOf(Object.fromEntries(codes), tests, st.estimators.names()));
    const left = judges.filter(([, judge]) => judge === null).map(([file]) => file);
    if (left.length > LEFT)
      fail(
        `${left.length} source files have no test at the mirrored path, ${LEFT} are allowed: ${left.join(', ')}. ` +
          `To be written: ${wantedFor(left).join(', ')}`,
      );
  });

  it('mirror a source file or its folder, or stand in a folder whose name says what they judge', () => {
    expect(strays(sources, tests)).toEqual([]);
  });
});

describe('the judge of a source file', () => {
  const use = (...paths: string[]): string => paths.map(path => `import {x} from "${path}";\n`).join('');
  const f = 'export const f = () => 1;';
  const judged = (sources: Record<string, string>, tests: string[], names: string[] = []) =>
    judgesOf(sources, tests, names);

  it('lies at the mirrored path, in Node only or not', () => {
    expect(mirrored('src/a/b.ts')).toBe('test/a/b');
    expect(mirrored('layers/c.ts')).toBe('test/layers/c');
    expect(mirrored('control/c.ts')).toBe('test/control/c');
    const sources = {'src/a/b.ts': f, 'src/a/c.ts': f, 'layers/d.ts': f, 'src/a/lost.ts': f};
    const tests = ['test/a/b.test.ts', 'test/a/c.node.test.ts', 'test/layers/d.test.ts'];
    expect(judged(sources, tests)).toEqual({
      'src/a/b.ts': 'own',
      'src/a/c.ts': 'own',
      'layers/d.ts': 'own',
      'src/a/lost.ts': null,
    });
  });

  it('is wanted once for a folder that has a door', () => {
    expect(wantedFor(['src/a/b/scalar.ts', 'src/a/b/functions.ts', 'src/a/c.ts', 'layers/d.ts'])).toEqual([
      'test/a/b/functions.test.ts',
      'test/a/c.test.ts',
      'test/layers/d.test.ts',
    ]);
  });

  it('is that of the door of its folder, of those few who use it, or the proofs', () => {
    const sources = {
      'src/a/b/functions.ts': f,
      'src/a/b/scalar.ts': f,
      'src/a/main.ts': use('./part.js') + f,
      'src/a/part.ts': use('./main.js') + f,
      'src/estimators/relax.ts': f,
      'src/a/index.ts': f,
      'src/a/data.ts': 'export const data = [1];',
    };
    const tests = ['test/a/b/functions.test.ts', 'test/a/main.test.ts'];
    expect(judged(sources, tests, ['relax'])).toEqual({
      'src/a/b/functions.ts': 'own',
      'src/a/b/scalar.ts': 'door',
      'src/a/main.ts': 'own',
      'src/a/part.ts': 'part',
      'src/estimators/relax.ts': 'proofs',
    });
    expect(holdsLogic('export {};')).toBeFalse();
    expect(
      strays(
        ['src/a/main.ts'],
        [...tests, 'test/a/other.test.ts', 'test/a/suites/all.test.ts', 'test/lint/rules.node.test.ts'],
      ),
    ).toEqual(['test/a/b/functions.test.ts', 'test/a/other.test.ts']);
  });
});
