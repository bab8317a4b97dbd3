/**
 * Weighted samples in larger graphs: everything downstream counts with their weights, and axes of different nodes stay
 * apart.
 */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, inBrowser, sizeFor} from '../helpers/backends.js';
import {exactGradient, gradientMoments, sigmoid} from '../helpers/estimates.js';
import {bernoulli, column, drawWith, zOf, type AnyEstimator, type Problem} from '../estimators/problems.js';
import {seeded} from '../layers/models.js';

const size = (): number => sizeFor({cpu: 1500, wasm: 20_000, webgl: 1000, webgpu: 1000});

const over = (p: number, f: (b: number) => number): number => p * f(1) + (1 - p) * f(0);
/** E f(x) for x ~ Normal(loc, 0.7), by the trapezoidal rule. */
const overNormal = (loc: number, f: (x: number) => number): number => {
  const [steps, width] = [400, 14 * 0.7];
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const x = loc + width * (i / steps - 0.5);
    sum += f(x) * Math.exp(-0.5 * ((x - loc) / 0.7) ** 2);
  }
  return (sum * width) / steps / (0.7 * Math.sqrt(2 * Math.PI));
};
const draw = (q: st.Distribution, estimator: AnyEstimator, options: st.DistributionTensorOptions = {}): tf.Tensor =>
  drawWith(estimator, options)(q);

const parameters = {theta: [0.3, -0.5], w: [0.8]};

/** a, then b given a; w multiplies in both costs and in the logits of b. */
function chain(first: AnyEstimator, second: AnyEstimator, options: st.DistributionTensorOptions = {}): Problem {
  return {
    title: 'a chain',
    parameters,
    costs({theta, w}) {
      const a = draw(bernoulli(column(theta!)), first, options);
      const b = draw(bernoulli(tf.add(column(theta!, 1), tf.mul(a, column(w!)))), second);
      return [tf.mul(tf.square(tf.sub(a, 0.2)), column(w!)), tf.mul(tf.square(tf.add(b, tf.mul(a, column(w!)))), 2)];
    },
    expectation: ({theta, w}) =>
      over(
        sigmoid(theta![0]!),
        a => (a - 0.2) ** 2 * w![0]! + over(sigmoid(theta![1]! + a * w![0]!), b => 2 * (b + a * w![0]!) ** 2),
      ),
  };
}

/** a and b apart, and one cost of both with a weight w. */
function parallel(first: AnyEstimator, second: AnyEstimator): Problem {
  return {
    title: 'two in parallel',
    parameters,
    costs({theta, w}) {
      const a = draw(bernoulli(column(theta!)), first);
      const b = draw(bernoulli(column(theta!, 1)), second);
      return tf.square(tf.sub(tf.add(tf.mul(a, column(w!)), tf.mul(b, 2)), 0.7));
    },
    expectation: ({theta, w}) =>
      over(sigmoid(theta![0]!), a => over(sigmoid(theta![1]!), b => (a * w![0]! + 2 * b - 0.7) ** 2)),
  };
}

/** x ~ Normal, then b given x; a cost of both. */
function afterNormal(first: AnyEstimator, second: AnyEstimator): Problem {
  return {
    title: 'a Bernoulli given a Normal',
    parameters,
    costs({theta, w}) {
      const x = draw(new st.Normal({loc: column(theta!), scale: 0.7}), first);
      const b = draw(bernoulli(tf.add(column(theta!, 1), tf.mul(x, 1.5))), second);
      return tf.square(tf.sub(tf.mul(b, column(w!)), tf.mul(x, 0.5)));
    },
    expectation: ({theta, w}) =>
      overNormal(theta![0]!, x => over(sigmoid(theta![1]! + 1.5 * x), b => (b * w![0]! - 0.5 * x) ** 2)),
  };
}

