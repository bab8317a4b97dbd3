/**
 * Training that drives logits to ±30, where probabilities are 1 − 1e-13 and draws never change: estimates stay finite.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../../helpers/backends.js';

const full = process.env.FULL === '1';
const limit = 30;

/** Three classes of which the last has the logit. */
const classes = (logits: tf.Tensor): tf.Tensor => tf.stack([tf.mul(logits, -0.5), tf.zerosLike(logits), logits], -1);

/** Families on logits `[2]`, with values that are larger for larger logits. */
const families: Record<string, (logits: tf.Tensor) => st.Distribution> = {
  Bernoulli: logits => new st.Bernoulli({logits}),
  Categorical: logits => new st.Categorical({logits: classes(logits)}),
  OneHotCategorical: logits => new st.OneHotCategorical({logits: classes(logits)}),
};
/** The same without tensors, to ask who serves them. */
const examples: Record<string, st.Distribution> = {
  Bernoulli: new st.Bernoulli({logits: [0, 0]}),
  Categorical: new st.Categorical({
    logits: [
      [0, 0, 0],
      [0, 0, 0],
    ],
  }),
  OneHotCategorical: new st.OneHotCategorical({
    logits: [
      [0, 0, 0],
      [0, 0, 0],
    ],
  }),
};

describeBackends(
  'logits driven to ±30',
  () => {
    const steps = full ? 10_000 : sizeFor({cpu: 30, wasm: 80, webgl: 8, webgpu: 8});
    for (const name of st.estimators.names()) {
      const served = Object.entries(families).filter(([family]) =>
        st.estimators.get(name).requires.accepts(examples[family]!),
      );
      if (served.length === 0) continue;
      it(`leave no NaN with ${name}`, async () => {
        for (const [family, make] of served) {
          st.random.setSeed(9);
          const logits = tf.tidy(() => tf.variable(tf.tensor1d([0.5, -0.5])));
          const sick = tf.tidy(() => tf.variable(tf.scalar(0), false));
          const optimizer = st.stochasticOptimizer(tf.train.sgd(1));
          for (let i = 0; i < steps; i++) {
            tf.tidy(() => {
              const {value, grads} = optimizer.computeGradients(() => {
                const x = tf.cast(
                  new st.DistributionTensor(make(logits), {estimator: name, name: 'x'}).value,
                  'float32',
                );
                // The first element wants to be large, the second small, so both logits run outwards.
                const event = make(logits).eventShape.length;
                const score = event === 0 ? x : tf.sum(tf.mul(x, [0, 1, 2]), -1);
                return tf.mul(score, [-3, 3]);
              }, [logits]);
              optimizer.applyGradients(grads);
              // Estimators find no slope in draws that never change, so the logits are pushed on as well.
              logits.assign(tf.clipByValue<tf.Tensor1D>(tf.add(logits, [0.5, -0.5]), -limit, limit));
              const all: tf.Tensor[] = [value, ...Object.values(grads)];
              const finite = tf.addN(all.map(t => tf.sum(tf.cast(tf.isFinite(t), 'float32'))));
              sick.assign(
                tf.add<tf.Scalar>(
                  sick,
                  tf.sub(
                    all.reduce((n, t) => n + t.size, 0),
                    finite,
                  ),
                ),
              );
            });
          }
          expect((await sick.data())[0])
            .withContext(`${family}: estimates that are not finite`)
            .toBe(0);
          if (steps >= 80)
            expect(Math.abs((await logits.data())[0]!))
              .withContext(`${family}: the last logit`)
              .toBeGreaterThan(25);
          optimizer.dispose();
          tf.dispose([logits, sick]);
        }
      });
    }
  },
  {inBrief: [], inNode: ['wasm']},
);
