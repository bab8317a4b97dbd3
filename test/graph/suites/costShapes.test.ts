/** Costs of any mix of shapes, each counted as its mean, against gradients computed by hand from the same draws. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';

const logits = [0.3, -0.4, 0.9];
const p = logits.map(x => 1 / (1 + Math.exp(-x)));

/** One step with a node of shape [...sampleShape, 3]; its values and the gradient of the score-function estimate. */
async function step(
  sampleShape: number[],
  costs: (x: tf.Tensor, w: tf.Variable) => tf.Tensor | tf.Tensor[],
): Promise<{x: number[]; gradient: number[]; value: number}> {
  const w = tf.variable(tf.tensor1d(logits));
  let held: tf.Tensor | null = null;
  const {value, grads} = st.variableGrads(() => {
    const {value: x} = new st.DistributionTensor(new st.Bernoulli({logits: w}), {
      estimator: 'scoreFunction',
      valueType: st.sampleValue(sampleShape),
      key: st.random.key(8),
    });
    held = tf.keep(tf.clone(x));
    return costs(x, w);
  }, [w]);
  const x = Array.from(await held!.data());
  const gradient = Array.from(await grads[w.name]!.data());
  const cost = (await value.data())[0]!;
  tf.dispose([w, held!, grads, value]);
  return {x, gradient, value: cost};
}

/** Σ_k score[k, b]·credit(k, b), the score of a Bernoulli being x − p. */
function byHand(x: number[], credit: (k: number, b: number) => number): number[] {
  return [0, 1, 2].map(b =>
    Array.from({length: x.length / 3}, (_, k) => (x[k * 3 + b]! - p[b]!) * credit(k, b)).reduce((a, c) => a + c, 0),
  );
}

function expectClose(got: number[], wanted: number[]): void {
  got.forEach((g, i) => expect(g).toBeCloseTo(wanted[i]!, 5));
}

const K = 4;

