/** Sums over many terms keep the digits of float32, whoever adds them up. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {disableFastKernels, enableFastKernels} from '../../src/kernels/index.js';
import {describeBackends, inBrief, sizeFor} from '../helpers/backends.js';
import {read} from '../helpers/near.js';

describeBackends('sums over many terms', backend => {
  const many = sizeFor({cpu: 100_000, wasm: 1_000_000, webgl: 1_000_000, webgpu: 1_000_000});

  /** Relative to the sum of the sizes of the terms. */
  async function expectSum(
    actual: tf.Tensor,
    exact: number,
    size: number,
    what: string,
    tolerance = 4e-6,
  ): Promise<void> {
    const [got] = await read(actual);
    if (!(Math.abs(got! - exact) <= tolerance * size)) fail(`${what}: ${got} is not near ${exact}`);
  }

  /** Numbers of one sign, whose rounding errors do not cancel, and of both. */
  const rows: Array<[string, (n: number) => Float32Array]> = [
    ['equal', n => new Float32Array(n).fill(0.1)],
    ['positive', n => Float32Array.from({length: n}, (_, i) => 1.5 + Math.sin(1.3 * i))],
    ['mixed', n => Float32Array.from({length: n}, (_, i) => 100 * Math.sin(1.3 * i))],
  ];

  for (const n of inBrief ? [509, 50_257] : [1, 63, 127, 200, 256, 509, 1000, 4099, 50_257, many]) {
    it(`add up ${n} numbers along the last axis, the first and all`, async () => {
      for (const [kind, make] of rows) {
        const values = make(n);
        const exact = values.reduce((s, v) => s + v, 0);
        const size = values.reduce((s, v) => s + Math.abs(v), 0);
        const [along, first, all, mean] = tf.tidy((): [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor] => {
          const x = tf.tensor1d(values);
          // exact multiples
          const column = n > 100_000 ? tf.reshape(x, [n, 1]) : tf.mul(tf.reshape(x, [n, 1]), tf.tensor2d([[1, 2, 4]]));
          const row = n > 100_000 ? tf.reshape(x, [1, n]) : tf.transpose(column);
          return [tf.slice(tf.sum(row, -1), 0, 1), tf.slice(tf.sum(column, 0), 0, 1), tf.sum(x), tf.mean(x)];
        });
        await expectSum(along, exact, size, `${kind}, last axis`);
        await expectSum(first, exact, size, `${kind}, first axis`);
        await expectSum(all, exact, size, `${kind}, all`);
        await expectSum(mean, exact / n, size / n, `${kind}, mean`);
      }
    });
  }

  it('add up each row and each column of a matrix', async () => {
    const [height, width] = [150, 509];
    const values = Float32Array.from({length: height * width}, (_, i) => 1.5 + Math.sin(1.3 * i));
    const x = tf.tensor2d(values, [height, width]);
    const [byRow, byColumn, means] = [
      await read(tf.sum(x, 1)),
      await read(tf.sum(x, 0)),
      await read(tf.mean(x, 1, true)),
    ];
    x.dispose();
    for (let i = 0; i < height; i++) {
      const exact = values.subarray(i * width, (i + 1) * width).reduce((s, v) => s + v, 0);
      expect(Math.abs(byRow[i]! / exact - 1)).toBeLessThan(4e-6);
      expect(Math.abs((means[i]! * width) / exact - 1)).toBeLessThan(4e-6);
    }
    for (let j = 0; j < width; j++) {
      let exact = 0;
      for (let i = 0; i < height; i++) exact += values[i * width + j]!;
      expect(Math.abs(byColumn[j]! / exact - 1)).toBeLessThan(4e-6);
    }
  });

  it('are right in an event of 50,257 normals, with its gradient in a parameter that all share', async () => {
    const n = 50_257;
    const x = Float32Array.from({length: n}, (_, i) => 2 * Math.sin(i));
    const exact = x.reduce((s, v) => s - 0.5 * v * v - 0.5 * Math.log(2 * Math.PI), 0);
    await expectSum(
      tf.tidy(() => st.independent(new st.Normal({loc: tf.zeros([n]), scale: 1})).logProb(tf.tensor1d(x))),
      exact,
      -exact,
      'logProb',
    );
    const values = tf.tensor1d(x.map(v => v + 3));
    const slope = tf.tidy(() =>
      tf.grad((loc: tf.Tensor) => tf.sum(new st.Normal({loc, scale: 1}).logProb(values)))(tf.scalar(1)),
    );
    values.dispose();
    const sum = x.reduce((s, v) => s + Math.fround(v + 3) - 1, 0);
    await expectSum(slope, sum, sum * 1.5, 'gradient');
  });

  it('are right in entropies, divergences, normalisers and cdfs of a million classes', async () => {
    const flat = () => tf.zeros([many]);
    const log = Math.log(many);
    const line = Float32Array.from({length: many}, (_, i) => (2 * i + 1) / many - 1);
    const cases: Array<[string, () => tf.Tensor, number, number]> = [
      ['entropy', () => new st.Categorical({logits: flat()}).entropy(), log, log],
      ['entropy of one-hot', () => new st.OneHotCategorical({logits: flat()}).entropy(), log, log],
      ['logProb', () => new st.Categorical({logits: flat()}).logProb(7), -log, log],
      ['softmax', () => tf.slice(tf.softmax(flat()), 5, 1), 1 / many, 1 / many],
      ['logSumExp', () => tf.logSumExp(flat()), log, log],
      // KL(uniform ‖ softmax of a line from −1 to 1) = ln sinh 1, to far less
      [
        'divergence',
        () => st.klDivergence(new st.Categorical({logits: flat()}), new st.Categorical({logits: tf.tensor1d(line)})),
        Math.log(Math.sinh(1)),
        1,
      ],
      ['cdf', () => new st.Categorical({logits: flat()}).cdf(many / 2 - 1), 0.5, 0.5],
    ];
    for (const [what, f, exact, size] of cases)
      await expectSum(tf.tidy(f), exact, size, what, backend === 'webgl' || backend === 'webgpu' ? 1e-5 : 4e-6);
  });

  it('are right in the mean of 1,000 exact enumerations', async () => {
    const theta = tf.tidy(() => tf.variable(tf.fill([1000], 0.3)));
    const {value, grads} = st.variableGrads(() => {
      const z = new st.DistributionTensor(new st.Bernoulli({logits: theta}), {estimator: st.enumerate()});
      return tf.square(tf.sub(z.value, 0.45));
    }, [theta]);
    const p = 1 / (1 + Math.exp(-0.3));
    await expectSum(value, p * 0.55 ** 2 + (1 - p) * 0.45 ** 2, 0.26, 'value', 5e-6);
    await expectSum(tf.sum(grads[theta.name]!), p * (1 - p) * (0.55 ** 2 - 0.45 ** 2), 0.1, 'gradient', 5e-6);
    tf.dispose([grads, theta]);
  });

  if (backend === 'wasm') {
    it('are as right with the fast kernels', async () => {
      enableFastKernels();
      for (const n of [150, 1000, 4099, 50_257]) {
        const sum = tf.tidy(() => tf.slice(tf.sum(tf.fill([n, 3], 0.1), 0), 1, 1));
        const exact = Math.fround(0.1) * n;
        await expectSum(sum, exact, exact, `${n} rows`);
      }
      disableFastKernels();
    });
  }
});
