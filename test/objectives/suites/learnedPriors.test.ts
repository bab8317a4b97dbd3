/** Priors of variables, and priors that hang on other latents: the exact gradients of bounds, by enumeration. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';
import {sigmoid} from '../../helpers/estimates.js';
import {read} from '../../helpers/near.js';

/** θ of q(z₁), φ of q(z₂ | z₁), ψ of p(z₂), ω of p(z₁ | z₂), w of p(x | z₁). */
type Parameters = readonly number[];
const at: Parameters = [-0.6, 0.8, 0.4, -0.3, 1.2];

const logBit = (logit: number, z: number): number => Math.log(z === 1 ? sigmoid(logit) : 1 - sigmoid(logit));
const bits = [0, 1] as const;

/** ln q(z₁, z₂) and ln of the weight p(x, z₁, z₂) / q. */
function logs([theta, phi, psi, omega, w]: Parameters, a: number, b: number): {q: number; weight: number} {
  const q = logBit(theta!, a) + logBit(phi! * (a + 0.5), b);
  const p = logBit(psi!, b) + logBit(omega! * (b - 2), a) - (w! * a - 0.7) ** 2;
  return {q, weight: p - q};
}

/** All pairs of bits. */
const pairs = bits.flatMap(a => bits.map(b => [a, b] as const));

/** E ln (1/K) Σ w, K = 1 or 2. */
function exact(p: Parameters, k: 1 | 2): number {
  const one = pairs.map(([a, b]) => logs(p, a, b));
  if (k === 1) return one.reduce((s, {q, weight}) => s + Math.exp(q) * weight, 0);
  return one.reduce(
    (s, x) =>
      s + one.reduce((t, y) => t + Math.exp(x.q + y.q) * Math.log((Math.exp(x.weight) + Math.exp(y.weight)) / 2), 0),
    0,
  );
}

const slopes = (k: 1 | 2): number[] =>
  at.map((_, i) => {
    const moved = (h: number): number =>
      exact(
        at.map((v, j) => (i === j ? v + h : v)),
        k,
      );
    return (moved(1e-4) - moved(-1e-4)) / 2e-4;
  });

describeBackends(
  'learned priors',
  () => {
    /** The gradient of the mean of a bound over all draws of K pairs of bits, each a row with its probability. */
    async function gradientOf(k: 1 | 2, bound: (logLikelihood: tf.Tensor) => tf.Tensor): Promise<number[]> {
      const rows = k === 1 ? pairs.map(x => [x]) : pairs.flatMap(x => pairs.map(y => [x, y]));
      const n = rows.length;
      const chances = rows.map(row => n * Math.exp(row.reduce((s, [a, b]) => s + logs(at, a, b).q, 0)));
      const variables = at.map(v => tf.variable(tf.scalar(v)));
      const [theta, phi, psi, omega, w] = variables as [
        tf.Variable,
        tf.Variable,
        tf.Variable,
        tf.Variable,
        tf.Variable,
      ];
      const drawn = (i: 0 | 1): number[][] => Array.from({length: k}, (_, s) => rows.map(row => row[s]![i]));
      const {grads} = st.variableGrads(() => {
        const q1 = new st.Bernoulli({logits: tf.mul(theta, tf.ones([n]))});
        const z1 = new st.DistributionTensor(q1, {estimator: 'scoreFunction', value: drawn(0)});
        const q2 = new st.Bernoulli({logits: tf.mul(phi, tf.add(z1.value, 0.5))});
        const z2 = new st.DistributionTensor(q2, {estimator: 'scoreFunction', value: drawn(1)});
        st.registerPrior(z2, new st.Bernoulli({logits: psi}));
        st.registerPrior(z1, new st.Bernoulli({logits: tf.mul(omega, tf.sub(z2.value, 2))}));
        const logLikelihood = tf.neg(tf.square(tf.sub(tf.mul(w, z1.value), 0.7)));
        return tf.expandDims(tf.mul(bound(logLikelihood), tf.tensor1d(chances)), 0); // what is drawn given z₁ has its samples in the batch
      }, variables);
      const got = await Promise.all(variables.map(async v => (await read(grads[v.name]!))[0]!));
      tf.dispose(variables);
      return got;
    }

    for (const [title, k, bound] of [
      ['the ELBO by samples', 1, (l: tf.Tensor) => tf.squeeze(st.elbo(l, {form: 'sample'}), [0])],
      ['a bound of one sample', 1, (l: tf.Tensor) => st.importanceWeightedBound(l)],
      ['a bound of two samples', 2, (l: tf.Tensor) => st.importanceWeightedBound(l)],
    ] as const)
      it(`have the exact gradient in ${title}`, async () => {
        const got = await gradientOf(k, bound);
        slopes(k).forEach((d, i) => expect(got[i]).toBeCloseTo(d, 4));
      });
  },
  {inBrief: [], inNode: ['wasm']},
);
