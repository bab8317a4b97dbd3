/** The scripts for pages, where one that must stand before them does not. */
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createContext, runInContext} from 'node:vm';
import {root} from './installed.js';

describe('a script for pages', () => {
  /** The message with which it fails; its error is of another realm. */
  const run = async (file: string, globals: object): Promise<string> => {
    const text = await readFile(join(root, 'dist', file), 'utf8');
    try {
      runInContext(text, createContext({...globals}));
      return 'it loaded';
    } catch (error) {
      return (error as Error).message; // as the script throws it
    }
  };

  it('says that it comes after that of tfjs', async () => {
    expect(await run('stochastic.umd.min.js', {})).toBe(
      'tfjs-stochastic: the script of @tensorflow/tfjs must be loaded before stochastic.umd.min.js',
    );
  });

  it('says for layers which of the two is missing', async () => {
    const file = 'stochastic-layers.umd.min.js';
    const tfjs = `tfjs-stochastic: the script of @tensorflow/tfjs, with its layers, must be loaded before ${file}`;
    expect(await run(file, {})).toBe(tfjs);
    expect(await run(file, {tf: {}})).toBe(tfjs); // core alone
    expect(await run(file, {tf: {layers: {}}})).toBe(
      `tfjs-stochastic: stochastic.umd.min.js must be loaded before ${file}`,
    );
  });

  it('says for control which of the two is missing', async () => {
    const file = 'stochastic-control.umd.min.js';
    expect(await run(file, {})).toBe(`tfjs-stochastic: the script of @tensorflow/tfjs must be loaded before ${file}`);
    expect(await run(file, {tf: {}})).toBe(`tfjs-stochastic: stochastic.umd.min.js must be loaded before ${file}`);
  });
});
