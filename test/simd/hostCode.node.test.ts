import {execFileSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import process from 'node:process';

/** Draws of a program on the cpu backend, as a digest. */
const program = `
  import '@tensorflow/tfjs-backend-cpu';
  import * as st from 'tfjs-stochastic';
  import {createHash} from 'node:crypto';
  const key = st.random.key(3);
  const draws = ['uniform', 'normal', 'gumbel', 'exponential', 'logistic', 'laplace'].map(kind => st.random[kind]([9001], {key}).dataSync());
  const hash = createHash('sha256');
  for (const values of draws) hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  console.log('digest', typeof WebAssembly, hash.digest('hex'));`;

const run = (...flags: string[]): string[] =>
  execFileSync(process.execPath, [...flags, '--import', 'tsx', '--input-type=module', '-e', program], {
    encoding: 'utf8',
  })
    .split('\n')
    .find(line => line.startsWith('digest'))!
    .split(' ');

describe('a program where there is no WebAssembly', () => {
  it('draws the same numbers', () => {
    const [, withIt, digest] = run();
    const [, without, same] = run('--no-expose-wasm');
    expect([withIt, without]).toEqual(['object', 'undefined']);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(digest).not.toBe(createHash('sha256').digest('hex'));
    expect(same).toBe(digest);
  });
});
