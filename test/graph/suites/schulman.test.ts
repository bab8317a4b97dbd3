/** The example graphs of Schulman et al. 2015, figure 1 and section 3.1: every estimator against the exact gradient. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../../helpers/backends.js';
import {exactGradient, gradientMoments, MANY, sigmoid, worstZ} from '../../helpers/estimates.js';

type P = Record<string, number>;
type T = Record<string, tf.Tensor>;
type Draw = (q: st.Distribution) => tf.Tensor;

interface Graph {
  readonly title: string;
  readonly parameters: P;
  /** The costs, from parameters of shape [n]. */
  readonly costs: (p: T, draw: Draw) => tf.Tensor[];
  /** E[sum of costs], exactly. */
  readonly expectation: (p: P) => number;
}

const bernoulli = (logits: tf.Tensor): st.Distribution => new st.Bernoulli({logits});
const normal = (loc: tf.Tensor, scale: number): st.Distribution => new st.Normal({loc, scale});
/** E over b ~ Bernoulli(logit) of f(b). */
const over = (logit: number, f: (b: number) => number): number => sigmoid(logit) * f(1) + (1 - sigmoid(logit)) * f(0);
const square = (x: tf.Tensor, target: number): tf.Tensor => tf.square(tf.sub(x, target));

const discrete: Graph[] = [
  {
    title: '1: x deterministic, y random',
    parameters: {theta: 0.6},
    costs: ({theta}, draw) => [square(draw(bernoulli(tf.mul(tf.tanh(theta!), 2))), 0.3)],
    expectation: ({theta}) => over(2 * Math.tanh(theta!), y => (y - 0.3) ** 2),
  },
  {
    title: '2: x random, y deterministic',
    parameters: {theta: -0.4},
    costs: ({theta}, draw) => [square(tf.add(tf.mul(draw(bernoulli(theta!)), 3), 1), 0.7)],
    expectation: ({theta}) => over(theta!, x => (3 * x + 1 - 0.7) ** 2),
  },
  {
    title: '3: x random, y random given x',
    parameters: {theta: 0.3},
    costs: ({theta}, draw) => [square(draw(bernoulli(tf.sub(tf.mul(draw(bernoulli(theta!)), 2.5), 1))), 0.2)],
    expectation: ({theta}) => over(theta!, x => over(2.5 * x - 1, y => (y - 0.2) ** 2)),
  },
  {
    title: '4: x random, y deterministic, a cost of both',
    parameters: {theta: 0.5},
    costs: ({theta}, draw) => [tf.mul(square(draw(bernoulli(theta!)), 0.3), tf.exp(theta!))],
    expectation: ({theta}) => over(theta!, x => (x - 0.3) ** 2 * Math.exp(theta!)),
  },
  {
    title: '5: a chain with a cost at each node',
    parameters: {theta: 0.7},
    costs({theta}, draw) {
      const x1 = draw(bernoulli(tf.mul(theta!, 0.8)));
      const x2 = draw(bernoulli(tf.mul(theta!, tf.sub(tf.mul(x1, 2), 0.5))));
      return [square(x1, 0.3), tf.mul(square(x2, -0.2), 2)];
    },
    expectation: ({theta}) =>
      over(0.8 * theta!, x1 => (x1 - 0.3) ** 2 + over(theta! * (2 * x1 - 0.5), x2 => 2 * (x2 + 0.2) ** 2)),
  },
  {
    title: 'the abstract example: costs c(a, b) and e(b, d)',
    parameters: {a: 0.8, d: -0.6},
    costs({a, d}, draw) {
      const b = draw(bernoulli(tf.mul(a!, d!)));
      return [tf.mul(a!, square(b, 0.3)), tf.square(tf.sub(b, d!))];
    },
    expectation: ({a, d}) => over(a! * d!, b => a! * (b - 0.3) ** 2 + (b - d!) ** 2),
  },
];

