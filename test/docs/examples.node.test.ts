/** The programs in the documentation run as they stand. */
import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../helpers/backends.js';

type Program = (...args: unknown[]) => Promise<unknown>;

/** The constructor of functions of text, as `new Function`, of those that may wait. */
const AsyncFunction = (async () => { await Promise.resolve(); }).constructor as new (...text: string[]) => Program;

const text = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

/** The blocks of a file by the heading above them. */
function programs(file: string): Array<[string, string]> {
  return text(file).split(/^##+ /m).slice(1).flatMap(part => [...part.matchAll(/```ts\n(.*?)```/gs)].map((match): [string, string] => [part.split('\n')[0]!, match[1]!]));
}

describeBackends('docs/recipes.md', () => {
  const found = programs('docs/recipes.md');

  it('has a program under each heading', () => {
    expect(found.length).toBeGreaterThan(10);
    expect(found.map(([heading]) => heading)).toEqual(text('docs/recipes.md').split('\n').filter(line => line.startsWith('## ')).map(line => line.slice(3)));
  });

  it('links to its own headings', () => {
    const anchors = found.map(([heading]) => heading.toLowerCase().replace(/[^a-z ]/g, '').replaceAll(' ', '-'));
    const links = [...text('docs/recipes.md').matchAll(/\]\(#([a-z-]+)\)/g)].map(match => match[1]!);
    expect([...links].sort()).toEqual([...anchors].sort());
  });

  for (const [heading, program] of found) {
    it(`runs: ${heading}`, async () => {
      const warn = spyOn(console, 'warn');
      await new AsyncFunction('tf', 'st', 'stl', program)(tf, st, stl);
      expect(warn).not.toHaveBeenCalled();
      tf.disposeVariables();
    });
  }
}, {inNode: ['wasm']});
