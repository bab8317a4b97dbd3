import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';

const optimizers: Record<string, () => tf.Optimizer> = {
  sgd: () => tf.train.sgd(0.3),
  momentum: () => tf.train.momentum(0.3, 0.9),
  adam: () => tf.train.adam(0.2),
  rmsprop: () => tf.train.rmsprop(0.1),
  adagrad: () => tf.train.adagrad(0.5),
  adamax: () => tf.train.adamax(0.2),
  adadelta: () => tf.train.adadelta(2, 0.9, 1e-3),
};

/** What is there at run time, whatever tfjs declares. */
type Fields = Record<string, unknown>;

const data = async (t: tf.Tensor): Promise<number> => (await t.data())[0]!;

/** θ after each of some steps on θ², `between` run before the third. */
async function path(
  make: () => st.StochasticOptimizer,
  between: (optimizer: st.StochasticOptimizer) => void,
): Promise<number[]> {
  const theta = tf.tidy(() => tf.variable(tf.scalar(1)));
  const optimizer = make();
  const seen: number[] = [];
  for (let i = 0; i < 5; i++) {
    if (i === 2) between(optimizer);
    optimizer.minimize(() => tf.square<tf.Scalar>(theta), false, [theta]);
    seen.push(await data(theta));
  }
  optimizer.dispose();
  theta.dispose();
  return seen;
}

describeBackends(
  'what stochasticOptimizer is tuned by',
  () => {
    for (const [name, make] of Object.entries(optimizers)) {
      it(`is that of ${name}, read and set`, () => {
        const inner = make() as unknown as Fields & tf.Optimizer;
        const outer = st.stochasticOptimizer(inner);
        const wrapper = outer as unknown as Fields;
        for (const field of Object.keys(inner.getConfig())) {
          if (!(field in inner)) continue;
          expect(wrapper[field]).withContext(field).toEqual(inner[field]);
          const value = typeof inner[field] === 'number' ? 0.25 : inner[field];
          wrapper[field] = value;
          expect(inner[field]).withContext(field).toEqual(value);
          expect((outer.getConfig()['optimizer'] as unknown as {config: Fields}).config[field])
            .withContext(field)
            .toEqual(value);
        }
        outer.dispose();
      });

      it(`stops ${name} where the learning rate is set to 0, however it is set`, async () => {
        for (const set of [
          (o: st.StochasticOptimizer) => {
            o.learningRate = 0;
          },
          (o: st.StochasticOptimizer) => o.setLearningRate(0),
        ]) {
          const seen = await path(
            () => st.stochasticOptimizer(make()),
            optimizer => set(optimizer),
          );
          expect(seen[1]).not.toBe(seen[0]);
          expect(seen.slice(2)).toEqual([seen[1]!, seen[1]!, seen[1]!]);
        }
      });
    }

    it('takes the momentum of Momentum, as an optimizer that had it from the start of those steps', async () => {
      const set = await path(
        () => st.stochasticOptimizer(tf.train.momentum(0.1, 0.9)),
        optimizer => {
          (optimizer as unknown as Fields)['momentum'] = 0;
        },
      );
      for (let i = 2; i < 5; i++) expect(set[i]!).toBeCloseTo(set[i - 1]! * 0.8, 6); // θ − 0.1·2θ
    });

    it('is refused where it makes no sense', () => {
      const outer = st.stochasticOptimizer(tf.train.adam(0.1));
      const set = (value: unknown) => () => {
        outer.learningRate = value as number;
      };
      expect(set('0.1')).toThrowError('stochasticOptimizer: learningRate must be a number, got "0.1"');
      expect(set(NaN)).toThrowError('stochasticOptimizer: learningRate must be a finite number, got NaN');
      expect(outer.learningRate).toBe(0.1);
      outer.dispose();
      const odd = {
        minimize: () => null,
        computeGradients: () => ({}),
        applyGradients: () => undefined,
        getConfig: () => ({}),
        getClassName: () => 'Odd',
        dispose: () => undefined,
      };
      const around = st.stochasticOptimizer(odd as unknown as tf.Optimizer);
      expect(() => {
        around.learningRate = 1;
      }).toThrowError('stochasticOptimizer: Odd has no learningRate');
      around.dispose();
    });

    it('is for the optimizers of the library’s own the same on every backend', () => {
      const outer = st.stochasticOptimizer(tf.train.sgd(1));
      expect(outer.controlVariateOptimizer.getConfig()).toEqual({
        learningRate: 1e-3,
        beta1: 0.9,
        beta2: 0.999,
        epsilon: 1e-7,
      });
      outer.dispose();
    });
  },
  {inBrief: ['webgl'], inNode: ['cpu']},
);

