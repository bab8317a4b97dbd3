/**
 * STL and DReG on variational objectives of Normal variables, against exact expectations and the plain pathwise
 * gradient.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../../helpers/backends.js';
import {gradientMoments, MANY, type Moments} from '../../helpers/estimates.js';
import {column, square, zOf, type Problem, type Values} from '../problems.js';

/** Estimates of one test. */
const size = (): number => sizeFor({cpu: 20_000, wasm: MANY, webgl: 3000, webgpu: 3000});

type Params = Record<string, tf.Tensor>;
/** Costs of a program whose first node, or all of them, take the estimator in question. */
type Costs = (p: Params, estimator: st.Estimator) => tf.Tensor | tf.Tensor[];

async function momentsOf(
  parameters: Values,
  costs: Costs,
  estimator: st.Estimator,
  n: number,
  seed = 17,
): Promise<Moments> {
  st.random.setSeed(seed);
  return (await gradientMoments(parameters, n, p => costs(p, estimator)))['theta']!;
}

/** The largest distance between two means, in standard errors of their difference. */
async function zBetween(
  parameters: Values,
  [f, a]: [Costs, st.Estimator],
  [g, b]: [Costs, st.Estimator],
  n: number,
): Promise<number> {
  const one = await momentsOf(parameters, f, a, n, 17);
  const two = await momentsOf(parameters, g, b, n, 23);
  return Math.max(
    ...one.mean.map(
      (m, i) => Math.abs(m - two.mean[i]!) / Math.max(1e-5, Math.hypot(one.standardError[i]!, two.standardError[i]!)),
    ),
  );
}

// z ~ N(0, 1), x = 1.3 given z ~ N(z, 1), q = N(theta₀, theta₁): the posterior is N(0.65, 1/√2).
const X = 1.3;
const away: Values = {theta: [0.1, 0.9]};
const optimum: Values = {theta: [X / 2, Math.SQRT1_2]};
const q = ({theta}: Params): st.Normal => new st.Normal({loc: column(theta!), scale: column(theta!, 1)});
const logJoint = (z: tf.Tensor): tf.Tensor => tf.mul(tf.add(tf.square(z), square(z, X)), -0.5);

/** ln p(x, z) − ln q(z), of all samples that the node has. */
function logWeights(
  p: Params,
  estimator: st.Estimator,
  options: st.DistributionTensorOptions<st.Normal> = {},
): tf.Tensor {
  const node = new st.DistributionTensor(q(p), {estimator, ...options});
  return tf.sub(logJoint(node.value), node.logProb());
}
const elbo: Costs = (p, estimator) => tf.neg(logWeights(p, estimator));
const iwae: Costs = (p, estimator) => tf.neg(st.multiSampleBound(logWeights(p, estimator)));
/** The same for an estimator that draws one sample of its own accord. */
const iwaeOf =
  (k: number): Costs =>
  (p, estimator) =>
    tf.neg(st.multiSampleBound(logWeights(p, estimator, {valueType: st.sampleValue(k)})));

/** ln p(x, z) − ln q(z) at z = m + s·ε, up to constants of neither. */
function weightAt([m, s]: number[], epsilon: number): number {
  const z = m! + s! * epsilon;
  return -0.5 * (z * z + (X - z) ** 2) + 0.5 * epsilon ** 2 + Math.log(s!);
}
/**
 * E of −L for K = 1 or 2 by the trapezium rule, which is exact to rounding for smooth functions that vanish at the
 * ends.
 */
function expectation(k: 1 | 2, temper = 1): (p: Values) => number {
  const h = 0.08;
  const points = Array.from({length: 201}, (_, i) => (i - 100) * h);
  const masses = points.map(e => (h * Math.exp((-e * e) / 2)) / Math.sqrt(2 * Math.PI));
  return ({theta}) => {
    const l = points.map(e => weightAt(theta!, e) * temper);
    let sum = 0;
    l.forEach((a, i) => {
      if (k === 1) sum -= masses[i]! * a;
      else
        l.forEach(
          (b, j) =>
            (sum -= masses[i]! * masses[j]! * (Math.max(a, b) + Math.log((1 + Math.exp(-Math.abs(a - b))) / 2))),
        );
    });
    return sum;
  };
}
const judged = (costs: Costs, exact: (p: Values) => number, estimator: st.Estimator, n = size()): Promise<number> =>
  zOf({title: '', parameters: away, costs: p => costs(p, estimator), expectation: exact} satisfies Problem, estimator, {
    n,
  });

