/**
 * Credit goes to upstream nodes only: a cost that is not downstream of a node leaves that node's gradient as it is, to
 * the bit.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';
import {square} from '../../estimators/problems.js';

const estimators: Record<string, () => st.Estimator> = {
  scoreFunction: () => st.scoreFunction(),
  movingAverage: () => st.estimators.get('movingAverage'),
  nvil: () => st.nvil({units: [4]}),
  leaveOneOut: () => st.estimators.get('leaveOneOut'),
  relax: () => st.relax({units: [4]}),
};

type Build = (theta: tf.Tensor, estimator: st.Estimator, scale: number) => tf.Tensor[];

const draw = (logits: tf.Tensor, estimator: st.Estimator, name: string): tf.Tensor =>
  new st.DistributionTensor(new st.Bernoulli({logits}), {estimator, name}).value;

/** Graphs on parameters a and b; `scale` multiplies a cost that is downstream of b only. */
const graphs: Record<string, Build> = {
  'two separate nodes': (theta, estimator, scale) => {
    const [a, b] = tf.unstack(theta);
    const [x, y] = [draw(a!, estimator, 'x'), draw(b!, estimator, 'y')];
    return [square(x, 0.3), tf.mul(square(y, 0.6), scale)];
  },
  'a node that comes after another in the code': (theta, estimator, scale) => {
    const [a, b] = tf.unstack(theta);
    const y = draw(b!, estimator, 'y');
    const early = tf.mul(square(y, 0.6), scale);
    const x = draw(a!, estimator, 'x');
    return [early, square(x, 0.3)];
  },
  'a cost of parameters only': (theta, estimator, scale) => {
    const [a, b] = tf.unstack(theta);
    return [square(draw(a!, estimator, 'x'), 0.3), tf.mul(tf.square(b!), scale)];
  },
  'a chain: costs before a node are not downstream of it': (theta, estimator, scale) => {
    const [a, b] = tf.unstack(theta);
    const y = draw(b!, estimator, 'y');
    const x = draw(tf.add(a!, y), estimator, 'x');
    return [tf.mul(square(y, 0.6), scale), square(x, 0.3)];
  },
};

/**
 * The gradient of parameter a in two consecutive steps, with training of the estimator's own variables between them.
 */
async function twoSteps(build: Build, make: () => st.Estimator, scale: number): Promise<number[]> {
  st.random.setSeed(3);
  const estimator = make();
  const theta = tf.variable(
    tf.tensor2d([
      [0.3, -0.2, 0.9],
      [0.1, 0.4, -0.8],
    ]),
  );
  const own = tf.train.sgd(1e-3);
  const found: tf.Tensor[] = [];
  for (let step = 0; step < 2; step++) {
    tf.tidy(() => {
      const {grads} = st.variableGrads(() => build(theta, estimator, scale), [theta]);
      found.push(tf.keep(tf.slice(grads[theta.name]!, [0, 0], [1, 3])));
      delete grads[theta.name];
      own.applyGradients(grads);
    });
  }
  const numbers: number[] = [];
  for (const t of found) numbers.push(...(await t.data()));
  tf.dispose(found);
  theta.dispose();
  own.dispose();
  estimator.dispose?.();
  return numbers;
}

describeBackends(
  'a cost that is not downstream of a node',
  () => {
    for (const [title, build] of Object.entries(graphs)) {
      for (const [name, make] of Object.entries(estimators)) {
        it(`never changes its gradient, to the bit: ${name}, ${title}`, async () => {
          const [plain, scaled] = [await twoSteps(build, make, 1), await twoSteps(build, make, 1e6)];
          expect(scaled).toEqual(plain);
          expect(plain.some(g => g !== 0)).toBeTrue();
        });
      }
    }

    it('does change that of a node that it is downstream of', async () => {
      const joint: Build = (theta, estimator, scale) => {
        const [a, b] = tf.unstack(theta);
        const x = draw(a!, estimator, 'x');
        return [square(x, 0.3), tf.mul(square(draw(tf.add(b!, x), estimator, 'y'), 0.6), scale)];
      };
      expect(await twoSteps(joint, () => st.scoreFunction(), 1e6)).not.toEqual(
        await twoSteps(joint, () => st.scoreFunction(), 1),
      );
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
