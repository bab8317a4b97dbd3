/**
 * Which per-example tensors a scalar loss is taken apart into: their means add up to it, and one warning says where
 * that fails.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {perExampleCosts} from '../../src/graph/perExample.js';
import {readTape} from '../../src/graph/tape.js';
import {describeBackends} from '../helpers/backends.js';

/** What the scalar `loss(x, y)` of two nodes x and y of shape [3] is taken apart into. */
async function partsOf(
  loss: (x: tf.Tensor, y: tf.Tensor) => tf.Tensor,
): Promise<{shapes: string[]; total: number; sum: number}> {
  st.random.setSeed(6);
  const w = tf.variable(tf.tensor1d([0.3, -0.4, 0.9]));
  const kept: tf.Tensor[] = [];
  let shapes: string[] = [];
  const result = tf.variableGrads(() => {
    const [x, y] = [0, 1].map(
      () => new st.DistributionTensor(new st.Bernoulli({logits: w}), {estimator: 'scoreFunction'}).value,
    );
    const total = loss(tf.add(x!, 0.5), tf.add(y!, 0.25));
    const {credits} = perExampleCosts(readTape('test'), [total]);
    shapes = credits.map(c => `[${c.shape.join(',')}]`).sort();
    kept.push(tf.keep(tf.clone(total)), tf.keep(tf.addN(credits.map(c => tf.mean(c)))));
    return tf.mean(w);
  }, [w]);
  const [total, sum] = [(await kept[0]!.data())[0]!, (await kept[1]!.data())[0]!];
  tf.dispose([w, kept, result.value, result.grads]);
  return {shapes, total, sum};
}

type Loss = (x: tf.Tensor, y: tf.Tensor) => tf.Tensor;

/** Losses and the shapes of what they are made of. */
const found: Record<string, [Loss, string[]]> = {
  Mean: [x => tf.mean(tf.square(x)), ['[3]']],
  Sum: [x => tf.sum(tf.square(x)), ['[3]']],
  Add: [(x, y) => tf.add(tf.mean(x), tf.sum(y)), ['[3]', '[3]']],
  AddN: [(x, y) => tf.addN([tf.mean(x), tf.sum(y), tf.mean(tf.mul(x, y))]), ['[3]', '[3]', '[3]']],
  Sub: [(x, y) => tf.sub(tf.mean(x), tf.mean(tf.square(y))), ['[3]', '[3]']],
  Neg: [x => tf.neg(tf.mean(x)), ['[3]']],
  'Mul by a number, on either side': [(x, y) => tf.add(tf.mul(tf.mean(x), 3), tf.mul(0.5, tf.mean(y))), ['[3]', '[3]']],
  'Div by a number': [x => tf.div(tf.sum(x), 3), ['[3]']],
  'nested factors': [(x, y) => tf.div(tf.mul(2, tf.sub(tf.mean(x), tf.mul(tf.sum(y), 0.1))), 5), ['[3]', '[3]']],
  'a weight of each example': [x => tf.mean(tf.mul(x, [1, 2, 5])), ['[3]']],
  'a weighted mean': [x => tf.div(tf.sum(tf.mul(x, [1, 2, 5])), 8), ['[3]']],
  'a mean of a sum of two tensors': [(x, y) => tf.mean(tf.add(tf.square(x), tf.square(y))), ['[3]', '[3]']],
  'a mean of two halves': [(x, y) => tf.mean(tf.concat([x, y])), ['[6]']],
  'a mean with kept axes': [x => tf.squeeze(tf.mean(x, 0, true)), ['[3]']],
  'trailing axes, which are averaged': [
    x =>
      tf.mean(
        tf.mul(tf.expandDims(x, -1), [
          [1, 2],
          [3, 4],
          [5, 6],
        ]),
      ),
    ['[3,2]'],
  ],
  'a mean of means over the trailing axis': [
    x =>
      tf.mean(
        tf.mean(
          tf.mul(tf.expandDims(x, -1), [
            [1, 2],
            [3, 4],
            [5, 6],
          ]),
          -1,
        ),
      ),
    ['[3]'],
  ],
  'the same mean twice': [
    x => {
      const m = tf.mean(x);
      return tf.add(m, m);
    },
    ['[3]'],
  ],
  'a mean and twice itself': [
    x => {
      const m = tf.mean(x);
      return tf.sub(m, tf.mul(m, 3));
    },
    ['[3]'],
  ],
  'a loss of tfjs': [x => tf.losses.meanSquaredError([1, 2, 5], x), ['[3]']],
  'a loss of tfjs with weights': [x => tf.losses.absoluteDifference([1, 2, 5], x, [1, 0, 2]), ['[3]']],
  'the sum and the weighted mean of losses of tfjs': [
    (x, y) =>
      tf.add(
        tf.losses.meanSquaredError([1, 2, 5], x, undefined, tf.Reduction.SUM),
        tf.losses.sigmoidCrossEntropy([1, 0, 1], y, [1, 2, 1], 0, tf.Reduction.MEAN),
      ),
    ['[3]', '[3]'],
  ],
  'Cast and Reshape': [x => tf.reshape(tf.cast(tf.reshape(tf.mean(x), [1]), 'float32'), []), ['[3]']],
};

