/** The documentation of the distributions is what the code gives. */
import {existsSync, readdirSync, readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import {documents, familyNames} from '../../scripts/distributions/table.js';

const docs = new URL('../../docs/', import.meta.url);

describe('docs/distributions.md', () => {
  let files: Record<string, string>;

  beforeAll(async () => {
    await tf.setBackend('cpu');
    files = documents();
  });

  it('is the one that `npm run docs` makes, with a picture of every family', () => {
    for (const [name, text] of Object.entries(files)) {
      const file = new URL(name, docs);
      const committed = existsSync(file) ? readFileSync(file, 'utf8') : '';
      if (committed !== text) fail(`docs/${name} is not up to date; run npm run docs`);
    }
    expect(readdirSync(new URL('distributions/', docs)).sort()).toEqual(familyNames().map(name => `${name}.svg`).sort());
  });

  it('has a row and a picture that shows something for every family', () => {
    for (const name of familyNames()) {
      expect(files['distributions.md']).toContain(`| [${name}](#${name.toLowerCase()}) |`);
      expect(files[`distributions/${name}.svg`]).toMatch(/<path[^>]* d="M.{40,}|<circle/);
    }
  });
});
