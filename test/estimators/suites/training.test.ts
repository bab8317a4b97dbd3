/** Estimators over many steps: no tensor is left behind, and state is found again by name, node and optimizer. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../../helpers/backends.js';

const full = process.env.FULL === '1';
const theta = (): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.4])));
/** The first of a few distributions with one element for each of w's that the estimator can serve. */
const distribution = (estimator: string | st.Estimator, w: tf.Tensor): st.Distribution => {
  const {requires} = typeof estimator === 'string' ? st.estimators.get(estimator) : estimator;
  const twoClasses = (): tf.Tensor => tf.stack([w, tf.zerosLike(w)], -1);
  const candidates = [
    () => new st.Bernoulli({logits: w}),
    () => new st.Normal({loc: w, scale: 0.5}),
    () => new st.Categorical({logits: twoClasses()}),
    () => st.independent(new st.OneHotCategorical({logits: tf.expandDims(twoClasses(), -2)})),
  ];
  const found = candidates.map(make => make()).find(q => requires.accepts(q));
  if (found === undefined) throw new Error('no distribution for this estimator');
  return found;
};
/** One cost for each element of the batch, whatever the event. */
const cost = (x: tf.Tensor, q?: st.Distribution): tf.Tensor => {
  const squares = tf.square(tf.sub(tf.cast(x, 'float32'), 0.3));
  const event = q?.eventShape.length ?? 0;
  return event === 0
    ? squares
    : tf.sum(
        squares,
        Array.from({length: event}, (_, i) => x.rank - 1 - i),
      );
};
/** The cost of one node with `estimator`, which may be a name. */
const costOf = (w: tf.Tensor, estimator: string | st.Estimator | st.LossFunction): tf.Tensor => {
  const q = typeof estimator === 'function' ? new st.Bernoulli({logits: w}) : distribution(estimator, w);
  return cost(new st.DistributionTensor(q, {estimator}).value, q);
};
const custom: Record<string, () => st.Estimator | st.LossFunction> = {
  'a constant baseline': () => st.scoreFunction({baseline: st.constant({value: 1})}),
  'a baseline function': () => st.scoreFunction({baseline: node => tf.sum(node.mean())}),
  'an advantage function': () => st.scoreFunction({baseline: st.advantage((_, __, c) => tf.sub(c, 1))}),
  'a loss function': () => (node, value, c) => tf.mul(node.distribution.logProb(value), c),
};

