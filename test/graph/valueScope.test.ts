/** The same call gives the same number for the same key inside a gradient scope and outside, whatever the estimator. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {EstimatorStore, withEstimatorStore} from '../../src/graph/estimatorStore.js';
import {inGradientScope} from '../../src/graph/tape.js';

const full = process.env.FULL === '1';
const matrix = [
  [0.3, -1, 0.5],
  [1, 0.4, -0.2],
];
const pair = (): tf.Tensor => tf.tensor1d([0.3, 0.6]);

/** Families of batch [2], on tensors and on numbers. */
const families: Record<string, () => st.Distribution> = {
  'Bernoulli of logits': () => new st.Bernoulli({logits: pair()}),
  'Bernoulli of probs': () => new st.Bernoulli({probs: pair()}),
  'Bernoulli of numbers': () => new st.Bernoulli({probs: [0.3, 0.6]}),
  'Bernoulli, int32': () => new st.Bernoulli({probs: pair(), dtype: 'int32'}),
  'an event of Bernoullis': () => st.independent(new st.Bernoulli({logits: tf.tensor2d(matrix)})),
  Categorical: () => new st.Categorical({logits: tf.tensor2d(matrix)}),
  'Categorical of numbers': () => new st.Categorical({logits: matrix}),
  OneHotCategorical: () => new st.OneHotCategorical({logits: tf.tensor2d(matrix)}),
  'OneHotCategorical of numbers': () =>
    new st.OneHotCategorical({
      probs: [
        [0.2, 0.3, 0.5],
        [0.1, 0.1, 0.8],
      ],
    }),
  Binomial: () => new st.Binomial({totalCount: 3, probs: pair()}),
  Poisson: () => new st.Poisson({rate: pair()}),
  Normal: () => new st.Normal({loc: pair(), scale: 1}),
  Gamma: () => new st.Gamma({concentration: pair(), rate: 2}),
  Weibull: () => new st.Weibull({concentration: 2, scale: pair()}),
  'a mixture': () =>
    new st.MixtureSameFamily({
      mixtureDistribution: new st.Categorical({logits: [0.1, 0.2]}),
      componentsDistribution: new st.Normal({
        loc: tf.tensor2d([
          [0, 1],
          [2, 3],
        ]),
        scale: 1,
      }),
    }),
};

/** Those that are tried with FULL=1 only. */
const variants = ['Bernoulli of probs', 'Bernoulli, int32', 'Categorical of numbers', 'OneHotCategorical of numbers'];

/** What a registered estimator is tried with: a critic says what it learns from. */
const make = (name: string): st.Estimator => st.estimators.get(name, name === 'critic' ? {target: 'monteCarlo'} : {});

/** A cost of shape [sample…, batch…] for a value of q. */
const costOf =
  (q: st.Distribution) =>
  (x: tf.Tensor): tf.Tensor => {
    const y = tf.cast(x, 'float32');
    const each = tf.square(tf.sub(y, 0.3));
    return q.eventShape.length === 0 ? each : tf.sum(tf.mul(each, [1, -2, 4]), -1);
  };

type Call = (q: st.Distribution, estimator: st.Estimator) => tf.Tensor;
const key = (): st.random.Key => st.random.key(5);

