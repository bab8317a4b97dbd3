import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';

const RULE =
  /^node "z": its estimator "\w+" adds a surrogate term to the loss, and the loss that is being differentiated has none/;

const bernoulli = (
  logits: tf.Tensor,
  estimator?: st.Estimator | st.LossFunction | string | null,
): st.DistributionTensor =>
  new st.DistributionTensor(new st.Bernoulli({logits}), {name: 'z', ...(estimator === undefined ? {} : {estimator})});
const costOf = (value: tf.Tensor): tf.Tensor => tf.square(tf.sub(value, 0.3));
const scalar = (t: tf.Tensor): tf.Scalar => tf.mean(t);

describeBackends(
  'a random node in a scope of tfjs',
  () => {
    let theta: tf.Variable;
    beforeEach(() => {
      theta = tf.tidy(() => tf.variable(tf.tensor1d([0.1, 0.2, 0.3])));
    });
    afterEach(() => theta.dispose());

    const names = st.estimators.names();
    /** Every way of differentiating that tfjs has. */
    const ways: Record<string, (loss: (theta: tf.Tensor) => tf.Scalar) => void> = {
      'optimizer.minimize': loss => {
        const sgd = tf.train.sgd(0.1);
        try {
          sgd.minimize(() => loss(theta));
        } finally {
          sgd.dispose();
        }
      },
      'tf.variableGrads': loss => {
        tf.tidy(() => {
          tf.variableGrads(() => loss(theta));
        });
      },
      'tf.grad': loss => {
        tf.tidy(() => {
          tf.grad(x => loss(x))(theta);
        });
      },
      'tf.valueAndGrads': loss => {
        tf.tidy(() => {
          tf.valueAndGrads((x: tf.Tensor, y: tf.Tensor) => tf.mul<tf.Scalar>(loss(x), tf.mean(y)))([
            theta,
            tf.scalar(2),
          ]);
        });
      },
    };

    for (const [way, take] of Object.entries(ways)) {
      it(`is an error that says what to write, where ${way} finds no surrogate for its estimator, and leaves nothing behind`, () => {
        for (const name of names) {
          const estimator = st.estimators.get(name);
          if (estimator.differentiable || !estimator.requires.accepts(new st.Bernoulli({logits: theta}))) continue;
          const before = tf.memory().numTensors;
          expect(() => take(x => scalar(costOf(bernoulli(x, estimator).value))))
            .withContext(name)
            .toThrowError(RULE);
          expect(tf.memory().numTensors).withContext(name).toBe(before);
          estimator.dispose?.();
        }
        expect(() => take(x => scalar(costOf(bernoulli(x, (_, __, cost) => cost).value)))).toThrowError(RULE);
      });

      it(`is none of the business of ${way} where its surrogate is there, or no derivative leads through it`, () => {
        const silent: Record<string, (x: tf.Tensor) => tf.Scalar> = {
          surrogateLoss: x => scalar(st.surrogateLoss(costOf(bernoulli(x).value))),
          'surrogateLoss of two nodes in a chain': x =>
            scalar(st.surrogateLoss(costOf(bernoulli(tf.add(bernoulli(x).value, x)).value))),
          'surrogateLoss for one of two nodes': x => {
            const [z, w] = [bernoulli(x), bernoulli(x)];
            return scalar(st.surrogateLoss(costOf(tf.add(z.value, w.value)), {stochasticTensors: [z]}));
          },
          'node.loss': x => {
            const z = bernoulli(x);
            const cost = costOf(z.value);
            return tf.add(scalar(cost), scalar(z.loss(cost)!));
          },
          reinforce: x => scalar(bernoulli(x).reinforce([1, 2, 3])),
          expectation: x => scalar(st.expectation(costOf, new st.Bernoulli({logits: x}), {estimator: 'scoreFunction'})),
          'a draw that nobody uses': x => {
            bernoulli(x);
            return scalar(tf.square(x));
          },
          'a draw that is cut off': x => scalar(tf.mul(x, st.stopGradient(bernoulli(x).value))),
          'a score by hand': x => {
            const z = bernoulli(x);
            return scalar(tf.mul(z.logProb(), st.stopGradient(costOf(z.value))));
          },
          'log p alone': x => scalar(bernoulli(x).logProb()),
          'no estimator': x => scalar(tf.add(x, bernoulli(x, null).value)),
          'a pathwise node': x => scalar(new st.DistributionTensor(new st.Normal({loc: x, scale: 1})).value),
          'the mean': x => st.withValueType(st.meanValue(), () => scalar(bernoulli(x).value)),
          'parameters that are constants': x => scalar(tf.mul(x, bernoulli(tf.tensor1d([0.5, 1, 2])).value)),
        };
        for (const [what, loss] of Object.entries(silent)) {
          expect(() => take(loss))
            .withContext(what)
            .not.toThrow();
        }
      });
    }

    it('may be what a loss is made of, if the gradient is that of something behind it', async () => {
      const slope = tf.tidy(() =>
        tf.grad((w: tf.Tensor) => tf.sum(tf.mul(w, bernoulli(tf.fill([3], 100)).value)))(tf.scalar(2)),
      );
      expect((await slope.data())[0]).toBe(3);
      slope.dispose();
      const behind = tf.tidy(() =>
        tf.grad((w: tf.Tensor) => scalar(tf.mul(w, tf.add(1, bernoulli(theta).value))))(tf.scalar(2)),
      );
      expect((await behind.data())[0]).toBeGreaterThanOrEqual(1);
      behind.dispose();
    });

    it('has the gradient by surrogateLoss that st.variableGrads gives, to the second order as well', async () => {
      const key = st.random.key(4);
      const cost = (): tf.Tensor =>
        costOf(new st.DistributionTensor(new st.Bernoulli({logits: theta}), {key, estimator: 'scoreFunction'}).value);
      const [ours, theirs] = tf.tidy(() => [
        st.variableGrads(cost, [theta]).grads[theta.name]!,
        tf.variableGrads(() => scalar(st.surrogateLoss(cost())), [theta]).grads[theta.name]!,
      ]);
      expect(await theirs.data()).toEqual(await ours.data());
      const second = (surrogate: (x: tf.Tensor) => tf.Scalar): tf.Tensor =>
        tf.tidy(() => tf.grad(x => tf.sum(tf.square(tf.grad(surrogate)(x))))(theta));
      const z = tf.tidy(() => new st.Bernoulli({logits: theta}).sample([], {key}));
      const [a, b] = [
        second(x =>
          scalar(
            st.surrogateLoss(
              costOf(new st.DistributionTensor(new st.Bernoulli({logits: x}), {key, estimator: 'scoreFunction'}).value),
            ),
          ),
        ),
        second(x => scalar(tf.mul(new st.Bernoulli({logits: x}).logProb(z), costOf(z)))),
      ];
      const exact = await b.data();
      (await a.data()).forEach((g, i) => expect(g).toBeCloseTo(exact[i]!, 5));
      tf.dispose([ours, theirs, a, b, z]);
    });

    it('may come before a scope of the library within that of tfjs', () => {
      expect(() =>
        tf.tidy(() =>
          tf.variableGrads(() => {
            const outer = bernoulli(theta);
            const {value} = st.variableGrads(() => costOf(tf.mul(outer.value, theta)), [theta]);
            return tf.add<tf.Scalar>(scalar(theta), value);
          }, [theta]),
        ),
      ).not.toThrow();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'a random layer under an optimizer of tfjs',
  () => {
    let x: tf.Tensor2D;
    let y: tf.Tensor2D;
    let model: Sequential;
    beforeEach(() => {
      x = tf.ones([4, 3]);
      y = tf.zeros([4, 2]);
      model = sequential({
        layers: [layers.dense({units: 2, inputShape: [3]}), stl.bernoulli({name: 'z'}), layers.dense({units: 2})],
      });
    });
    afterEach(() => {
      tf.dispose([x, y]);
      model.dispose();
    });

    it('is an error in fit, trainOnBatch and a step by hand', async () => {
      model.compile({optimizer: 'adam', loss: 'meanSquaredError'});
      await expectAsync(model.fit(x, y, {verbose: 0})).toBeRejectedWithError(RULE);
      await expectAsync(model.trainOnBatch(x, y)).toBeRejectedWithError(RULE);
      const sgd = tf.train.sgd(0.1);
      expect(() => sgd.minimize(() => scalar(model.apply(x, {training: true}) as tf.Tensor))).toThrowError(RULE);
      sgd.dispose();
    });

    it('trains with stochasticOptimizer, and predicts and evaluates as before', async () => {
      model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(0.1)), loss: 'meanSquaredError'});
      await model.fit(x, y, {verbose: 0});
      tf.dispose([model.predict(x), model.evaluate(x, y)] as tf.Tensor[]);
      expect(model.getWeights().length).toBe(4);
    });

    const UNSAID =
      /^stl layer "z": is differentiated, and was applied without a word about training: model\.apply\(x, \{training: true\}\)/;
    it('is an error where it is differentiated without a word about training, in every scope', () => {
      const optimizers = [tf.train.sgd(0.1), st.stochasticOptimizer(tf.train.sgd(0.1))];
      for (const optimizer of optimizers) {
        expect(() => optimizer.minimize(() => scalar(model.apply(x) as tf.Tensor))).toThrowError(UNSAID);
        expect(() => optimizer.minimize(() => scalar(model.apply(x, {training: false}) as tf.Tensor))).not.toThrow();
      }
      expect(() =>
        optimizers[1]!.minimize(() => tf.mean(model.apply(x, {training: true}) as tf.Tensor, 1)),
      ).not.toThrow();
      // what is predicted may be the target of something else
      expect(() =>
        optimizers[1]!.minimize(() =>
          tf.mean(
            tf.sub(model.apply(x, {training: true}) as tf.Tensor, st.stopGradient(model.predict(x) as tf.Tensor)),
            1,
          ),
        ),
      ).not.toThrow();
      optimizers.forEach(o => o.dispose());
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