/** b, then x ~ Normal given b. */
function beforeNormal(first: AnyEstimator, second: AnyEstimator): Problem {
  return {
    title: 'a Normal given a Bernoulli',
    parameters,
    costs({theta, w}) {
      const b = draw(bernoulli(column(theta!)), first);
      const x = draw(new st.Normal({loc: tf.add(column(theta!, 1), tf.mul(b, column(w!))), scale: 0.7}), second);
      return tf.mul(tf.square(tf.sub(x, b)), column(w!));
    },
    expectation: ({theta, w}) => over(sigmoid(theta![0]!), b => w![0]! * ((theta![1]! + b * w![0]! - b) ** 2 + 0.49)),
  };
}

const proposal = (q: st.Distribution): st.Distribution =>
  q.withTensors(Object.fromEntries(Object.entries(q.tensors()).map(([name, t]) => [name, tf.mul(t, 0.3)])));
const weighted: Record<string, () => st.Estimator> = inBrowser
  ? {enumerate: () => st.enumerate()}
  : {
      enumerate: () => st.enumerate(),
      importance: () => st.importance({proposal}),
      'importance, 3 samples': () => st.importance({proposal, samples: 3}),
    };
const unweighted: Record<string, () => st.Estimator> = inBrowser
  ? {'leave-one-out': () => st.scoreFunction({baseline: st.leaveOneOut({samples: 3})})}
  : {
      scoreFunction: () => st.scoreFunction(),
      'leave-one-out': () => st.scoreFunction({baseline: st.leaveOneOut({samples: 3})}),
      nvil: () => st.nvil({units: [3]}),
      relax: () => st.relax({units: [3]}),
      muProp: () => st.muProp(),
    };
const continuous: Record<string, () => st.Estimator> = {
  pathwise: () => st.pathwise(),
  lax: () => st.lax({units: [3]}),
  scoreFunction: () => st.scoreFunction(),
};

async function expectUnbiased(problem: Problem, estimators: st.Estimator[], n = size()): Promise<void> {
  expect(await zOf(problem, st.pathwise(), {n}))
    .withContext(problem.title)
    .toBeLessThan(4.5); // the problem has estimators of its own
  estimators.forEach(estimator => estimator.dispose?.());
}