const calls: Record<string, Call> = {
  expectation: (q, estimator) => st.expectation(costOf(q), q, {estimator, key: key()}),
  'expectation of several draws': (q, estimator) => st.expectation(costOf(q), q, {estimator, samples: 3, key: key()}),
  'expectation under a record': (q, estimator) =>
    st.expectation(({a, b}) => tf.mul(costOf(q)(a), tf.add(1, costOf(q)(b))), {a: q, b: q}, {estimator, key: key()}),
  'expectation in an expectation': (q, estimator) =>
    st.expectation(
      x =>
        tf.add(
          costOf(q)(x),
          st.expectation(y => tf.square(tf.sub(y, 0.2)), new st.Bernoulli({logits: costOf(q)(x)}), {
            estimator: 'enumerate',
            key: st.random.key(6),
          }),
        ),
      q,
      {estimator, key: key()},
    ),
  'expectation with a node in it': (q, estimator) =>
    st.expectation(
      x => {
        const inner = new st.DistributionTensor(new st.Bernoulli({logits: costOf(q)(x)}), {
          estimator: 'enumerate',
          key: st.random.key(6),
        });
        return tf.mul(tf.square(tf.sub(inner.value, 0.2)), tf.add(1, costOf(q)(x)));
      },
      q,
      {estimator, key: key()},
    ),
  'value of a node': (q, estimator) => tf.cast(new st.DistributionTensor(q, {estimator, key: key()}).value, 'float32'),
  'values of a node of several samples': (q, estimator) =>
    st.withValueType(st.sampleValue([2, 3]), () =>
      tf.cast(new st.DistributionTensor(q, {estimator, key: key()}).value, 'float32'),
    ),
  'values merged into the batch': (q, estimator) =>
    st.withValueType(st.sampleAndReshapeValue(2), () =>
      tf.cast(new st.DistributionTensor(q, {estimator, key: key()}).value, 'float32'),
    ),
  'log-probability of a node': (q, estimator) =>
    new st.DistributionTensor(q, {estimator, valueType: st.sampleValue(2), key: key()}).logProb(),
  elbo: (q, estimator) => {
    const node = new st.DistributionTensor(q, {estimator, key: key()});
    return st.elbo(tf.mul(costOf(q)(node.value), -1), {variationalWithPrior: [[node, q]], form: 'sample'});
  },
  'a multi-sample bound': (q, estimator) => {
    const node = new st.DistributionTensor(q, {estimator, valueType: st.sampleValue(2), key: key()});
    return st.multiSampleBound(tf.sub(costOf(q)(node.value), node.logProb()));
  },
};

/** Inside `tf.variableGrads`, then outside: what the call gave, or why it refused. */
async function both(call: () => tf.Tensor): Promise<[inside: string, outside: string]> {
  const guarded = (): tf.Tensor | string => {
    try {
      return tf.tidy(call);
    } catch (error) {
      if (error instanceof st.errors.StochasticError) return error.message;
      throw error;
    }
  };
  const shown = async (result: tf.Tensor | string): Promise<string> => {
    if (typeof result === 'string') return result;
    const text = `[${result.shape.join(',')}] ${Array.from(await result.data()).join(' ')}`;
    result.dispose();
    return text;
  };
  let inside: tf.Tensor | string = '';
  st.random.setSeed(3);
  tf.dispose(
    tf.valueAndGrad((w: tf.Tensor) => {
      inside = guarded();
      if (typeof inside !== 'string') tf.keep(inside);
      return tf.clone(w);
    })(tf.scalar(1)),
  );
  st.random.setSeed(3);
  const outside = guarded();
  return [await shown(inside), await shown(outside)];
}

