import * as tf from '@tensorflow/tfjs-core';
import * as st from '../../src/index.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';

const {
  bijectors: b,
  Independent,
  LogitNormal,
  LogNormal,
  Normal,
  RelaxedBernoulli,
  RelaxedOneHotCategorical,
  TransformedDistribution,
} = st;
const key = st.random.key(5);
const N = 512;
const SCALE = Math.exp(2); // the usual maximum of a policy's standard deviation
const LOC = 0.3;

/** ln of the normal density and its derivatives by loc and scale at a constant x. */
const normal = (x: number, loc: number, scale: number) =>
  -0.5 * ((x - loc) / scale) ** 2 - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);
const score = (x: number, loc: number, scale: number) => [
  (x - loc) / scale ** 2,
  ((x - loc) ** 2 / scale ** 2 - 1) / scale,
];

/** Maps of numbers with ln g′(x) and its derivative, in double. */
const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
const maps = {
  tanh: {
    make: () => new b.Tanh(),
    volume: (x: number) => 2 * (Math.LN2 - x - softplus(-2 * x)),
    slope: (x: number) => -2 * Math.tanh(x),
  },
  sigmoid: {
    make: () => new b.Sigmoid(),
    volume: (x: number) => -softplus(x) - softplus(-x),
    slope: (x: number) => -Math.tanh(x / 2),
  },
  'a chain that ends in tanh': {
    make: () => new b.Chain([new b.Shift({shift: 1}), new b.Scale({scale: 3}), new b.Tanh()]),
    volume: (x: number) => Math.log(3) + 2 * (Math.LN2 - x - softplus(-2 * x)),
    slope: (x: number) => -2 * Math.tanh(x),
  },
};

type Case = {
  q: (loc: tf.Tensor, scale: tf.Tensor) => st.Distribution;
  volume: (x: number) => number;
  slope: (x: number) => number;
  event?: boolean;
};
const cases: Record<string, Case> = Object.fromEntries(
  Object.entries(maps).flatMap(([name, {make, volume, slope}]): Array<[string, Case]> => [
    [
      name,
      {
        q: (loc, scale) => new TransformedDistribution({distribution: new Normal({loc, scale}), bijector: make()}),
        volume,
        slope,
      },
    ],
    [
      `${name} inside Independent`,
      {
        event: true,
        q: (loc, scale) =>
          new Independent({
            distribution: new TransformedDistribution({
              distribution: new Normal({loc: tf.reshape(loc, [1]), scale}),
              bijector: make(),
            }),
          }),
        volume,
        slope,
      },
    ],
    [
      `${name} of Independent`,
      {
        event: true,
        q: (loc, scale) =>
          new TransformedDistribution({
            distribution: new Independent({distribution: new Normal({loc: tf.reshape(loc, [1]), scale})}),
            bijector: make(),
          }),
        volume,
        slope,
      },
    ],
  ]),
);
cases['tanh behind another transformation'] = {
  q: (loc, scale) =>
    new TransformedDistribution({
      distribution: new TransformedDistribution({distribution: new Normal({loc, scale}), bijector: new b.Tanh()}),
      bijector: new b.Scale({scale: -2}),
    }),
  volume: x => Math.LN2 + maps.tanh.volume(x),
  slope: maps.tanh.slope,
};
cases['tanh of a scaled and shifted standard normal'] = {
  q: (loc, scale) =>
    new TransformedDistribution({
      distribution: new Normal({loc: 0, scale: 1}),
      bijector: new b.Chain([new b.Tanh(), new b.Affine({shift: loc, scale})]),
    }),
  volume: maps.tanh.volume,
  slope: maps.tanh.slope,
};
cases['LogitNormal'] = {
  q: (loc, scale) => new LogitNormal({loc, scale}),
  volume: maps.sigmoid.volume,
  slope: maps.sigmoid.slope,
};
cases['LogNormal'] = {q: (loc, scale) => new LogNormal({loc, scale: tf.mul(scale, 1)}), volume: x => x, slope: () => 1};

