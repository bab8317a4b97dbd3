/** Bad input never hangs: every function of one element returns at once for whatever numbers it is given. */
import vm from 'node:vm';
import {existsSync, readdirSync} from 'node:fs';
import {join} from 'node:path';
import type {FunctionKernel} from '../../../src/kernels/elementwise/definition.js';

const SPECIAL = [
  NaN,
  Infinity,
  -Infinity,
  0,
  -0,
  1,
  -1,
  0.5,
  -0.5,
  1e-3,
  1e-30,
  1e-38,
  2 ** -149,
  3e38,
  -3e38,
  1e18,
  -1e18,
  1e6,
  -1e6,
  123456.7,
  2,
  -2,
  3,
  10,
  1000,
  30.5,
  1 - 2 ** -24,
  1 + 2 ** -23,
  80,
  -80,
  1e-7,
  33,
  17.25,
  1e9,
  -1e-10,
].map(Math.fround);
const CALLS = 400;

/** All kernels in what a module exports, records of records of kernels among it. */
function kernelsIn(value: unknown): FunctionKernel[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('kernelName' in value) return [value as FunctionKernel];
  return Object.values(value).flatMap(kernelsIn);
}

const folder = 'src/functions';
const functionKernels = (
  await Promise.all(
    readdirSync(folder, {withFileTypes: true})
      .filter(entry => entry.isDirectory())
      .map(({name}) => join(folder, name, 'kernels.ts'))
      .filter(file => existsSync(file))
      .map(async file => kernelsIn(await import(join('../../..', file)))),
  )
).flat();

describe('functions of one element', () => {
  it('are found', () => expect(functionKernels.length).toBeGreaterThan(150));

  for (const {kernelName, inputs, scalar} of functionKernels) {
    it(`${kernelName} returns for any numbers`, () => {
      // a fixed sequence over all combinations; the stride is prime to their number
      const combinations = SPECIAL.length ** inputs.length;
      const calls = inputs.length === 1 ? SPECIAL.length : CALLS;
      let args: number[] = [];
      const run = (): boolean => {
        for (let i = 0; i < calls; i++) {
          let rest = (i * 104_729) % combinations;
          args = inputs.map(() => {
            const value = SPECIAL[rest % SPECIAL.length]!;
            rest = Math.floor(rest / SPECIAL.length);
            return value;
          });
          if (typeof scalar(...args) !== 'number') return false;
        }
        return true;
      };
      try {
        // the one way to stop a loop that does not end
        expect(vm.runInNewContext('run()', {run}, {timeout: 3000})).toBe(true);
      } catch {
        fail(`${kernelName}(${args.join(', ')}) does not return`);
      }
    });
  }
});