describeBackends(
  'stl',
  () => {
    it('has the exact gradient of the ELBO as its mean', async () => {
      expect(await judged(elbo, expectation(1), st.stl())).toBeLessThan(4.5);
      expect(
        await judged(
          (p, e) => tf.neg(logWeights(p, e, {valueType: st.sampleValue(3)})),
          expectation(1),
          st.stl(),
          size() / 2,
        ),
      ).toBeLessThan(4.5);
    });

    it('has no variance where q is the posterior, which pathwise has', async () => {
      const n = sizeFor({cpu: 1000, wasm: 1000, webgl: 200, webgpu: 200});
      const stuck = await momentsOf(optimum, elbo, st.stl(), n);
      const plain = await momentsOf(optimum, elbo, st.pathwise(), n);
      stuck.mean.forEach(m => expect(Math.abs(m)).toBeLessThan(1e-5));
      stuck.variance.forEach(v => expect(v).toBeLessThan(1e-9));
      expect(Math.min(...plain.variance)).toBeGreaterThan(0.1);
    });

    it('serves chains: the score of a node below is left out along the node above too', async () => {
      const chain: Costs = ({theta}, estimator) => {
        const a = new st.DistributionTensor(new st.Normal({loc: column(theta!), scale: 0.8}), {estimator});
        const b = new st.DistributionTensor(new st.Normal({loc: tf.mul(a.value, 0.7), scale: column(theta!, 1)}), {
          estimator,
        });
        return tf.add(
          tf.add(a.logProb(), b.logProb()),
          tf.mul(tf.add(square(a.value, 0.4), square(tf.add(a.value, b.value), X)), 0.5),
        );
      };
      // ln q has the entropy −ln 0.8 − ln theta₁ as its mean; a and a + b are Normal.
      const exact = ({theta}: Values): number =>
        -Math.log(theta![1]!) + 0.5 * ((theta![0]! - 0.4) ** 2 + (1.7 * theta![0]! - X) ** 2 + theta![1]! ** 2);
      expect(await judged(chain, exact, st.stl())).toBeLessThan(4.5);
    });

    it('has the pathwise estimate where the log-density comes from the distribution', async () => {
      const direct: Costs = (p, estimator) => {
        const distribution = q(p);
        const {value} = new st.DistributionTensor(distribution, {estimator});
        return tf.sub(distribution.logProb(value), logJoint(value));
      };
      const [one, other] = [
        await momentsOf(away, direct, st.stl(), 20),
        await momentsOf(away, elbo, st.pathwise(), 20),
      ];
      one.mean.forEach((m, i) => expect(m).toBeCloseTo(other.mean[i]!, 4));
    });

    it('refuses costs that are not linear in the log-density, where it would be biased', () => {
      const run = (f: (node: st.DistributionTensor) => tf.Tensor) => () => once(st.stl(), f);
      const rule =
        /^node "z": its estimator leaves the score out of logProb\(\), so the costs must be linear in it, as the ELBO is; in a multi-sample bound .* use "dreg"/;
      expect(run(node => tf.square(node.logProb()))).toThrowError(rule);
      expect(run(node => tf.mul(node.value, node.logProb()))).toThrowError(rule);
      expect(run(node => st.multiSampleBound(tf.stack([node.logProb(), tf.neg(node.value)])))).toThrowError(rule);
      expect(run(node => tf.add(tf.mul(node.logProb(), 0.3), tf.square(node.value)))).not.toThrow();
    });

    it('is caught with a factor missing', async () => {
      const half: Costs = (p, estimator) => {
        const node = new st.DistributionTensor(q(p), {estimator});
        return tf.sub(tf.mul(node.logProb(), 0.5), logJoint(node.value)); // half of the path through ln q
      };
      expect(await judged(half, expectation(1), st.stl())).toBeGreaterThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

/** One step with a node z ~ N(w, 1). */
function once(estimator: st.Estimator, f: (node: st.DistributionTensor) => tf.Tensor | tf.Tensor[]): void {
  const w = tf.variable(tf.tensor1d([0.3, -0.2]));
  try {
    tf.dispose(
      st.variableGrads(
        () => f(new st.DistributionTensor(new st.Normal({loc: w, scale: 1}), {estimator, name: 'z'})),
        [w],
      ),
    );
  } finally {
    w.dispose();
  }
}

describeBackends(
  'dreg',
  () => {
    it('has the exact gradient of the bound as its mean, for one sample and for two', async () => {
      expect(await judged(iwae, expectation(1), st.dreg({samples: 1}))).toBeLessThan(4.5);
      expect(await judged(iwae, expectation(2), st.dreg({samples: 2}))).toBeLessThan(4.5);
      expect(await judged(iwaeOf(2), expectation(2), st.dreg())).toBeLessThan(4.5);
    });

    it('has the mean of the plain reparameterised gradient for more', async () => {
      expect(await zBetween(away, [iwae, st.dreg({samples: 6})], [iwaeOf(6), st.pathwise()], size() / 2)).toBeLessThan(
        4.5,
      );
    });

    it('takes a log-density with another factor, or none, for what it is', async () => {
      // Weights (p/q)^½: ln q counts by half.
      const tempered: Costs = (p, estimator) => tf.neg(st.multiSampleBound(tf.mul(logWeights(p, estimator), 0.5)));
      expect(await judged(tempered, expectation(2, 0.5), st.dreg({samples: 2}))).toBeLessThan(4.5);
      // The log-density of the distribution keeps its score, so nothing is to be made up for.
      const direct: Costs = (p, estimator) => {
        const distribution = q(p);
        const {value} = new st.DistributionTensor(distribution, {estimator});
        return tf.neg(st.multiSampleBound(tf.sub(logJoint(value), distribution.logProb(value))));
      };
      expect(await judged(direct, expectation(2), st.dreg({samples: 2}))).toBeLessThan(4.5);
    });

    it('without a bound has the gradient of stl', async () => {
      const [one, other] = [
        await momentsOf(away, elbo, st.dreg({samples: 3}), 20),
        await momentsOf(away, (p, e) => tf.neg(logWeights(p, e, {valueType: st.sampleValue(3)})), st.stl(), 20),
      ];
      one.mean.forEach((m, i) => expect(m).toBeCloseTo(other.mean[i]!, 5));
    });

    it('has no variance where q is the posterior, whatever the number of samples', async () => {
      const {variance} = await momentsOf(optimum, iwae, st.dreg({samples: 5}), 500);
      variance.forEach(v => expect(v).toBeLessThan(1e-9));
    });

    it('keeps its signal-to-noise ratio as samples are added, where plain pathwise loses it', async () => {
      const n = sizeFor({cpu: 2000, wasm: 4000, webgl: 300, webgpu: 300});
      const ratio = async (costs: Costs, estimator: st.Estimator): Promise<number> => {
        const {mean, variance} = await momentsOf({theta: [0.5, 0.8]}, costs, estimator, n);
        return Math.abs(mean[0]!) / Math.sqrt(variance[0]!);
      };
      const [few, many] = [1, 64];
      const plain = (await ratio(iwaeOf(many), st.pathwise())) / (await ratio(iwaeOf(few), st.pathwise()));
      const doubly = (await ratio(iwae, st.dreg({samples: many}))) / (await ratio(iwae, st.dreg({samples: few})));
      expect(plain).toBeLessThan(0.5);
      expect(doubly).toBeGreaterThan(1.5);
    });

    const mixed =
      (k: number | null): Costs =>
      (p, estimator) => {
        const node = new st.DistributionTensor(q(p), {
          estimator,
          ...(k === null ? {} : {valueType: st.sampleValue(k)}),
        });
        const l = tf.sub(logJoint(node.value), node.logProb());
        return [
          tf.mul(st.multiSampleBound(l), -1.3),
          tf.add(tf.mul(st.multiSampleBound(tf.mul(l, 0.4)), 0.6), tf.square(tf.mean(node.value, 0))),
          tf.sub(tf.sin(node.value), tf.mul(l, 0.2)),
        ];
      };
    it('serves sums of bounds, costs of each sample and costs of all samples together', async () => {
      expect(
        await zBetween(away, [mixed(null), st.dreg({samples: 3})], [mixed(3), st.pathwise()], size() / 2),
      ).toBeLessThan(4.5);
    });

    it('serves events, several nodes side by side, and a latent for all of a batch', async () => {
      const event =
        (k: number | null): Costs =>
        ({theta}, estimator) => {
          const valueType = k === null ? {} : {valueType: st.sampleValue(k)};
          const pair = new st.DistributionTensor(st.independent(new st.Normal({loc: theta!, scale: [0.7, 1.1]})), {
            estimator,
            ...valueType,
          });
          const other = new st.DistributionTensor(new st.Normal({loc: 0.3, scale: column(theta!, 1)}), {
            estimator,
            ...valueType,
          });
          const fit = square(tf.add(tf.sum(tf.mul(pair.value, [1, -0.6]), -1), other.value), 0.8);
          const prior = tf.add(tf.sum(tf.square(pair.value), -1), tf.square(other.value));
          return tf.neg(
            st.multiSampleBound(tf.sub(tf.mul(tf.add(fit, prior), -0.5), tf.add(pair.logProb(), other.logProb()))),
          );
        };
      expect(
        await zBetween(away, [event(null), st.dreg({samples: 3})], [event(3), st.pathwise()], size() / 2),
      ).toBeLessThan(4.5);
      const shared =
        (k: number | null): Costs =>
        ({theta}, estimator) => {
          const loc = tf.slice(theta!, [0, 0], [-1, 1]);
          const node = new st.DistributionTensor(new st.Normal({loc, scale: tf.slice(theta!, [0, 1], [-1, 1])}), {
            estimator,
            ...(k === null ? {} : {valueType: st.sampleValue(k)}),
          });
          const fit = tf.square(tf.sub(node.value, [1.3, -0.6, 2])); // [K, n, 3] of a draw [K, n, 1]
          return tf.neg(st.multiSampleBound(tf.sub(tf.mul(tf.add(fit, tf.square(node.value)), -0.5), node.logProb())));
        };
      expect(
        await zBetween(away, [shared(null), st.dreg({samples: 3})], [shared(3), st.pathwise()], size() / 4),
      ).toBeLessThan(4.5);
    });

    it('serves a chain of which the other node is pathwise', async () => {
      const chain =
        (
          first: (e: st.Estimator) => st.Estimator,
          second: (e: st.Estimator) => st.Estimator,
          k: number | null,
        ): Costs =>
        ({theta}, estimator) => {
          const a = new st.DistributionTensor(new st.Normal({loc: column(theta!), scale: 0.8}), {
            estimator: first(estimator),
            ...(k === null ? {} : {valueType: st.sampleValue(k)}),
          });
          const b = new st.DistributionTensor(new st.Normal({loc: tf.mul(a.value, 0.7), scale: column(theta!, 1)}), {
            estimator: second(estimator),
          });
          const fit = tf.add(square(a.value, 0.4), square(tf.add(a.value, b.value), X));
          const l = tf.sub(tf.mul(fit, -0.5), tf.add(a.logProb(), b.logProb()));
          return tf.neg(tf.expandDims(st.multiSampleBound(l), 0));
        };
      const [path, same] = [() => st.pathwise(), (e: st.Estimator): st.Estimator => e];
      const plain: [Costs, st.Estimator] = [chain(path, path, 3), st.pathwise()];
      expect(await zBetween(away, [chain(same, path, null), st.dreg({samples: 3})], plain, size() / 2)).toBeLessThan(
        4.5,
      );
      expect(await zBetween(away, [chain(path, same, 3), st.dreg({samples: null})], plain, size() / 2)).toBeLessThan(
        4.5,
      );
      expect(() =>
        once(st.dreg({samples: 3}), a => {
          const b = new st.DistributionTensor(new st.Normal({loc: a.value, scale: 1}), {
            estimator: st.dreg({samples: null}),
            name: 'below',
          });
          return tf.neg(tf.expandDims(st.multiSampleBound(tf.sub(b.logProb(), a.logProb())), 0));
        }),
      ).toThrowError(
        'dreg at node "z": its derivative cannot pass through the draw of a node below that has a surrogate term; make this node or that one pathwise, got "below"',
      );
    });

    it('refuses costs for which its formula does not hold', () => {
      const run = (f: (node: st.DistributionTensor) => tf.Tensor | tf.Tensor[]) => () => once(st.dreg(), f);
      const bound = (node: st.DistributionTensor): tf.Tensor =>
        st.multiSampleBound(tf.sub(tf.square(node.value), node.logProb()));
      const linear =
        /^dreg at node "z": the costs must be linear in a multi-sample bound, and its log-weights in the log-density of the node/;
      expect(run(node => tf.square(bound(node)))).toThrowError(linear);
      expect(run(node => st.multiSampleBound(tf.square(node.logProb())))).toThrowError(linear);
      expect(run(node => [bound(node), tf.square(node.logProb())])).toThrowError(
        /^node "z": its estimator leaves the score out/,
      );
      expect(run(node => tf.mul(bound(node), -2))).not.toThrow();
      expect(() => st.dreg({samples: 0})).toThrowError(
        'dreg: samples must be an integer >= 1, or null for no axis of its own, got 0',
      );
      // @ts-expect-error: a Bernoulli variable has no pathwise derivative
      expect(() => new st.DistributionTensor(new st.Bernoulli({logits: 0}), {estimator: st.dreg()})).toThrowError(
        /"dreg" needs a reparameterised distribution/,
      );
    });

    it('is caught with the weights once, as stl would have them, and with the wrong sign', async () => {
      const wrong = (sign: number): st.Estimator => {
        const dreg = st.dreg({samples: 2});
        return {
          ...dreg,
          combine: (node, cost, downstream) =>
            dreg.combine(node, cost, {
              ...downstream,
              bounds: () =>
                downstream.bounds().map(bound => ({...bound, logProbSlope: tf.mul(bound.logProbSlope, sign)})),
            }),
        };
      };
      expect(await judged(iwae, expectation(2), wrong(1))).toBeLessThan(4.5);
      for (const sign of [0, -1]) expect(await judged(iwae, expectation(2), wrong(sign))).toBeGreaterThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'estimators for bounds',
  () => {
    it('give the same gradients in variableGrads, surrogateLoss and minimize, and leave nothing behind', async () => {
      for (const estimator of [st.dreg({samples: 4}), st.vimco({samples: 4}), st.stl()]) {
        const w = tf.variable(tf.tensor1d([0.3, -0.2]));
        const costs = (): tf.Tensor => {
          const node = new st.DistributionTensor<st.Distribution>(new st.Normal({loc: w, scale: 0.7}), {
            estimator,
            key: st.random.key(3),
          });
          const l = tf.sub(logJoint(node.value), node.logProb());
          return tf.neg(estimator.name === 'stl' ? l : st.multiSampleBound(l));
        };
        const step = async (): Promise<number[][]> => {
          const {grads, value} = st.variableGrads(costs, [w]);
          const other = tf.variableGrads(() => tf.mean(st.surrogateLoss(costs())), [w]);
          const before = w.clone();
          const optimizer = st.stochasticOptimizer(tf.train.sgd(1));
          optimizer.minimize(costs, false, [w]);
          optimizer.dispose();
          const moved = tf.sub(before, w);
          w.assign(before);
          const found: number[][] = [];
          for (const t of [grads[w.name]!, other.grads[w.name]!, moved]) found.push(Array.from(await t.data()));
          tf.dispose([grads, value, other, before, moved]);
          return found;
        };
        await step();
        const before = tf.memory().numTensors;
        const [a, b, c] = await step();
        expect(tf.memory().numTensors).withContext(estimator.name).toBe(before);
        a!.forEach((x, i) => {
          expect(b![i]).toBeCloseTo(x, 5);
          expect(c![i]).toBeCloseTo(x, 5);
        });
        w.dispose();
      }
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