describeBackends(
  'inside a gradient scope and outside',
  () => {
    for (const name of st.estimators.names()) {
      it(`${name} gives the same numbers`, async () => {
        let served = 0;
        for (const [family, of] of Object.entries(families)) {
          if (!full && variants.includes(family)) continue;
          const q = of();
          if (!make(name).requires.accepts(q)) continue;
          for (const [title, call] of Object.entries(calls)) {
            const [first, second] = [make(name), make(name)];
            const estimators = [first, second]; // with networks that are new each time
            const [inside, outside] = await both(() => call(q, estimators.shift()!));
            expect(outside).withContext(`${title}, ${family}`).toBe(inside);
            if (inside.startsWith('[')) served++;
            first.dispose?.();
            second.dispose?.();
          }
          tf.dispose(q.tensors());
        }
        expect(served).toBeGreaterThan(8);
      });
    }

    it('an estimator that draws otherwise outside is caught, and one that forgets its weights there', async () => {
      const q = new st.Categorical({logits: matrix});
      const plain: st.Estimator = {
        ...st.enumerate(),
        draw: (p, shape, k) =>
          inGradientScope() ? st.enumerate().draw!(p, shape, k) : {value: p.sample(shape, {key: k})},
      };
      const [a, b] = await both(() => calls['value of a node']!(q, plain));
      expect(a).not.toBe(b);
      const [right] = await both(() => calls['expectation']!(q, st.enumerate()));
      const [unweighted] = await both(() =>
        calls['expectation']!(q, {
          ...st.enumerate(),
          draw: (p, shape, k) => ({value: st.enumerate().draw!(p, shape, k).value}),
        }),
      );
      expect(right).not.toBe(unweighted);
    });

    it('an elbo of several latents says outside that it may take another form than inside', async () => {
      const warnings: string[] = [];
      const warn = spyOn(console, 'warn').and.callFake((message: string) => {
        warnings.push(message);
      });
      const term =
        (form: 'default' | 'sample', early: boolean): (() => tf.Tensor) =>
        () => {
          const q = (): st.Distribution => new st.Normal({loc: pair(), scale: 1});
          const before = new st.Normal({loc: pair(), scale: 2});
          const nodes = [1, 2].map(i => new st.DistributionTensor(q(), {key: st.random.key(i)}));
          const prior = early ? before : new st.Normal({loc: pair(), scale: 2});
          return st.elbo(tf.square(nodes[0]!.value), {
            variationalWithPrior: nodes.map(node => [node, prior] as const),
            form,
          });
        };
      const seen = async (call: () => tf.Tensor): Promise<[same: boolean, warned: number]> => {
        warnings.length = 0;
        const store = new EstimatorStore();
        const [a, b] = await both(() => withEstimatorStore(store, call));
        return [a === b, warnings.length];
      };
      expect(await seen(term('default', true))).toEqual([true, 0]);
      expect(await seen(term('sample', false))).toEqual([true, 0]);
      expect(await seen(term('default', false))).toEqual([false, 1]);
      expect(warn).toHaveBeenCalledTimes(1);
    });

    it('an expectation outside leaves no tensor, no state and no step behind', async () => {
      const seen: number[] = [];
      const temperature = (step: number): number => {
        seen.push(step);
        return 0.5;
      };
      const soft = st.gumbelSoftmax({temperature});
      const mean = st.scoreFunction({baseline: st.movingAverage({decay: 0.5})});
      const w = tf.variable(tf.scalar(0.2));
      const bernoulli = (): st.Distribution => new st.Bernoulli({logits: w});
      const step = (): Promise<number[]> => {
        const {value, grads} = st.variableGrads(
          () =>
            tf.add(
              st.expectation(x => tf.add(x, 3), bernoulli(), {estimator: soft, key: key()}),
              st.expectation(x => tf.add(x, 3), bernoulli(), {estimator: mean, key: key()}),
            ),
          [w],
        );
        value.dispose();
        return grads[w.name]!.data().then(d => {
          tf.dispose(grads);
          return Array.from(d);
        });
      };
      const evaluate = (): void =>
        tf.dispose(
          [soft, mean].map(estimator =>
            st.expectation(
              x => st.expectation(y => tf.add(tf.mul(x, y), 100), bernoulli(), {estimator: mean}),
              bernoulli(),
              {estimator},
            ),
          ),
        );
      await step();
      const before = tf.memory().numTensors;
      evaluate();
      expect(tf.memory().numTensors).toBe(before);
      expect(() =>
        st.expectation(
          () => {
            throw new Error('mine');
          },
          bernoulli(),
          {estimator: soft},
        ),
      ).toThrowError('mine');
      expect(tf.memory().numTensors).toBe(before);
      const disturbed = await step();
      expect([...new Set(seen)]).toEqual([0, 1]);
      const [soft2, mean2] = [st.gumbelSoftmax(), st.scoreFunction({baseline: st.movingAverage({decay: 0.5})})];
      const undisturbed = async (): Promise<number[]> => {
        const {value, grads} = st.variableGrads(
          () =>
            tf.add(
              st.expectation(x => tf.add(x, 3), bernoulli(), {estimator: soft2, key: key()}),
              st.expectation(x => tf.add(x, 3), bernoulli(), {estimator: mean2, key: key()}),
            ),
          [w],
        );
        value.dispose();
        const g = Array.from(await grads[w.name]!.data());
        tf.dispose(grads);
        return g;
      };
      await undisturbed();
      expect(disturbed).toEqual(await undisturbed());
      [mean, mean2].forEach(e => e.dispose?.());
      w.dispose();
    });

    it('a gradient that is taken inside an expectation outside is the estimate', async () => {
      const exact = tf.tidy(() => tf.grad((w: tf.Tensor) => tf.sigmoid(w))(tf.scalar(0.4)));
      const found = st.expectation(
        x => {
          const slope = tf.grad((w: tf.Tensor) =>
            st.expectation(y => y, new st.Bernoulli({logits: w}), {estimator: 'enumerate'}),
          )(tf.scalar(0.4));
          return tf.mul(slope, tf.add(tf.mul(x, 0), 1));
        },
        new st.Bernoulli({probs: 0.5}),
      );
      expect((await found.data())[0]).toBeCloseTo((await exact.data())[0]!, 6);
      tf.dispose([exact, found]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