describeBackends(
  'costs of different shapes',
  () => {
    it('[batch]: the mean of each element’s own term', async () => {
      const {x, gradient} = await step([], x => tf.add(tf.mul(x, 2), 1));
      expectClose(
        gradient,
        byHand(x, (_, b) => (2 * x[b]! + 1) / 3),
      );
    });

    it('[sample, batch] with samples: the mean over both', async () => {
      const {x, gradient} = await step([K], x => tf.add(tf.mul(x, 2), 1));
      expectClose(
        gradient,
        byHand(x, (k, b) => (2 * x[k * 3 + b]! + 1) / (3 * K)),
      );
    });

    it('[batch] that averages over samples: every sample bears on it', async () => {
      const {x, gradient} = await step([K], x => tf.square(tf.mean(x, 0)));
      const mean = [0, 1, 2].map(b => [0, 1, 2, 3].reduce((s, k) => s + x[k * 3 + b]! / K, 0));
      expectClose(
        gradient,
        byHand(x, (_, b) => mean[b]! ** 2 / 3),
      );
    });

    it('[sample, 1] and [1]: every element bears on it', async () => {
      const each = await step([K], x => tf.square(tf.sum(x, 1, true)));
      expectClose(
        each.gradient,
        byHand(each.x, k => each.x.slice(3 * k, 3 * k + 3).reduce((a, b) => a + b, 0) ** 2 / K),
      );
      const one = await step([], x => tf.reshape(tf.square(tf.sum(x)), [1]));
      expectClose(
        one.gradient,
        byHand(one.x, () => one.x.reduce((a, b) => a + b, 0) ** 2),
      );
    });

    it('[extra, batch]: the same draw serves every row', async () => {
      const {x, gradient, value} = await step([], x => tf.mul(tf.expandDims(x, 0), tf.tensor2d([[1], [5]])));
      expectClose(
        gradient,
        byHand(x, (_, b) => (3 * x[b]!) / 3),
      );
      expect(value).toBeCloseTo((3 * x.reduce((a, b) => a + b, 0)) / 3, 5);
    });

    it('mixes of [], [1], [batch] and [sample, batch]: each counts as its mean', async () => {
      const {x, gradient, value} = await step([K], (x, w) => [
        tf.mul(x, 2),
        tf.mean(x, 0),
        tf.reshape(tf.mean(x), [1]),
        tf.sum(tf.square(w)),
      ]);
      const mean = x.reduce((a, b) => a + b, 0) / x.length;
      const over = [0, 1, 2].map(b => [0, 1, 2, 3].reduce((s, k) => s + x[k * 3 + b]! / K, 0));
      const terms = byHand(x, (k, b) => (2 * x[k * 3 + b]!) / (3 * K) + over[b]! / 3 + mean);
      expectClose(
        gradient,
        terms.map((t, i) => t + 2 * logits[i]!),
      );
      expect(value).toBeCloseTo(2 * mean + 2 * mean + logits.reduce((s, l) => s + l * l, 0), 5);
    });

    it('the same cost twice counts twice', async () => {
      const once = await step([], x => tf.mul(x, 1.5));
      const twice = await step([], x => {
        const c = tf.mul(x, 1.5);
        return [c, c];
      });
      expectClose(
        twice.gradient,
        once.gradient.map(g => 2 * g),
      );
    });

    it('a node whose shape is none of the costs’ shape, with a scalar cost of its own', () => {
      st.random.setSeed(1);
      spyOn(console, 'warn');
      const w = tf.variable(tf.tensor1d([0.3, -0.4, 0.9, 0.1]));
      const v = tf.variable(tf.tensor1d(logits));
      const {grads, value} = st.variableGrads(() => {
        const global = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'scoreFunction'}).value;
        const local = new st.DistributionTensor(new st.Bernoulli({logits: v}), {estimator: 'scoreFunction'}).value;
        return [tf.mul(local, 2), tf.max(tf.mul(global, [1, 2, 3, 4]))];
      });
      expect(grads[w.name]!.shape).toEqual([4]);
      expect(grads[v.name]!.shape).toEqual([3]);
      tf.dispose([w, v, grads, value]);
    });

    it('surrogateLoss averages the term of a node whose shape the costs do not have', async () => {
      const w = tf.variable(tf.tensor1d([0.3, -0.4, 0.9, 0.1]));
      const v = tf.variable(tf.tensor1d(logits));
      const global = (): tf.Tensor =>
        new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'scoreFunction', key: st.random.key(1)})
          .value;
      const ofGlobal = (costs: () => tf.Tensor[]): Promise<number[]> => {
        const {value, grads} = tf.variableGrads(() => tf.add(tf.mean(st.surrogateLoss(costs())), tf.sum(v)), [w, v]);
        const found = grads[w.name]!.data().then(x => Array.from(x));
        return found.finally(() => tf.dispose([value, grads]));
      };
      const cost = (x: tf.Tensor): tf.Tensor => tf.reshape(tf.max(tf.mul(x, [1, 2, 3, 4])), [1]);
      const alone = await ofGlobal(() => [cost(global())]);
      const together = await ofGlobal(() => [
        tf.mul(new st.DistributionTensor(new st.Bernoulli({logits: v}), {estimator: 'scoreFunction'}).value, 2),
        cost(global()),
      ]);
      expectClose(together, alone);
      expect(alone.every(g => g !== 0)).toBeTrue();
      tf.dispose([w, v]);
    });

    it('surrogateLoss refuses a scalar cost of several draws, by name', () => {
      const w = tf.variable(tf.tensor1d(logits));
      expect(() =>
        tf.variableGrads(() => {
          const {value} = new st.DistributionTensor(new st.Bernoulli({logits: w}), {
            estimator: 'scoreFunction',
            name: 'coin',
          });
          return tf.mean(st.surrogateLoss(tf.mean(value)));
        }, [w]),
      ).toThrowError(
        'surrogateLoss: cost 0 needs its batch axis, because node "coin" has log-probabilities of shape [3]; give the cost of ' +
          'each example and take the mean of the result, got a scalar',
      );
      w.dispose();
    });

    it('surrogateLoss accepts a scalar cost of one draw', async () => {
      const w = tf.variable(tf.scalar(0.4));
      const {grads, value} = tf.variableGrads(
        () =>
          tf.mean(
            st.surrogateLoss(
              tf.add(new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'scoreFunction'}).value, 1),
            ),
          ),
        [w],
      );
      expect(Number.isFinite((await grads[w.name]!.data())[0]!)).toBeTrue();
      tf.dispose([w, grads, value]);
    });

    for (const [batch, units] of [
      [3, 2],
      [3, 3],
    ] as const) {
      it(`a cost [batch] of a node [batch, units] suggests Independent, here [${batch}] and [${batch}, ${units}]`, () => {
        const w = tf.variable(tf.zeros([batch, units]));
        const step = (events: number): void =>
          tf.tidy(() => {
            st.variableGrads(() => {
              const q = new st.Bernoulli({logits: w});
              return tf.sum(
                new st.DistributionTensor(events === 0 ? q : st.independent(q, events), {
                  estimator: 'scoreFunction',
                  name: 'z',
                }).value,
                -1,
              );
            }, [w]);
          });
        expect(() => step(0)).toThrowError(
          new RegExp(
            `^node "z": its log-probability has shape \\[${batch},${units}\\] and a cost of shape ` +
              `\\[${batch}\\] lacks a batch axis of the node; .*Independent`,
          ),
        );
        expect(() => step(1)).not.toThrow();
        w.dispose();
      });
    }

    it('a cost of a part of the batch is credited to that part', async () => {
      const {x, gradient} = await step([], x => tf.slice(x, 1, 2));
      expectClose(
        gradient,
        byHand(x, (_, b) => (b === 0 ? 0 : x[b]! / 2)),
      );
    });

    it('a number for one node must have its batch size', () => {
      const w = tf.variable(tf.tensor1d(logits));
      expect(() =>
        st.variableGrads(() => {
          const z = new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'scoreFunction', name: 'z'});
          return z.loss(tf.tensor1d([1, 2]))!;
        }, [w]),
      ).toThrowError(/^node "z": .*shape \[3\] and a cost of shape \[2\] does not align with it/);
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