describeBackends(
  'pre-images of draws',
  () => {
    for (const [name, {q, volume, slope, event}] of Object.entries(cases)) {
      it(`give ${name} finite and exact log-probabilities and derivatives where the map has saturated`, async () => {
        const x = await read(
          event === true
            ? new Normal({loc: [LOC], scale: SCALE}).sample(N, {key})
            : new Normal({loc: LOC, scale: SCALE}).sample(N, {key}),
        );
        const exact = x.map(v => normal(v, LOC, SCALE) - volume(v));
        const before = tf.memory().numTensors;
        const both = tf.tidy(() => q(tf.scalar(LOC), tf.scalar(SCALE)).sampleAndLogProb(N, {key}));
        expect(tf.memory().numTensors - before)
          .withContext('tensors')
          .toBe(2);
        expectNear(await read(both.logProb), exact, 'sampleAndLogProb', false, 1e-5);
        expectNear(
          await read(both.value),
          await read(tf.tidy(() => q(tf.scalar(LOC), tf.scalar(SCALE)).sample(N, {key}))),
          'value',
        );

        // score function: the value is held, so that the map has no part in the derivative
        const [loc, scale] = [tf.variable(tf.scalar(LOC)), tf.variable(tf.scalar(SCALE))];
        const step = (estimator: string, of: (node: st.DistributionTensor) => tf.Tensor) => {
          const {grads, value} = st.variableGrads(
            () => of(new st.DistributionTensor(q(loc, scale), {estimator, key, valueType: st.sampleValue(N)})),
            [loc, scale],
          );
          return {value, gradients: tf.stack([grads[loc.name]!, grads[scale.name]!])};
        };
        const along = x.map(v => {
          const path = -(v - LOC) / SCALE ** 2 - slope(v); // d/dx of what is averaged
          const noise = (v - LOC) / SCALE;
          return [path, path * noise];
        });
        const mean = (rows: number[][], i: number) => rows.reduce((sum, r) => sum + r[i]!, 0) / N;
        const scores = x.map(v => score(v, LOC, SCALE));
        // SAC's: E ln π(a|s) by the path
        const sac = step('pathwise', node => tf.mean(node.logProb()));
        expectNear(await read(sac.value), [exact.reduce((s, v) => s + v, 0) / N], 'mean of logProb', false, 1e-5);
        expectNear(
          await read(sac.gradients),
          [0, 1].map(i => mean(along, i) + mean(scores, i)),
          'pathwise',
          false,
          1e-4,
        );
        const stl = step('stl', node => tf.mean(node.logProb()));
        expectNear(
          await read(stl.gradients),
          [0, 1].map(i => mean(along, i)),
          'stl',
          false,
          1e-4,
        );
        // E score = 0: a constant cost of each draw; here the sum of scores itself
        const held = step('scoreFunction', node => tf.add(tf.linspace(-1, 1, N), tf.mul(0, node.logProb())));
        const weights = x.map((_, i) => -1 + (2 * i) / (N - 1));
        const weighed = scores.map((s, i) => s.map(t => t * weights[i]!));
        expectNear(
          await read(held.gradients),
          [0, 1].map(i => mean(weighed, i)),
          'score function',
          false,
          1e-4,
        );
        // outside a gradient scope nothing is kept, and the draw is made again
        const node = new st.DistributionTensor(q(loc, scale), {key, valueType: st.sampleValue(N)});
        expectNear(await read(node.logProb()), exact, 'logProb outside a scope', false, 1e-5);
        tf.dispose([
          loc,
          scale,
          node.value,
          ...Object.values(node.distribution.tensors()).filter(t => t !== loc && t !== scale),
        ]);
      });
    }

    it('give SoftmaxCentered and the relaxed families the log-probability of what was drawn', async () => {
      const loc = [2, -1];
      const base = () => new Independent({distribution: new Normal({loc, scale: SCALE})});
      const x = await read(base().sample(N, {key}));
      const lse = (v: number[]) => Math.max(...v) + Math.log(v.reduce((s, a) => s + Math.exp(a - Math.max(...v)), 0));
      const exact = Array.from({length: N}, (_, i) => {
        const [u, v] = [x[2 * i]!, x[2 * i + 1]!];
        return normal(u, loc[0]!, SCALE) + normal(v, loc[1]!, SCALE) - (u + v - 3 * lse([u, v, 0]));
      });
      const simplex = tf.tidy(() =>
        new TransformedDistribution({distribution: base(), bijector: new b.SoftmaxCentered()}).sampleAndLogProb(N, {
          key,
        }),
      );
      expectNear(await read(simplex.logProb), exact, 'SoftmaxCentered', false, 2e-5);

      // the logit of a relaxed Bernoulli is a logistic value of location logits/λ and scale 1/λ
      const [logits, temperature] = [3, 0.05];
      const l = (await read(new st.Logistic({loc: 0, scale: 1}).sample(N, {key}))).map(v => (logits + v) / temperature);
      const relaxed = tf.tidy(() => new RelaxedBernoulli({logits, temperature}).sampleAndLogProb(N, {key}));
      expectNear(
        await read(relaxed.logProb),
        l.map(v => {
          const z = temperature * v - logits;
          return Math.log(temperature) - softplus(z) - softplus(-z) + softplus(v) + softplus(-v);
        }),
        'RelaxedBernoulli',
        false,
        1e-4,
      );

      const classes = tf.tidy(() =>
        new RelaxedOneHotCategorical({logits: [0, 5, -5], temperature}).sampleAndLogProb(N, {key}),
      );
      const values = await read(classes.value);
      const logs = await read(classes.logProb);
      expect(logs.every(Number.isFinite)).toBe(true);
      expect(values.every(Number.isFinite)).toBe(true);
      tf.dispose([simplex.value, relaxed.value]);
    });

    it('tell the value of an old draw from that of new parameters', async () => {
      const loc = tf.variable(tf.scalar(0.5));
      const q = new TransformedDistribution({distribution: new Normal({loc, scale: 0.5}), bijector: new b.Tanh()});
      const node = new st.DistributionTensor(q, {key, valueType: st.sampleValue(5)});
      loc.assign(tf.scalar(-0.5));
      const x = Array.from(await node.value.data()).map(Math.atanh);
      expectNear(
        await read(node.logProb()),
        x.map(v => normal(v, -0.5, 0.5) - maps.tanh.volume(v)),
        'logProb',
        false,
        1e-5,
      );
      tf.dispose([loc, node.value]);
    });
  },
  {inBrief: ['webgpu']},
);