describeBackends(
  'weighted nodes with each other',
  () => {
    it('enumerated chains and enumerated nodes in parallel give the exact gradient and the exact value, in parameters of the cost too', async () => {
      const e = st.enumerate();
      const problems = [
        chain(e, e),
        parallel(e, e),
        chain(e, e, {valueType: st.sampleValue(2)}),
        beforeNormal(e, st.pathwise()),
      ];
      for (const problem of problems.slice(0, 3)) {
        const wanted = exactGradient(problem.parameters, problem.expectation);
        const found = await gradientMoments(problem.parameters, 2, p => problem.costs(p, drawWith(e)));
        for (const [name, exact] of Object.entries(wanted))
          exact.forEach((g, i) => expect(found[name]!.mean[i]!).toBeCloseTo(g, inBrowser ? 3 : 5));
        const theta = tf.variable(
          tf.tensor2d([
            [0.3, -0.5],
            [0.3, -0.5],
          ]),
        );
        const w = tf.variable(tf.tensor2d([[0.8], [0.8]]));
        const {value, grads} = st.variableGrads(() => problem.costs({theta, w}, drawWith(e)), [theta, w]);
        expect((await value.data())[0]).toBeCloseTo(problem.expectation(parameters), inBrowser ? 3 : 5);
        tf.dispose([theta, w, value, ...Object.values(grads)]);
      }
    });

    for (const [name, make] of Object.entries(weighted)) {
      it(`${name} before and behind itself, and beside the others`, async () => {
        const own = make();
        await expectUnbiased(chain(own, own), []);
        await expectUnbiased(parallel(own, own), []);
        for (const other of Object.values(weighted)) await expectUnbiased(parallel(make(), other()), []);
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'weighted nodes with unweighted ones',
  () => {
    for (const [name, make] of Object.entries(unweighted)) {
      for (const [weightedName, makeWeighted] of Object.entries(weighted)) {
        it(`${weightedName} and ${name}, upstream, downstream and in parallel`, async () => {
          const [one, two] = [makeWeighted(), make()];
          for (const problem of [chain(one, two), chain(two, one), parallel(one, two), parallel(two, one)])
            await expectUnbiased(problem, [], size() / 2);
          two.dispose?.();
        });
      }
    }

    for (const [name, make] of Object.entries(continuous)) {
      it(`enumerate and a Normal with ${name}, upstream and downstream`, async () => {
        const other = make();
        await expectUnbiased(afterNormal(other, st.enumerate()), []);
        await expectUnbiased(beforeNormal(st.enumerate(), other), []);
        other.dispose?.();
      });
    }

    it('a weight forgotten on the way is caught', async () => {
      const right = st.enumerate();
      const forgetful: st.Estimator = {...right, draw: (q, shape, key) => ({value: right.draw!(q, shape, key).value})};
      expect(
        await zOf(
          chain(st.scoreFunction(), {...forgetful, combine: node => ({surrogate: node.logProb()})}),
          st.pathwise(),
          {n: 4000},
        ),
      ).toBeGreaterThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'axes of weighted samples',
  () => {
    const shapeOf = (make: () => tf.Tensor[]): number[][] => {
      let shapes: number[][] = [];
      const v = tf.variable(tf.zeros([4]));
      const {value, grads} = st.variableGrads(() => {
        const values = make();
        shapes = values.map(t => t.shape);
        return tf.mul(
          values.reduce((a, b) => tf.add(a, b)),
          v,
        );
      }, [v]);
      tf.dispose([v, value, ...Object.values(grads)]);
      return shapes;
    };
    const node = (estimator: st.Estimator, options: st.DistributionTensorOptions = {}, batch = [4]): tf.Tensor =>
      draw(bernoulli(tf.zeros(batch)), estimator, options);
    const loo = st.scoreFunction({baseline: st.leaveOneOut({samples: 3})});

    it('are shared with no other node', () => {
      const e = st.enumerate();
      expect(shapeOf(() => [node(e), node(e), node(loo)])).toEqual([
        [2, 4],
        [2, 1, 4],
        [3, 1, 1, 4],
      ]);
      expect(shapeOf(() => [node(loo), node(loo), node(e)])).toEqual([
        [3, 4],
        [3, 4],
        [2, 1, 4],
      ]);
      expect(shapeOf(() => [node(e, {valueType: st.sampleValue(5)}), node(e)])).toEqual([
        [2, 5, 4],
        [2, 1, 1, 4],
      ]);
      expect(shapeOf(() => [node(st.scoreFunction(), {valueType: st.sampleValue(5)}), node(e)])).toEqual([
        [5, 4],
        [2, 1, 4],
      ]);
    });

    it('lie in front of the batch axes of nodes that were made before', () => {
      const e = st.enumerate();
      expect(shapeOf(() => [node(st.scoreFunction(), {}, [2, 4]), node(e)])).toEqual([
        [2, 4],
        [2, 1, 4],
      ]);
    });

    it('must be kept by the costs', () => {
      const lost =
        (cost: (b: tf.Tensor, v: tf.Tensor) => tf.Tensor): (() => void) =>
        () =>
          tf.tidy(() => {
            const v = tf.variable(tf.zeros([4]));
            try {
              st.variableGrads(() => cost(draw(bernoulli(v), st.enumerate()), v), [v]);
            } finally {
              v.dispose();
            }
          });
      const rule = 'node "Bernoulli": its samples are weighted, so a cost downstream must keep ';
      const samples = `${rule}their axis: return it in the shape [sample…, batch…], here [2,4] up to axes of size 1, and leave the mean to the library, got a float32 tensor of shape `;
      expect(lost(b => tf.square(tf.mean(b, 0)))).toThrowError(`${samples}[4]`);
      expect(lost(b => tf.square(tf.mean(b)))).toThrowError(`${samples}[]`);
      const coupled = new RegExp(
        `^${rule}the examples of the batch apart, here \\[2,4\\], and this one couples or moves them .* such as "leaveOneOut", got a float32 tensor of shape `,
      );
      expect(lost(b => tf.square(tf.mean(b, 1, true)))).toThrowError(coupled);
      expect(lost(b => tf.sub(b, tf.mean(b, 1, true)))).toThrowError(coupled);
      expect(lost(b => tf.reverse(b, 1))).toThrowError(coupled);
      expect(lost(b => tf.square(b))).not.toThrow();
      expect(lost(b => tf.mean(tf.square(b)))).not.toThrow(); // taken apart again
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'weighted nodes in training',
  () => {
    it('surrogateLoss weighs the costs too', async () => {
      const [theta, w] = [tf.variable(tf.tensor1d([0.3])), tf.variable(tf.scalar(0.8))];
      const {value, grads} = tf.variableGrads(
        () => tf.mean(st.surrogateLoss(tf.mul(tf.square(tf.sub(draw(bernoulli(theta), st.enumerate()), 0.2)), w))),
        [theta, w],
      );
      const p = sigmoid(0.3);
      expect((await grads[theta.name]!.data())[0]).toBeCloseTo(p * (1 - p) * 0.8 * (0.64 - 0.04), 5);
      expect((await grads[w.name]!.data())[0]).toBeCloseTo(
        over(p, b => (b - 0.2) ** 2),
        5,
      );
      tf.dispose([theta, w, value, ...Object.values(grads)]);
    });

    it('minimize goes down the exact objective, whatever the scalar that the costs were averaged into', async () => {
      const theta = tf.variable(tf.tensor1d([0.3, 0.3]));
      const optimizer = st.stochasticOptimizer(tf.train.sgd(1));
      const cost = optimizer.minimize(
        () => tf.mean(tf.square(tf.sub(draw(bernoulli(theta), st.enumerate()), 0.2))),
        true,
        [theta],
      )!;
      const p = sigmoid(0.3);
      expect((await cost.data())[0]).toBeCloseTo(
        over(p, b => (b - 0.2) ** 2),
        5,
      );
      (await theta.data()).forEach(t => expect(t).toBeCloseTo(0.3 - (p * (1 - p) * 0.6) / 2, 5));
      tf.dispose([theta, cost]);
      optimizer.dispose();
    });

    it('model.fit trains a layer of weighted samples, and reports its weighted loss', async () => {
      const x = tf.tensor2d([
        [1, 0, 1, 0],
        [0, 1, 0, 1],
        [1, 1, 0, 0],
        [0, 0, 1, 1],
      ]);
      for (const [estimator, epochs] of [
        ['enumerate', 30],
        ['unorderedSet', 30],
        ['sumAndSample', 2],
        ['raoBlackwell', 2],
        ['importance', 2],
      ] as const) {
        const model = sequential({
          layers: [
            layers.dense({units: 3, inputShape: [4], ...seeded(1)}),
            stl.bernoulli({estimator, seed: 1}),
            layers.dense({units: 4, activation: 'sigmoid', ...seeded(2)}),
          ],
        });
        model.compile({
          optimizer: st.stochasticOptimizer(tf.train.adam(0.05)),
          loss: stl.perSample('binaryCrossentropy'),
        });
        const {history} = await model.fit(x, x, {epochs: inBrowser ? 2 : epochs, verbose: 0, shuffle: false});
        const losses = history['loss'] as number[];
        expect(losses.every(Number.isFinite)).withContext(estimator).toBeTrue();
        if (!inBrowser && epochs > 2)
          expect(losses.at(-1)!)
            .withContext(estimator)
            .toBeLessThan(0.9 * losses[0]!);
        model.dispose();
      }
      x.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