const continuous: Graph[] = [
  {
    title: '1: x deterministic, y random',
    parameters: {theta: 0.6},
    costs: ({theta}, draw) => [square(draw(normal(tf.tanh(theta!), 0.7)), 0.3)],
    expectation: ({theta}) => (Math.tanh(theta!) - 0.3) ** 2 + 0.49,
  },
  {
    title: '2: x random, y deterministic',
    parameters: {theta: -0.4},
    costs: ({theta}, draw) => [square(tf.add(tf.mul(draw(normal(theta!, 0.7)), 2), 1), 0.3)],
    expectation: ({theta}) => (2 * theta! + 0.7) ** 2 + 4 * 0.49,
  },
  {
    title: '3: x random, y random given x',
    parameters: {theta: 0.3},
    costs: ({theta}, draw) => [square(draw(normal(tf.mul(draw(normal(theta!, 0.7)), 0.5), 0.6)), 0.3)],
    expectation: ({theta}) => (0.5 * theta! - 0.3) ** 2 + 0.25 * 0.49 + 0.36,
  },
  {
    title: '4: x random, y deterministic, a cost of both',
    parameters: {theta: 0.9},
    costs: ({theta}, draw) => [tf.mul(square(draw(normal(theta!, 0.7)), 0.3), tf.square(theta!))],
    expectation: ({theta}) => ((theta! - 0.3) ** 2 + 0.49) * theta! ** 2,
  },
  {
    title: '5: a chain with a cost at each node',
    parameters: {theta: 0.7},
    costs({theta}, draw) {
      const x1 = draw(normal(tf.mul(theta!, 0.4), 0.7));
      const x2 = draw(normal(tf.mul(theta!, x1), 0.6));
      return [square(x1, 0.3), square(x2, -0.2)];
    },
    expectation: ({theta}) =>
      (0.4 * theta! - 0.3) ** 2 + 0.49 + (0.4 * theta! ** 2 + 0.2) ** 2 + theta! ** 2 * 0.49 + 0.36,
  },
  {
    title: 'the abstract example: costs c(a, b) and e(b, d)',
    parameters: {a: 0.8, d: -0.6},
    costs({a, d}, draw) {
      const b = draw(normal(tf.add(a!, d!), 0.7));
      return [tf.mul(a!, tf.square(b)), tf.square(tf.sub(b, d!))];
    },
    expectation: ({a, d}) => a! * ((a! + d!) ** 2 + 0.49) + a! ** 2 + 0.49,
  },
];

/** A control variate that is neither zero nor good: a bias in how it is used would show. */
const controlVariate = (z: tf.Tensor): tf.Tensor => tf.sub(tf.mul(tf.tanh(tf.add(tf.mul(z, 1.3), 0.4)), 0.8), 0.2);

const families: Array<{name: string; graphs: Graph[]; estimators: Record<string, () => st.Estimator>}> = [
  {
    name: 'Bernoulli',
    graphs: discrete,
    estimators: {scoreFunction: () => st.scoreFunction(), relax: () => st.relax({controlVariate})},
  },
  {
    name: 'Normal',
    graphs: continuous,
    estimators: {
      scoreFunction: () => st.scoreFunction(),
      pathwise: () => st.pathwise(),
      lax: () => st.lax({controlVariate}),
    },
  },
];

describeBackends(
  'the graphs of Schulman et al. 2015',
  () => {
    for (const {name, graphs, estimators} of families) {
      for (const graph of graphs) {
        for (const [estimatorName, make] of Object.entries(estimators)) {
          it(`${name}, graph ${graph.title}: ${estimatorName} estimates the exact gradient`, async () => {
            expect(await zOf(graph, make())).toBeLessThan(4.5);
          });
        }
      }
    }

    it('has a test that can fail: a missing factor, a wrong sign and a lost downstream cost are caught', async () => {
      const wrong: Record<string, st.LossFunction> = {
        factor: (node, value, cost) => tf.mul(tf.mul(node.distribution.logProb(value), cost), 0.9),
        sign: (node, value, cost) => tf.neg(tf.mul(node.distribution.logProb(value), cost)),
        lost: (node, value, cost) =>
          tf.mul(node.distribution.logProb(value), tf.mul(cost, tf.cast(tf.less(cost, 2.5), 'float32'))),
      };
      for (const fn of Object.values(wrong)) expect(await zOf(discrete[4]!, fn)).toBeGreaterThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

async function zOf(graph: Graph, estimator: st.Estimator | st.LossFunction): Promise<number> {
  st.random.setSeed(11);
  const n = sizeFor({cpu: 100_000, wasm: MANY, webgl: 100_000, webgpu: process.env.FULL === '1' ? 100_000 : 20_000});
  const names = Object.keys(graph.parameters);
  const lists = Object.fromEntries(names.map(p => [p, [graph.parameters[p]!]]));
  const draw: Draw = q => new st.DistributionTensor(q, {estimator}).value;
  const moments = await gradientMoments(lists, n, p =>
    graph.costs(Object.fromEntries(names.map(name => [name, tf.reshape(p[name]!, [n])])), draw),
  );
  const exact = exactGradient(lists, p =>
    graph.expectation(Object.fromEntries(names.map(name => [name, p[name]![0]!]))),
  );
  return worstZ(moments, exact);
}
