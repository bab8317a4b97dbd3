/** Programs as bundlers make them print the numbers that they print without: nothing is left out, and nothing shared is doubled. */
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {lacking, programs} from './bundledPrograms.js';
import {bundle} from './bundlers.js';
import {installed, runNode} from './installed.js';

const minutes = 60_000;

/** Without Node's `process`, and with a window, the bundle takes itself to be on a page. */
const PAGE = 'var process; globalThis.window = globalThis; globalThis.document = {};\n';

describe('a bundled program', () => {
  let folder: string;

  beforeAll(async () => {
    ({folder} = await installed());
  }, 5 * minutes);

  /** The program as it is, by entry, and what it prints. */
  const plain = new Map<string, Promise<string>>();
  const printed = (entry: string): Promise<string> => {
    const known = plain.get(entry) ?? run(`plain-${entry}`, programs[entry]!);
    plain.set(entry, known);
    return known;
  };

  /** What the program prints last. */
  async function run(name: string, program: string): Promise<string> {
    const file = join(folder, `${name.replace(/^plain-\.$/, 'plain-main')}.mjs`);
    await writeFile(file, program);
    return (await runNode(folder, file)).trim().split('\n').at(-1)!;
  }

  for (const bundler of ['esbuild', 'vite'] as const) {
    const entries = Object.keys(programs).filter(entry => bundler === 'esbuild' || entry === 'core');
    for (const entry of entries) {
      it(
        `of ${entry} prints the same numbers, by ${bundler}`,
        async () => {
          const name = entry === '.' ? 'main' : entry;
          const text = await bundle(bundler, folder, name, programs[entry]!);
          const bundled = await run(`${bundler}-${name}-bundled`, PAGE + text);
          expect(bundled).toBe(await printed(entry));
          expect(bundled.length).toBeGreaterThan(100);
        },
        2 * minutes,
      );
    }
  }

  it(
    'says what it lacks, and where that is, to one who asks for it by name',
    async () => {
      expect(JSON.parse(await run('lacking-whole', lacking))).toEqual(['', '', '', '']);
      const bundled = await run('lacking-bundled', PAGE + (await bundle('esbuild', folder, 'lacking', lacking)));
      expect(JSON.parse(bundled)).toEqual([
        'stl layer "a": the family "normal" is not in this bundle: import normal from tfjs-stochastic/layers, and use it',
        'stl layer "b": prior: the family Normal is not in this bundle: give the prior as a distribution, or import a ' +
          'layer of such values from tfjs-stochastic/layers, and use it',
        'stl: a saved layer is of the class Variational, which is not in this bundle: import variational from ' +
          'tfjs-stochastic/layers, and use it',
        'estimators.get: the estimator "critic" is not in this bundle: import critic from tfjs-stochastic, and use it',
      ]);
    },
    2 * minutes,
  );
});
