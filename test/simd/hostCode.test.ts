import {fillWords} from '../../src/keys/threefry.js';
import {
  exponentialNoise,
  gumbelNoise,
  laplaceNoise,
  logisticNoise,
  normalNoise,
  uniformNoise,
} from '../../src/random/noise.js';
import {makeHostSimd} from '../../src/simd/hostCode.js';
import {useHostSimd} from '../../src/simd/current.js';
import {describeBackends} from '../helpers/backends.js';
import {key} from '../../src/keys/key.js';

const families = {
  uniform: uniformNoise,
  normal: normalNoise,
  exponential: exponentialNoise,
  gumbel: gumbelNoise,
  logistic: logisticNoise,
  laplace: laplaceNoise,
} as const;

/** The bits of each number: NaN and −0 tell themselves apart. */
const bitsOf = (x: Float32Array): Uint32Array => new Uint32Array(x.slice().buffer);

describe('the code of assembly/', () => {
  it('can run here', () => {
    expect(makeHostSimd()).not.toBeNull(); // Node and Chromium have SIMD
  });

  it('makes the words of the portable form, at every length and for every key', () => {
    const simd = makeHostSimd()!;
    for (const n of [1, 2, 7, 8, 9, 8191, 8192, 8193, 20001]) {
      for (const [k, domain] of [
        [[0, 0], 0],
        [[0xffffffff, 0xffffffff], 0x40000000],
        [[7, 0xdeadbeef], 0xffffffff],
      ] as const) {
        const [ours, theirs] = [new Uint32Array(n), new Uint32Array(n)];
        const firstBlock = n % 3 === 0 ? 0xfffffff0 : n; // beyond it counts wrap
        simd.words(ours, k, domain, firstBlock);
        fillWords(theirs, k, domain, firstBlock);
        expect(ours).withContext(`${n} words of ${k.join()}`).toEqual(theirs);
      }
    }
  });
});

describeBackends('noise by the code of assembly/', () => {
  afterEach(() => useHostSimd(makeHostSimd));

  for (const [name, draw] of Object.entries(families)) {
    it(`${name} has the bits of the portable form`, async () => {
      for (const n of [64, 65, 8193, 50_001]) {
        const values = [];
        for (const maker of [null, makeHostSimd]) {
          useHostSimd(maker);
          const x = draw([n], key(n));
          values.push(bitsOf((await x.data()) as Float32Array));
          x.dispose();
        }
        expect(values[1]).withContext(`${n} numbers`).toEqual(values[0]);
      }
    });
  }
});
