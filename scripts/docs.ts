/**
 * `npm run docs`: writes docs/distributions.md with its pictures and the made parts of docs/estimators.md and
 * docs/performance.md; with
 * `--check` it says instead which of them are not what it would write.
 */
import {existsSync, mkdirSync, readdirSync, readFileSync, rmSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {Command} from 'commander';
import {readHistory} from '../bench/history.js';
import {writeWhole} from '../examples/job/files.js';
import '../test/helpers/setup-node.js';
import {documents} from './distributions/table.js';
import {estimatorsText} from './estimators/document.js';
import {performanceText} from './performance/document.js';

const {check = false} = new Command()
  .name('npm run docs --')
  .description(
    'Makes docs/distributions.md, a picture of each family, and the tables of docs/estimators.md from the code, those of docs/performance.md from bench/history.json.',
  )
  .option('--check', 'write nothing, and fail if a file is out of date')
  .parse()
  .opts<{check?: boolean}>();

const docs = new URL('../docs/', import.meta.url);
const pictures = new URL('distributions/', docs);
const read = (name: string): string => readFileSync(new URL(name, docs), 'utf8');
const files: Record<string, string> = {
  ...documents(),
  'estimators.md': estimatorsText(read('estimators.md')),
  'performance.md': performanceText(read('performance.md'), readHistory()),
};
mkdirSync(pictures, {recursive: true});
const left = readdirSync(pictures)
  .map(name => `distributions/${name}`)
  .filter(name => !(name in files));
if (check) {
  const changed = Object.entries(files).filter(
    ([name, text]) => !existsSync(new URL(name, docs)) || read(name) !== text,
  );
  const wrong = [...changed.map(([name]) => name), ...left];
  if (wrong.length > 0) {
    console.error(`out of date, run npm run docs: ${wrong.map(name => `docs/${name}`).join(', ')}`);
    process.exitCode = 1;
  }
} else {
  for (const name of left) rmSync(new URL(name, docs));
  for (const [name, text] of Object.entries(files)) writeWhole(fileURLToPath(new URL(name, docs)), text);
  console.log(
    `docs/distributions.md with ${Object.keys(files).length - 3} pictures, docs/estimators.md and docs/performance.md written`,
  );
}
