/** The examples by name: each file beside this folder is one. */
import {readdirSync} from 'node:fs';
import path from 'node:path';
import {check, failUnknown} from '../../src/util/errors.js';
import type {Example} from './example.js';

const folder = path.resolve(import.meta.dirname, '..');

/** `bayes-by-backprop` is in bayesByBackprop.ts. */
export function exampleNames(): string[] {
  return readdirSync(folder)
    .filter(file => file.endsWith('.ts'))
    .map(file => file.slice(0, -3).replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`))
    .sort();
}

/** The file of an example, and no other is loaded. */
export async function loadExample(name: string | undefined): Promise<Example> {
  const known = exampleNames();
  const who = 'npm run example -- NAME';
  check(name !== undefined, who, `NAME must be one of ${known.join(', ')}`, name);
  if (!known.includes(name)) failUnknown(who, 'example', name, known);
  const file = name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
  const loaded = (await import(`../${file}.js`)) as {default: Example}; // as every such file exports one
  return loaded.default;
}