describeBackends(
  'many training steps',
  () => {
    const steps = sizeFor({cpu: full ? 1000 : 100, wasm: full ? 1000 : 100, webgl: 10, webgpu: 10});
    for (const name of [...st.estimators.names(), ...Object.keys(custom)]) {
      it(`leave no tensor behind: ${name}`, () => {
        const before = tf.memory().numTensors;
        const w = theta();
        const optimizer = st.stochasticOptimizer(tf.train.sgd(0.01));
        const estimator = custom[name]?.() ?? name;
        const step = (): void => {
          optimizer.minimize(() => costOf(w, estimator), false, [w]);
        };
        for (let i = 0; i < 2; i++) step();
        const settled = tf.memory().numTensors;
        for (let i = 0; i < steps; i++) step();
        expect(tf.memory().numTensors).toBe(settled);
        optimizer.dispose();
        if (typeof estimator === 'object') estimator.dispose?.();
        w.dispose();
        expect(tf.memory().numTensors).toBe(before);
      });
    }

    it('leave no tensor behind in scopes of tfjs itself', () => {
      const w = theta();
      for (const name of st.estimators.names()) {
        const step = (): void => {
          const {value, grads} = tf.variableGrads(() => tf.mean(st.surrogateLoss(costOf(w, name))), [w]);
          tf.dispose([value, grads]);
        };
        try {
          step();
        } catch (error) {
          // Those that must see the cost elsewhere say so.
          expect((error as Error).message)
            .withContext(name)
            .toContain('give the costs as a function, to st.variableGrads or st.stochasticOptimizer');
          continue;
        }
        const settled = tf.memory().numTensors;
        for (let i = 0; i < 3; i++) step();
        expect(tf.memory().numTensors).withContext(name).toBe(settled);
      }
      st.disposeSharedEstimators();
      w.dispose();
    });

    it('leave only what they return, outside a scope and on every method of a node', () => {
      const w = theta();
      const before = tf.memory().numTensors;
      for (const valueType of [st.sampleValue(), st.sampleValue(3), st.sampleAndReshapeValue(3), st.meanValue()]) {
        const node = new st.DistributionTensor(new st.Bernoulli({logits: w}), {valueType});
        expect(tf.memory().numTensors).toBe(before + 1);
        tf.dispose([node.logProb(), node.entropy(), node.mean()]);
        expect(tf.memory().numTensors).toBe(before + 1);
        node.value.dispose();
      }
      const observed = new st.ObservedStochasticTensor(new st.Bernoulli({logits: w}), [1, 0]);
      tf.dispose([observed.value, observed.logProb(), st.stopGradient(w)]);
      st.cost([1, 2], {dependsOn: observed}).dispose();
      expect(tf.memory().numTensors).toBe(before);
      const {value, grads} = st.variableGrads(
        () => cost(new st.DistributionTensor(new st.Bernoulli({logits: w})).value),
        [w],
      );
      expect(tf.memory().numTensors).toBe(before + 2);
      tf.dispose([value, grads, w]);
    });

    it('dispose frees what an estimator made', () => {
      const w = theta();
      const before = tf.memory().numTensors;
      for (const name of st.estimators.names()) {
        const estimator = st.estimators.get(name);
        tf.dispose(st.variableGrads(() => costOf(w, estimator), [w]));
        estimator.dispose?.();
        expect(tf.memory().numTensors).withContext(name).toBe(before);
      }
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

/** The variables that appear while `fn` runs. */
function newVariables(fn: () => void): tf.Variable[] {
  const before = new Set(Object.values(tf.engine().registeredVariables));
  fn();
  return Object.values(tf.engine().registeredVariables).filter(v => !before.has(v));
}

describeBackends(
  'state',
  () => {
    const step = (
      optimizer: st.StochasticOptimizer,
      w: tf.Variable,
      names: Array<string | undefined>,
      estimator = 'nvil',
    ): void => {
      optimizer.minimize(
        () =>
          names.map(name =>
            cost(
              new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, ...(name !== undefined && {name})})
                .value,
            ),
          ),
        false,
        [w],
      );
    };
    const setup = (): {w: tf.Variable; optimizer: st.StochasticOptimizer} => ({
      w: theta(),
      optimizer: st.stochasticOptimizer(tf.train.sgd(0.01), {controlVariateOptimizer: tf.train.sgd(0.1)}),
    });

    it('of an estimator named inside the step is found again in the next, and is trained', async () => {
      const {w, optimizer} = setup();
      const made = newVariables(() => step(optimizer, w, [undefined])).filter(v => v.trainable);
      expect(made.length).toBe(4);
      expect(newVariables(() => step(optimizer, w, [undefined]))).toEqual([]);
      const last = made.find(v => v.shape.join() === '1')!;
      const before = (await last.data())[0];
      step(optimizer, w, [undefined]);
      expect((await last.data())[0]).not.toBe(before);
      optimizer.dispose();
      w.dispose();
    });

    it('is one for each unnamed node, and one for each name whatever the order', () => {
      const {w, optimizer} = setup();
      expect(newVariables(() => step(optimizer, w, [undefined, undefined])).filter(v => v.trainable).length).toBe(8);
      expect(newVariables(() => step(optimizer, w, ['a', 'b'])).filter(v => v.trainable).length).toBe(8);
      expect(newVariables(() => step(optimizer, w, ['b', 'a']))).toEqual([]);
      expect(newVariables(() => step(optimizer, w, ['b', undefined, 'a', undefined])).filter(v => v.trainable)).toEqual(
        [],
      );
      optimizer.dispose();
      w.dispose();
    });

    it('is apart for each optimizer, and goes with it', () => {
      const [one, two] = [setup(), setup()];
      expect(newVariables(() => step(one.optimizer, one.w, [undefined])).filter(v => v.trainable).length).toBe(4);
      expect(newVariables(() => step(two.optimizer, two.w, [undefined])).filter(v => v.trainable).length).toBe(4);
      expect(newVariables(() => step(one.optimizer, one.w, [undefined]))).toEqual([]);
      const own = Object.keys(tf.engine().registeredVariables).length;
      two.optimizer.dispose();
      expect(Object.keys(tf.engine().registeredVariables).length).toBeLessThan(own);
      expect(newVariables(() => step(one.optimizer, one.w, [undefined]))).toEqual([]);
      one.optimizer.dispose();
      tf.dispose([one.w, two.w]);
    });

    it('of estimators is no part of the default variables', () => {
      const {w, optimizer} = setup();
      step(optimizer, w, [undefined]);
      const {value, grads} = st.variableGrads(() =>
        cost(new st.DistributionTensor(new st.Bernoulli({logits: w})).value),
      );
      expect(Object.keys(grads)).toEqual([w.name]);
      optimizer.dispose();
      tf.dispose([value, grads, w]);
    });

    it('control variates and networks whose variables play no part do no harm', () => {
      const w = theta();
      const unused = tf.tidy(() => tf.variable(tf.scalar(1)));
      const controlVariate = {call: (z: tf.Tensor) => tf.mul(z, 0.1), variables: [unused]};
      for (const estimator of [
        st.relax({controlVariate}),
        st.nvil({network: {call: (x: tf.Tensor) => tf.sum(tf.mul(x, 0.1), -1), variables: [unused]}}),
      ]) {
        const {value, grads} = st.variableGrads(
          () => cost(new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator}).value),
          [w],
        );
        expect(Object.keys(grads)).toEqual([w.name]);
        tf.dispose([value, grads]);
        estimator.dispose?.();
      }
      tf.dispose([w, unused]);
    });

    it('of control variates that call the model’s own layers trains those with the model’s gradient only', async () => {
      const w = theta();
      const decoder = tf.tidy(() => tf.variable(tf.scalar(0.7)));
      const own = tf.tidy(() => tf.variable(tf.scalar(0.2)));
      const controlVariate = {call: (z: tf.Tensor) => tf.mul(tf.mul(tf.sigmoid(z), decoder), own), variables: [own]};
      const decoderGradient = async (estimator: st.Estimator | undefined): Promise<number> => {
        const key = st.random.key(3);
        const {value, grads} = st.variableGrads(() => {
          const x =
            estimator === undefined
              ? tf.tensor1d(values)
              : new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, key}).value;
          if (estimator !== undefined) drawn = tf.keep(tf.clone(x));
          return tf.square(tf.sub(tf.mul(x, decoder), 0.3));
        }, [w, decoder]);
        const result = (await grads[decoder.name]!.data())[0]!;
        tf.dispose([value, grads]);
        return result;
      };
      let drawn: tf.Tensor = tf.zeros([0]);
      let values: number[] = [];
      const withControl = await decoderGradient(st.relax({controlVariate}));
      values = Array.from(await drawn.data());
      expect(withControl).toBeCloseTo(await decoderGradient(undefined), 6);
      tf.dispose([w, decoder, own, drawn]);
    });

    it('frozen stays as it is', async () => {
      const w = theta();
      const estimator = st.scoreFunction({baseline: st.movingAverage({decay: 0.5})});
      const gradients = (): st.VariableGradients =>
        st.variableGrads(
          () =>
            cost(new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator, key: st.random.key(6)}).value),
          [w],
        );
      const read = async ({value, grads}: st.VariableGradients): Promise<number[]> => {
        const numbers = Array.from(await grads[w.name]!.data());
        tf.dispose([value, grads]);
        return numbers;
      };
      const first = await read(gradients());
      const [second, third] = [await read(st.withFrozenState(gradients)), await read(st.withFrozenState(gradients))];
      expect(second).not.toEqual(first); // the first step's mean is subtracted now
      expect(third).toEqual(second);
      estimator.dispose!();
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
