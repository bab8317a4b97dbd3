import * as tf from '@tensorflow/tfjs';
import {checkGradientsRegistered, ensureKernels} from '../../src/kernels/index.js';
import {describeBackends, gpuOf, inBrief} from '../helpers/backends.js';
import {cases} from './cases.js';
import {referenceDerivatives, relativeError, tfjsDerivatives} from './derivatives.js';

describeBackends(
  'derivatives to the third order',
  backend => {
    // The emulated GPUs compile each program anew, so there only the orders that estimators take are tested.
    const orders = backend === 'cpu' || backend === 'wasm' ? 3 : 2;
    const tolerance = backend === 'cpu' || backend === 'wasm' ? 2e-5 : 1e-3;

    beforeAll(() => ensureKernels());

    for (const c of cases) {
      if (c.lacking?.includes(backend) || (inBrief && backend !== gpuOf(c.name))) continue;
      it(`are exact through ${c.name}`, async () => {
        const exact = referenceDerivatives(c);
        const before = tf.memory().numTensors;
        const got = await tfjsDerivatives(c, orders);
        expect(tf.memory().numTensors).toBe(before);
        got.forEach((g, i) => {
          const context = `order ${i + 1}: got ${g.join()}, exact ${exact[i]!.join()}`;
          expect(relativeError(g, exact[i]!)).withContext(context).toBeLessThan(tolerance);
        });
      }, 60000);
    }

    it('of quotients do not square the denominator', async () => {
      const [a, b] = [tf.tensor1d([1e-25, 2e-25, 3e25, -1e15]), tf.tensor1d([1e-25, -1e-25, 1e25, 1e20])];
      const exact = [-1e25, -2e25, -3e-25, 1e-25];
      const slope = (f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor) => tf.tidy(() => tf.grad(t => tf.sum(f(t)))(x));
      const expectRatio = async (what: string, got: tf.Tensor, expected: number[]) => {
        const ratios = Array.from(await got.data(), (g, i) => g / expected[i]!);
        ratios.forEach(r =>
          expect(r)
            .withContext(what)
            .toBeCloseTo(1, backend === 'cpu' || backend === 'wasm' ? 5 : 3),
        );
        got.dispose();
      };
      await expectRatio(
        'd(a/b)/db',
        slope(t => tf.div(a, t), b),
        exact,
      );
      await expectRatio(
        'd(a/b)/da',
        slope(t => tf.div(t, b), a),
        [1e25, -1e25, 1e-25, 1e-20],
      );
      await expectRatio(
        'd(1/x)/dx',
        slope(t => tf.reciprocal(t), tf.tensor1d([1e-18, -1e-18, 1e18])),
        [-1e36, -1e36, -1e-36],
      );
      await expectRatio(
        'of one denominator for all',
        slope(t => tf.div(tf.tensor1d([1e-25, 3e-25]), t), tf.scalar(1e-25)),
        [-4e25],
      );
      // 2a/b³
      const [c, d] = [tf.tensor1d([1e-20, 1e20]), tf.tensor1d([1e-12, 1e12])];
      await expectRatio(
        'second',
        slope(t => tf.grad(u => tf.sum(tf.div(c, u)))(t), d),
        [2e16, 2e-16],
      );
      await expectRatio(
        'mixed',
        slope(t => tf.mul(tf.grad(u => tf.sum(tf.div(u, d)))(t), t), c),
        [1e12, 1e-12],
      );
      tf.dispose([a, b, c, d]);
    });

    it('of an integer input are those of the same numbers', async () => {
      const f = (x: tf.Tensor) => tf.sum(tf.maximum(tf.abs(x), 2));
      const g = tf.tidy(() => tf.grad(f)(tf.tensor1d([-3, 1, 4], 'int32')));
      expect(g.dtype).toBe('float32');
      expect(Array.from(await g.data())).toEqual([-1, 0, 1]);
      g.dispose();
    });

    it('are finite where an unused branch overflows', async () => {
      const f = (x: tf.Tensor) => tf.sum(tf.selu(x));
      const second = tf.tidy(() => tf.grad(x => tf.sum(tf.mul(tf.grad(f)(x), x)))(tf.tensor1d([200, 1])));
      for (const v of await second.data()) expect(v).toBeCloseTo(1.0507, 3);
      second.dispose();
    });
  },
  {inBrief: ['webgl']},
);

describe('ensureKernels', () => {
  it('takes the place of gradients registered later, without a word', () => {
    const warn = spyOn(console, 'warn');
    ensureKernels();
    const ours = tf.getGradient(tf.Exp);
    tf.registerGradient({kernelName: tf.Exp, gradFunc: dy => ({x: () => dy as tf.Tensor})});
    expect(tf.getGradient(tf.Exp)).not.toBe(ours);
    ensureKernels();
    expect(tf.getGradient(tf.Exp)).toBe(ours);
    expect(warn).not.toHaveBeenCalled();
  });

  it('registers a gradient that is missing', () => {
    ensureKernels();
    const ours = tf.getGradient(tf.Greater);
    tf.unregisterGradient(tf.Greater);
    ensureKernels();
    expect(tf.getGradient(tf.Greater)).toBe(ours);
  });

  it('makes no tensor', () => {
    const before = tf.memory().numTensors;
    ensureKernels();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('checkGradientsRegistered', () => {
  it('says what to import when tfjs-core is alone', () => {
    const multiply = tf.getGradient(tf.Multiply);
    tf.unregisterGradient(tf.Multiply);
    try {
      expect(() => checkGradientsRegistered()).toThrowError(
        "tfjs-stochastic: tfjs-core alone registers no gradients; import '@tensorflow/tfjs' or '@tensorflow/tfjs-layers' first",
      );
    } finally {
      tf.registerGradient(multiply);
    }
    expect(() => checkGradientsRegistered()).not.toThrow();
  });
});
