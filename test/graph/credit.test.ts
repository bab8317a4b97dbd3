/**
 * Which draw is credited with which cost, told by axes: programs whose sizes are all equal, and the same with different
 * ones.
 */
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../helpers/backends.js';
import {logitsOf, message, sigmoid, step} from './scoreStep.js';

/** What a tensor holds. */
async function read(make: () => tf.Tensor): Promise<number[]> {
  const t = tf.tidy(make);
  const numbers = Array.from(await t.data());
  t.dispose();
  return numbers;
}

const close = (found: number[], wanted: number[]): void =>
  wanted.forEach((v, i) => expect(found[i]!).toBeCloseTo(v, 4));
const mean = (v: number[]): number => v.reduce((a, b) => a + b, 0) / v.length;

describeBackends(
  'credit by axes',
  () => {
    beforeEach(() => {
      spyOn(console, 'warn');
    });

    for (const [k, b] of [
      [3, 3],
      [3, 5],
      [2, 4],
    ] as const) {
      it(`averages over a batch [${b}] that the node knows nothing of, for each of ${k} samples`, async () => {
        const noise = tf.tidy(() => tf.keep(tf.sin(tf.reshape(tf.range(0, k * b), [k, b]))));
        const {x, gradient} = await step([2], 1, z => tf.add(tf.mul(tf.sum(z, -1, true), noise), 1), [k]);
        const eps = Array.from(await noise.data());
        noise.dispose();
        const wanted = [0, 1].map(i =>
          mean(
            Array.from({length: k}, (_, s) => {
              const total = x[2 * s]! + x[2 * s + 1]!;
              return (
                (x[2 * s + i]! - sigmoid(logitsOf(2)[i]!)) * mean(eps.slice(s * b, (s + 1) * b).map(v => total * v + 1))
              );
            }),
          ),
        );
        close(gradient, wanted);
      });

      it(`credits each of ${k} draws that all bear on a batch [${b}] with the whole of it`, async () => {
        const data = Array.from({length: b}, (_, i) => Math.cos(i));
        const {x, gradient} = await step([k], 0, z => tf.square(tf.sub(tf.sum(z), tf.tensor1d(data))));
        const total = x.reduce((a, v) => a + v, 0);
        const cost = mean(data.map(d => (total - d) ** 2));
        close(
          gradient,
          x.map((v, i) => (v - sigmoid(logitsOf(k)[i]!)) * cost),
        );
      });
    }

    it('tells samples of two nodes from the batch where all three sizes are one', async () => {
      for (const [k, b] of [
        [3, 3],
        [2, 3],
      ] as const) {
        st.random.setSeed(8);
        const w = tf.variable(tf.tensor1d(logitsOf(b)));
        const {value, grads} = st.variableGrads(() => {
          const z = new st.DistributionTensor(new st.Bernoulli({logits: w}), {
            estimator: 'scoreFunction',
            key: st.random.key(1),
          }).value;
          const e = new st.DistributionTensor(new st.Normal({loc: tf.zeros([b]), scale: 1}), {
            valueType: st.sampleValue(k),
            key: st.random.key(2),
          }).value;
          return tf.mul(tf.add(z, 1), tf.add(e, 2));
        }, [w]);
        const z = await read(() => new st.Bernoulli({logits: logitsOf(b)}).sample([], {key: st.random.key(1)}));
        const e = await read(() => new st.Normal({loc: tf.zeros([b]), scale: 1}).sample([k], {key: st.random.key(2)}));
        const wanted = z.map(
          (v, i) =>
            ((v - sigmoid(logitsOf(b)[i]!)) * mean(Array.from({length: k}, (_, s) => (v + 1) * (e[s * b + i]! + 2)))) /
            b,
        );
        close(Array.from(await grads[w.name]!.data()), wanted);
        tf.dispose([w, value, grads]);
      }
    });

    describe('where a cost couples the examples', () => {
      const coupled: Record<string, (x: tf.Tensor) => tf.Tensor> = {
        'the mean of the batch is taken off': x => tf.square(tf.sub(x, tf.mean(x))),
        'each meets every other': x => tf.mean(tf.square(tf.sub(tf.expandDims(x, 1), tf.expandDims(x, 0))), 1),
        'they compete': x => tf.logSoftmax(tf.reshape(x, [1, -1])).reshape([-1]),
        'they are put in another order': x => tf.mul(x, tf.reverse(x, 0)),
      };
      for (const [name, f] of Object.entries(coupled)) {
        it(`credits each draw with all of it: ${name}`, async () => {
          const {x, gradient} = await step([3], 0, f);
          const cost = (await read(() => tf.mean(f(tf.tensor1d(x)))))[0]!;
          close(
            gradient,
            x.map((v, i) => (v - sigmoid(logitsOf(3)[i]!)) * cost),
          );
        });
      }

      it('leaves the other costs to their own examples', async () => {
        const {x, gradient} = await step([3], 0, z => [tf.mul(z, [1, 2, 3]), tf.square(tf.sub(z, tf.mean(z)))]);
        const m = mean(x);
        const cost = mean(x.map(v => (v - m) ** 2));
        close(
          gradient,
          x.map((v, i) => (v - sigmoid(logitsOf(3)[i]!)) * (cost + (v * (i + 1)) / 3)),
        );
      });

      it('does so for batch normalisation in fit', () => {
        const x = tf.tensor2d([
          [1, 0],
          [0, 1],
          [1, 1],
        ]);
        const estimator: st.Estimator = {
          ...st.scoreFunction(),
          config: null,
          combine(node, {total}) {
            seen.push(total.shape);
            return {surrogate: tf.mul(node.logProb(), total)};
          },
        };
        const seen: number[][] = [];
        const q = tf.sequential({layers: [tf.layers.dense({units: 2, inputShape: [2]})]});
        const norm = tf.layers.batchNormalization({});
        const out = tf.layers.dense({units: 1});
        tf.dispose(
          st.variableGrads(() => {
            const z = new st.DistributionTensor(st.independent(new st.Bernoulli({logits: q.apply(x) as tf.Tensor})), {
              estimator,
              name: 'z',
            }).value;
            const y = out.apply(norm.apply(z, {training: true})) as tf.Tensor;
            return tf.mean(tf.square(tf.squeeze(y, [1])));
          }),
        );
        expect(seen).toEqual([[1]]);
        q.dispose();
        norm.weights.forEach(weight => weight.dispose());
        out.weights.forEach(weight => weight.dispose());
        x.dispose();
      });
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'every estimator',
  () => {
    /** Costs of two bits that are two examples, or one event; of the second kind all are one draw. */
    async function gradient(
      name: string | st.Estimator,
      what: 'own' | 'shared' | 'both',
      event: boolean,
    ): Promise<number[]> {
      const w = tf.variable(tf.tensor1d([0.4, -0.7]));
      const {value, grads} = st.variableGrads(() => {
        const q = st.independent(new st.Bernoulli({logits: w}), event ? 1 : 0);
        const x = tf.cast(
          new st.DistributionTensor(q, {
            estimator: typeof name === 'string' ? st.estimators.get(name) : name,
            key: st.random.key(3),
            name: 'z',
          }).value,
          'float32',
        );
        const own = tf.square(tf.sub(x, [0.3, 0.8]));
        const shared = tf.square(tf.sub(tf.sum(tf.mul(x, [1, -2]), -1, !event), 0.4));
        return what === 'own' ? own : what === 'shared' ? shared : [own, shared];
      }, [w]);
      const found = Array.from(await grads[w.name]!.data());
      tf.dispose([w, value, grads]);
      return found;
    }

    const serves = (name: string): boolean =>
      st.estimators.get(name).requires.accepts(new st.Bernoulli({logits: tf.tensor1d([0, 0])}));

    for (const name of st.estimators.names()) {
      it(`has for a cost of two examples the gradient of one event, and adds it to that of costs of their own: ${name}`, async () => {
        spyOn(console, 'warn');
        if (tf.tidy(() => !serves(name)) || ['critic'].includes(name)) return; // a critic's network starts at random
        const asked = await message(() => gradient(name, 'shared', false));
        // weighted samples, and parts of their own for each draw, are refused by name
        if (/must keep the examples|keep the sample/.test(asked)) return;
        expect(asked).toBe('nothing was thrown');
        const [own, shared, both, event] = [
          await gradient(name, 'own', false),
          await gradient(name, 'shared', false),
          await gradient(name, 'both', false),
          await gradient(name, 'shared', true),
        ];
        // MuProp expands the cost for each example by itself
        if (name !== 'muProp') shared.forEach((g, i) => expect(g).toBeCloseTo(event[i]!, 4));
        both.forEach((g, i) => expect(g).toBeCloseTo(own[i]! + shared[i]!, 4));
      });

      it(`is the same when its cost is wrapped: ${name}`, async () => {
        if (tf.tidy(() => !serves(name)) || ['critic'].includes(name)) return;
        const inner = st.estimators.get(name);
        const once = (x: tf.Tensor): tf.Tensor => tf.mul(x, 1);
        const wrapped: st.Estimator = {
          ...inner,
          combine: (node, {total, perSample}, downstream) =>
            inner.combine(
              node,
              {total: once(total), perSample: perSample === null ? null : once(perSample)},
              downstream,
            ),
        };
        spyOn(console, 'warn');
        for (const what of ['own', 'both'] as const) {
          const [plain, other] = [
            await message(() => gradient(inner, what, false)),
            await message(() => gradient(wrapped, what, false)),
          ];
          expect(other).toBe(plain);
          if (plain !== 'nothing was thrown') continue;
          const [a, b] = [await gradient(st.estimators.get(name), what, false), await gradient(wrapped, what, false)];
          if (inner.dispose === undefined) b.forEach((g, i) => expect(g).toBeCloseTo(a[i]!, 5));
        }
        inner.dispose?.();
      });
    }
  },
  {inBrief: [], inNode: ['cpu']},
);