describeBackends(
  'stochasticOptimizer after a fault',
  () => {
    const cost = (theta: tf.Variable, estimator: string): tf.Tensor =>
      tf.square(tf.sub(new st.DistributionTensor(new st.Bernoulli({logits: theta}), {estimator}).value, 0.3));

    it('leaves nothing behind where an inner optimizer throws', () => {
      const failing = (): tf.Optimizer => {
        const sgd = tf.train.sgd(0.1);
        sgd.applyGradients = () => {
          throw new Error('on purpose');
        };
        return sgd;
      };
      const theta = tf.tidy(() => tf.variable(tf.zeros([4])));
      for (const optimizer of [
        st.stochasticOptimizer(failing()),
        st.stochasticOptimizer(tf.train.sgd(0.1), {controlVariateOptimizer: failing()}),
      ]) {
        // makes the state of the estimator
        expect(() => optimizer.minimize(() => cost(theta, 'nvil'), true, [theta])).toThrowError('on purpose');
        const before = tf.memory().numTensors;
        for (const returnCost of [true, false]) {
          expect(() => optimizer.minimize(() => cost(theta, 'nvil'), returnCost, [theta])).toThrowError('on purpose');
        }
        expect(tf.memory().numTensors).toBe(before);
        optimizer.dispose();
      }
      theta.dispose();
    });

    const names = st.estimators.names().filter(name => name !== 'pathwise');
    it('starts the state of every estimator anew where tf.disposeVariables() took it', async () => {
      tf.disposeVariables(); // those that other specs left
      const before = tf.memory().numTensors;
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
      const objects = names.flatMap(name => {
        const theta = tf.tidy(() => tf.variable(tf.zeros([2])));
        const estimator = st.estimators.get(name);
        const serves = estimator.requires.accepts(new st.Bernoulli({logits: theta}));
        theta.dispose();
        return serves ? [{name, estimator}] : [];
      });
      for (let round = 0; round < 3; round++) {
        for (const {name, estimator} of objects) {
          const theta = tf.tidy(() => tf.variable(tf.zeros([2])));
          for (const given of [name, estimator]) {
            for (let i = 0; i < 2; i++) {
              const loss = optimizer.minimize(() => cost(theta, given as string), true, [theta])!;
              expect(Number.isFinite(await data(loss)))
                .withContext(`${name}, round ${round}`)
                .toBeTrue();
              loss.dispose();
            }
          }
          expect(Number.isFinite(await data(theta)))
            .withContext(`${name}, round ${round}`)
            .toBeTrue();
          theta.dispose();
        }
        tf.disposeVariables();
      }
      const adam = st.stochasticOptimizer(tf.train.adam(0.1));
      const theta = tf.tidy(() => tf.variable(tf.zeros([2])));
      tf.disposeVariables();
      const fresh = tf.tidy(() => tf.variable(tf.zeros([2])));
      expect(() => adam.minimize(() => cost(fresh, 'scoreFunction'), false, [fresh])).toThrowError(
        'stochasticOptimizer: the variables that Adam keeps are disposed, by tf.disposeVariables() perhaps; make a new optimizer',
      );
      tf.dispose([theta, fresh]);
      [adam, optimizer].forEach(o => o.dispose());
      objects.forEach(({estimator}) => estimator.dispose?.());
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
