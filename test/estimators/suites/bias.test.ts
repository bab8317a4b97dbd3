/**
 * Every estimator with every baseline on graphs of every shape: the mean of many estimates equals the exact gradient.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {describeBackends, gpuOf, inBrief, inBrowser, sizeFor} from '../../helpers/backends.js';
import {
  binary,
  classes,
  column,
  drawWith,
  oneBernoulli,
  real,
  square,
  zOf,
  type AnyEstimator,
  type Problem,
} from '../problems.js';

const full = process.env.FULL === '1';
/**
 * All pairs of problem and estimator run in Node; a page, with its software GPUs, takes those that differ in kernels,
 * each on one GPU.
 */
const chosen = inBrief
  ? ['scoreFunction', 'leave-one-out, 4 samples', 'nvil', 'relax, trained', 'pathwise', 'lax, trained']
  : null;
const chosenProblems = [
  'a chain of two with a cost at each',
  'an event of three',
  'one Categorical',
  'an event of two OneHotCategoricals',
  'an event of two Normals',
];

/** Independent estimates of one test. */
const size = (): number => (full ? 100_000 : sizeFor({cpu: 3000, wasm: 15_000, webgl: 4000, webgpu: 4000}));
const steps = (): number => sizeFor({cpu: 30, wasm: 30, webgl: 4, webgpu: 4});

interface Case {
  readonly make: () => AnyEstimator;
  /** Whether it has state to be trained before. */
  readonly trained?: boolean;
  /** Draws for each estimate. */
  readonly samples?: number;
  readonly options?: () => st.DistributionTensorOptions;
}

/** A control variate that is neither zero nor good: a bias in how it is used would show. */
const bad = (z: tf.Tensor): tf.Tensor => tf.sub(tf.mul(tf.tanh(tf.add(tf.mul(z, 1.3), 0.4)), 1.8), 0.7);

const baselines: Record<string, Case> = {
  scoreFunction: {make: () => st.scoreFunction()},
  'a constant': {make: () => st.scoreFunction({baseline: st.constant({value: 2.5})})},
  'a moving average': {make: () => st.scoreFunction({baseline: st.movingAverage({decay: 0.6})}), trained: true},
  'leave-one-out, 2 samples': {make: () => st.scoreFunction({baseline: st.leaveOneOut({samples: 2})}), samples: 2},
  'leave-one-out, 4 samples': {make: () => st.scoreFunction({baseline: st.leaveOneOut({samples: 4})}), samples: 4},
  nvil: {make: () => st.nvil({units: [5]}), trained: true},
  'a bad baseline function': {make: () => st.scoreFunction({baseline: node => tf.mul(firstParameter(node), 3)})},
  'an advantage function': {make: () => st.scoreFunction({baseline: st.advantage((_, __, cost) => tf.sub(cost, 1.7))})},
  'a loss function': {make: () => (node, value, cost) => tf.mul(node.distribution.logProb(value), cost)},
};

const relaxed: Record<string, Case> = {
  'relax, untrained': {make: () => st.relax({units: [5]})},
  'relax, trained': {make: () => st.relax({units: [5]}), trained: true},
};

const laxes: Record<string, Case> = {
  pathwise: {make: () => st.pathwise()},
  'lax, untrained': {make: () => st.lax({units: [5]})},
  'lax, trained': {make: () => st.lax({units: [5]}), trained: true},
  'lax with a bad control variate': {
    make: () => st.lax({controlVariate: (x, node) => bad(x.rank > node.shape.length ? tf.sum(x, -1) : x)}),
  },
};

/** A parameter of the node, reduced to a shape that broadcasts to its log-probability: it lies upstream of the draw. */
function firstParameter(node: st.StochasticTensor): tf.Tensor {
  const {distribution} = node;
  const parameter = Object.values(distribution.tensors())[0]!;
  const extra = parameter.rank - distribution.batchShape.length;
  return extra === 0
    ? parameter
    : tf.mean(
        parameter,
        Array.from({length: extra}, (_, i) => parameter.rank - 1 - i),
      );
}