describeBackends(
  'a scalar loss',
  () => {
    for (const [title, [loss, shapes]] of Object.entries(found)) {
      it(`is taken apart, also where a tidy has disposed of what it is made of: ${title}`, async () => {
        const warn = spyOn(console, 'warn');
        for (const made of [loss, (x, y) => tf.tidy(() => loss(x, y))] satisfies Loss[]) {
          const parts = await partsOf(made);
          expect(warn).not.toHaveBeenCalled();
          expect(parts.shapes).toEqual(shapes);
          expect(parts.sum).toBeCloseTo(parts.total, 5);
        }
      });
    }

    it('that a tidy gives back gives each example the credit for its own cost', async () => {
      const w = tf.variable(tf.tensor1d([0.3, -0.4, 0.9]));
      const gradientOf = async (loss: (costs: tf.Tensor) => tf.Tensor): Promise<Float32Array> => {
        const {value, grads} = st.variableGrads(() => {
          const {value: x} = new st.DistributionTensor(new st.Bernoulli({logits: w}), {
            estimator: 'scoreFunction',
            key: st.random.key(4),
          });
          return loss(tf.mul(tf.add(x, 1), [1, 10, 100]));
        }, [w]);
        const data = await grads[w.name]!.data<'float32'>();
        tf.dispose([value, grads]);
        return data;
      };
      const expected = await gradientOf(costs => costs);
      for (const loss of [
        (c: tf.Tensor) => tf.tidy(() => tf.mean(c)),
        (c: tf.Tensor) => tf.losses.absoluteDifference([0, 0, 0], c),
      ]) {
        (await gradientOf(loss)).forEach((g, i) => expect(g).toBeCloseTo(expected[i]!, 4));
      }
      w.dispose();
    });

    it('leaves out what no node influences', async () => {
      const parts = await partsOf(x => tf.add(tf.mean(x), 7));
      expect(parts.shapes).toEqual(['[3]']);
      expect(parts.sum).toBeCloseTo(parts.total - 7, 5);
    });

    it('of a difference of one tensor with itself gets no credit', async () => {
      const parts = await partsOf(x => {
        const m = tf.mean(x);
        return tf.sub(m, m);
      });
      expect(parts.sum).toBeCloseTo(0, 6);
    });

    it('that doubles itself forty times is no trouble', async () => {
      const parts = await partsOf(x => {
        let total: tf.Tensor = tf.mean(x);
        for (let i = 0; i < 40; i++) total = tf.mul(tf.add(total, total), 0.5);
        return total;
      });
      expect(parts.shapes).toEqual(['[3]']);
      expect(parts.sum).toBeCloseTo(parts.total, 4);
    });

    it('keeps the gradient right where a square batch could be read in two ways', async () => {
      // Three nodes behind costs of shape [sample, batch] = [3, 3]: averaged over the samples, not over the batch.
      st.random.setSeed(2);
      const w = tf.variable(tf.tensor1d([0.3, -0.4, 0.9]));
      const noise = tf.tensor2d([
        [1, 2, 3],
        [4, 5, 6],
        [7, 8, 10],
      ]);
      const run = (costs: (x: tf.Tensor) => tf.Tensor): tf.Tensor => {
        const {value, grads} = st.variableGrads(
          () =>
            costs(
              new st.DistributionTensor(new st.Bernoulli({logits: w}), {
                estimator: 'scoreFunction',
                key: st.random.key(4),
              }).value,
            ),
          [w],
        );
        value.dispose();
        return grads[w.name]!;
      };
      spyOn(console, 'warn');
      const asCosts = run(x => tf.mean(tf.mul(tf.add(x, 1), noise), 0));
      const reference = Array.from(await asCosts.data());
      const asPathwise = run(x => {
        // the sample axis of a pathwise node says how it is to be read
        const e = new st.DistributionTensor(new st.Normal({loc: tf.mul(x, 0), scale: 0.001}), {
          valueType: st.sampleValue(3),
          key: st.random.key(5),
        }).value;
        return tf.mean(tf.add(tf.mul(tf.add(x, 1), noise), tf.mul(e, 0)));
      });
      (await asPathwise.data()).forEach((g, i) => expect(g).toBeCloseTo(reference[i]!, 4));
      tf.dispose([w, noise, asCosts, asPathwise]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'a scalar loss that cannot be taken apart',
  () => {
    const losses: Record<string, Loss> = {
      'its own nonlinear function of the batch': x => tf.square(tf.mean(x)),
      'a product of two random means': (x, y) => tf.mul(tf.mean(x), tf.mean(y)),
      'a quotient by a random one': (x, y) => tf.div(tf.mean(x), tf.mean(y)),
      'a maximum': x => tf.max(x),
    };
    for (const [title, loss] of Object.entries(losses)) {
      it(`is used whole, with at most one warning: ${title}`, async () => {
        const warn = spyOn(console, 'warn');
        const first = await partsOf(loss);
        expect(first.shapes).toEqual(['[]']);
        expect(first.sum).toBeCloseTo(first.total, 5);
        await partsOf(loss);
        expect(warn.calls.count()).toBeLessThanOrEqual(1);
      });
    }
  },
  {inBrief: [], inNode: ['cpu']},
);
