/** What holds for every example: it works, it is a page of code, and it takes bad input as the main job does. */
import {mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {exampleNames, loadExample} from '../../examples/frame/names.js';
import {errorOfAsync, freshFolders, idxBytes, root, runHere, temporaryFolder, writeFile} from './helpers.js';

/** Lines of code of an example, without imports and comments, what it declares for its command line, and its report. */
function linesOf(file: string): number {
  const text = readFileSync(file, 'utf8')
    .replace(/^import [^;]*;\n/gm, '')
    .replace(/^export default example\({\n[^]*?(?=^ {2}(async )?run\()/m, '')
    .replace(/^ {4}\/\/ The report\n[^]*/m, '')
    .replace(/^\s*\/\*\*[^]*?\*\/\n/gm, '')
    .replace(/^\s*\/\/.*\n/gm, '');
  return text.split('\n').filter(line => line.trim() !== '').length;
}

describe('every example', () => {
  const folder = temporaryFolder();
  const fresh = freshFolders(folder);

  for (const name of exampleNames()) {
    describe(name, () => {
      it('works in its smoke mode and leaves no tensor behind', async () => {
        const before = tf.memory().numTensors;
        const {code, report} = await runHere(name, ['--smoke']);
        expect(report!.errors).toEqual([]);
        expect(code).toBe(0);
        expect(report!.comparisons.length).toBeGreaterThan(0);
        expect(Object.keys(report!.curves).length + report!.sections.length).toBeGreaterThan(0);
        expect(tf.memory().numTensors).toBe(before);
      });

      it('keeps what there is when it is interrupted', async () => {
        const {code, report} = await runHere(name, ['--smoke', '--steps', '100000'], {interrupted: true});
        expect(code).toBe(129);
        expect(report!.state).toBe('interrupted');
        expect(report!.errors).toEqual([]);
      });

      it('is a page of code', () => {
        const file = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
        expect(linesOf(path.join(root, `examples/${file}.ts`))).toBeLessThanOrEqual(80);
      });

      it('refuses what it cannot do in one sentence, before it begins', async () => {
        const {images, estimators, options} = await loadExample(name);
        const [file, blocked, broken] = [writeFile(fresh(), 'file', new Uint8Array(1)), fresh(), fresh()];
        mkdirSync(path.join(blocked, 'report.html'));
        writeFileSync(path.join(broken, 'train-images-idx3-ubyte'), idxBytes(new Uint8Array(784), {count: 2}));
        const cases: Array<[args: string[], message: RegExp]> = [
          [['--stps', '3'], new RegExp(`^npm run example -- ${name}: unknown option "--stps"; did you mean "--steps"`)],
          [['--steps', '0'], /^--steps: must be a positive integer, got "0"$/],
          [['--seed', '-1'], /^--seed: must be an integer >= 0, got "-1"$/],
          [['fast'], /: too many arguments/],
          [['--out', file], /^--out: must be a folder that exists or can be made, got/],
          [['--out', blocked], /^--out: .*report\.html must be a file, or not be there, got "a folder"$/],
        ];
        if (images !== undefined) {
          cases.push(
            [['--data', path.join(fresh(), 'none')], /^--data: the folder must exist, got/],
            [['--data', fresh()], /^--data: the folder must hold one of train-images/],
            [['--data', broken], /^--data: .* is truncated/],
            [['--batch', '100001'], /^--batch: must be at most the number of images, \d+, got 100001$/],
          );
        }
        if (images?.labels === true) {
          const unlabelled = fresh();
          writeFileSync(path.join(unlabelled, 'train-images-idx3-ubyte'), idxBytes(new Uint8Array(784 * images.batch)));
          cases.push([['--data', unlabelled], /^--data: the folder must hold one of train-labels-idx1-ubyte, /]);
        }
        if (estimators !== undefined) {
          cases.push(
            [['--estimator', 'relx'], /^--estimator: unknown estimator "relx"; (did you mean|known: )/],
            [['--estimator', ','], /^--estimator: must name at least one estimator, got ","$/],
          );
        }
        for (const [key, {value}] of Object.entries(options)) {
          const flag = `--${key.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`)}`;
          if (value !== undefined) cases.push([[flag, 'nonsense'], new RegExp(`^${flag}: .*"nonsense"`)]);
        }
        for (const [args, message] of cases)
          expect(await errorOfAsync(() => runHere(name, args)))
            .withContext(args.join(' '))
            .toMatch(message);
      });
    });
  }
});