async function z(problem: Problem, {make, trained = false, samples = 1, options}: Case): Promise<number> {
  const estimator = make();
  const chained = problem.title.includes('chain') || problem.title.includes('given') ? samples : 1;
  const result = await zOf(
    problem,
    estimator,
    {n: Math.ceil(size() / samples / chained), warmup: trained ? steps() : 0},
    options?.(),
  );
  if (typeof estimator === 'object') estimator.dispose?.();
  return result;
}

describeBackends(
  'the mean of many estimates equals the exact gradient',
  backend => {
    for (const [family, problems, cases] of [
      ['Bernoulli', binary, {...baselines, ...relaxed}],
      ['classes', classes, {...baselines, ...relaxed}],
      ['Normal', real, {...baselines, ...laxes}],
    ] as const) {
      for (const problem of problems) {
        for (const [name, one] of Object.entries(cases)) {
          if (chosen !== null && !(chosen.includes(name) && chosenProblems.includes(problem.title))) continue;
          if (inBrief && backend !== gpuOf(name + problem.title)) continue;
          it(`${family}, ${problem.title}: ${name}`, async () => expect(await z(problem, one)).toBeLessThan(4.5));
        }
      }
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'other ways to draw and to control',
  () => {
    it('leave-one-out takes the samples of the value type, leading or merged into the batch', async () => {
      const loo = (): st.Estimator => st.scoreFunction({baseline: st.leaveOneOut()});
      expect(
        await z(oneBernoulli, {make: loo, samples: 10, options: () => ({valueType: st.sampleValue([10])})}),
      ).toBeLessThan(4.5);
      expect(
        await z(oneBernoulli, {make: loo, samples: 6, options: () => ({valueType: st.sampleValue([2, 3])})}),
      ).toBeLessThan(4.5);
      const merged: Problem = {
        ...oneBernoulli,
        costs: ({theta}, draw) => tf.add(tf.mul(square(draw(new st.Bernoulli({logits: column(theta!)})), 0.3), 3), 1),
      };
      expect(
        await z(merged, {make: loo, samples: 5, options: () => ({valueType: st.sampleAndReshapeValue(5)})}),
      ).toBeLessThan(4.5);
    });

    for (const [name, make] of Object.entries({
      scoreFunction: () => st.scoreFunction(),
      relax: () => st.relax({controlVariate: bad}),
    })) {
      it(`${name} with several samples, also nested ones`, async () => {
        const one = {make, samples: 3, options: () => ({valueType: st.sampleValue(3)})};
        expect(await z(oneBernoulli, one)).toBeLessThan(4.5);
        expect(await z(binary[2]!, one)).toBeLessThan(4.5); // sample axes [3, 3]
        expect(
          await z(oneBernoulli, {make, samples: 3, options: () => ({valueType: st.sampleAndReshapeValue(3)})}),
        ).toBeLessThan(4.5);
      });
    }

    it('nested sample axes with different estimators and numbers of samples', async () => {
      const chain: Problem = {
        ...binary[2]!,
        costs({theta}) {
          const a = new st.DistributionTensor(new st.Bernoulli({logits: column(theta!)}), {
            estimator: st.scoreFunction({baseline: st.leaveOneOut({samples: 3})}),
          }).value;
          const logits = tf.add(column(theta!, 1), tf.sub(tf.mul(a, 1.5), 0.5));
          const b = new st.DistributionTensor(new st.Bernoulli({logits}), {
            estimator: st.relax({controlVariate: bad}),
            valueType: st.sampleValue(2),
          }).value;
          return [square(a, 0.2), tf.mul(square(b, -0.4), 2)];
        },
      };
      expect(await zOf(chain, st.pathwise(), {n: Math.ceil(size() / 6)})).toBeLessThan(4.5);
    });

    it('a learned baseline with a network and a context of the user', async () => {
      st.random.setSeed(4);
      const network = st.denseNetwork({inputSize: 2, units: [4], activation: 'relu'});
      const contexts = {
        'a function': (node: st.NodeView) =>
          tf.stack(
            [
              Object.values(node.distribution.tensors())[0]!,
              tf.onesLike(Object.values(node.distribution.tensors())[0]!),
            ],
            -1,
          ),
      };
      for (const context of Object.values(contexts)) {
        expect(await z(oneBernoulli, {make: () => st.nvil({network, context}), trained: true})).toBeLessThan(4.5);
      }
      network.dispose();
      const constantContext = tf.tensor1d([0.3, -0.2]);
      const w = tf.variable(tf.tensor1d([2, 1]));
      const linear = {call: (x: tf.Tensor) => tf.sum(tf.mul(x, w), -1, true), variables: [w]};
      expect(
        await z(oneBernoulli, {make: () => st.nvil({network: linear, context: constantContext}), trained: true}),
      ).toBeLessThan(4.5);
      expect(Array.from(await w.data())).not.toEqual([2, 1]);
      tf.dispose([constantContext, w]);
    });

    it('relax stays unbiased at every stage of training', async () => {
      const estimator = st.relax({units: [8], temperature: 0.3});
      for (const warmup of inBrowser ? [0, steps()] : [0, 1, steps(), 3 * steps()]) {
        expect(await zOf(oneBernoulli, estimator, {n: size(), warmup})).toBeLessThan(4.5);
      }
      estimator.dispose!();
    });

    it('relax and lax with an object of variables and with a Keras-style model', async () => {
      const w = tf.variable(tf.scalar(0.9));
      const object = {call: (x: tf.Tensor) => tf.mul(tf.sigmoid(tf.mul(x, w)), 2), variables: [w]};
      expect(await z(oneBernoulli, {make: () => st.relax({controlVariate: object}), trained: true})).toBeLessThan(4.5);
      expect((await w.data())[0]).not.toBeCloseTo(0.9, 5);
      expect(await z(real[0]!, {make: () => st.lax({controlVariate: object}), trained: true})).toBeLessThan(4.5);
      w.dispose();

      const model = sequential({
        layers: [
          layers.reshape({targetShape: [1], inputShape: []}),
          layers.dense({units: 6, activation: 'tanh'}),
          layers.dense({units: 5, activation: 'elu'}),
          layers.dense({units: 1}),
        ],
      });
      const before = Array.from(await model.getWeights()[0]!.data());
      expect(await z(oneBernoulli, {make: () => st.relax({controlVariate: model}), trained: true})).toBeLessThan(4.5);
      expect(Array.from(await model.getWeights()[0]!.data())).not.toEqual(before);
      expect(await z(real[0]!, {make: () => st.lax({controlVariate: model}), trained: true})).toBeLessThan(4.5);
      model.dispose();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

/** What a careless implementation would do; each must be caught. */
describeBackends(
  'these tests can fail',
  () => {
    const moment = (cost: tf.Tensor): tf.Tensor => tf.mean(cost, 0, true);
    const wrong: Record<
      string,
      {problem: Problem; make: () => AnyEstimator; options?: st.DistributionTensorOptions; samples?: number}
    > = {
      'the mean over all samples without the factor K/(K−1)': {
        problem: oneBernoulli,
        make: () => (node, value, cost) => tf.mul(node.distribution.logProb(value), tf.sub(cost, moment(cost))),
        options: {valueType: st.sampleValue(4)},
        samples: 4,
      },
      'a wrong sign': {
        problem: oneBernoulli,
        make: () => (node, value, cost) => tf.neg(tf.mul(node.distribution.logProb(value), cost)),
      },
      'a baseline that looks at the draw': {
        problem: oneBernoulli,
        make: () => st.scoreFunction({baseline: (_, value) => tf.mul(value, 0.2)}),
      },
      'a cost that is not downstream lost or a downstream one missed': {
        problem: binary[2]!,
        make: () => (node, value, cost) => tf.mul(node.distribution.logProb(value), tf.minimum(cost, 2)),
      },
      'relax with z in the place of z̃': {problem: oneBernoulli, make: () => brokenRelax('sameZ')},
      'relax with −c(z̃) left out of the pathwise part': {problem: oneBernoulli, make: () => brokenRelax('noTilde')},
    };
    for (const [name, {problem, make, options = {}, samples = 1}] of Object.entries(wrong)) {
      it(name, async () => expect(await zOf(problem, make(), {n: 30_000 / samples}, options)).toBeGreaterThan(4.5));
    }

    it('but the same relax put together rightly passes', async () => {
      expect(await zOf(oneBernoulli, brokenRelax('right'), {n: 30_000})).toBeLessThan(4.5);
    });

    it('a moving average that includes the current cost', async () => {
      const n = sizeFor({cpu: 900, wasm: 900, webgl: 60, webgpu: 60});
      const right = st.scoreFunction({baseline: st.movingAverage({decay: 0.3})});
      expect(await zOfSteps(right, n)).toBeLessThan(4.5);
      right.dispose!();
      const moment = tf.variable(tf.scalar(0));
      let count = 0;
      const including = st.scoreFunction({
        baseline: (_, __, cost) => {
          moment.assign(tf.add(tf.mul(moment, 0.3), tf.mul(tf.mean(cost), 0.7)));
          return tf.div(moment, 1 - 0.3 ** ++count);
        },
      });
      expect(await zOfSteps(including, n)).toBeGreaterThan(4.5);
      moment.dispose();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

/** As `zOf` on the first problem, from `n` steps with one draw each, one after the other. */
async function zOfSteps(estimator: AnyEstimator, n: number): Promise<number> {
  st.random.setSeed(5);
  const theta = tf.variable(tf.tensor2d([[0.4]]));
  const found = tf.tidy(() =>
    tf.concat(
      Array.from(
        {length: n},
        () => st.variableGrads(() => oneBernoulli.costs({theta}, drawWith(estimator)), [theta]).grads[theta.name]!,
      ),
    ),
  );
  const values: number[] = Array.from(await found.data());
  tf.dispose([theta, found]);
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / n;
  const p = 1 / (1 + Math.exp(-0.4));
  return Math.abs(mean - p * (1 - p) * 3 * (0.49 - 0.09)) / Math.sqrt(variance / n);
}

/** RELAX on a Bernoulli written as an estimator of the user's, with one mistake. */
function brokenRelax(mistake: 'sameZ' | 'noTilde' | 'right'): st.Estimator {
  const c = bad;
  const slope = (x: tf.Tensor): tf.Tensor => tf.grad(v => tf.sum(c(v)))(x); // dz/dα = 1
  return {
    kind: 'estimator',
    name: 'broken',
    config: null,
    bias: 'biased',
    evaluations: 1,
    source: 'a mistake',
    differentiable: false,
    perSample: true,
    requires: {rule: 'a Bernoulli', accepts: q => q instanceof st.Bernoulli},
    draw(q, shape, key) {
      const [k1, k2] = st.random.split(key, 2);
      const {relaxation} = q;
      const z = relaxation!.sample(shape, {key: k1!});
      const value = st.stopGradient(relaxation!.harden(z));
      return {value, memo: {z, zTilde: mistake === 'sameZ' ? z : relaxation!.conditional(value, {key: k2!})}};
    },
    combine(node, {total: cost}) {
      const {z, zTilde} = node.memo;
      const score = tf.mul(node.logProb(), st.stopGradient(tf.sub(cost, c(zTilde!))));
      if (mistake === 'noTilde') return {surrogate: tf.add(score, tf.mul(st.stopGradient(slope(z!)), z!))};
      // z̃ depends on the parameter in its own way, so its path is taken through the tape.
      return {
        surrogate: tf.add(
          score,
          tf.sub(tf.mul(st.stopGradient(slope(z!)), z!), tf.mul(st.stopGradient(slope(zTilde!)), zTilde!)),
        ),
      };
    },
  };
}
