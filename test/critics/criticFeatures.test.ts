import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {
  contextFeatures,
  featuresBeside,
  joinRows,
  supportFeatures,
  supportRows,
  valueFeatures,
} from '../../src/critics/criticFeatures.js';
import {linkOf} from '../../src/graph/nodeLink.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';
import {viewOf} from '../helpers/nodeView.js';

/** Reads a matrix row by row. */
async function rows(make: () => tf.Tensor): Promise<number[][]> {
  const t = tf.tidy(make);
  const width = t.shape[1]!;
  expect(t.rank).toBe(2);
  const flat = await read(t);
  return Array.from({length: flat.length / width}, (_, i) => flat.slice(i * width, (i + 1) * width));
}

describeBackends(
  'what a critic sees',
  () => {
    const two = [0, 0];

    it('of a value is the number, a class one-hot, a vector as it is, an angle by cosine and sine', async () => {
      const coin = new st.Bernoulli({logits: two});
      expect(await rows(() => valueFeatures(coin, tf.tensor1d([1, 0], 'int32'), 2))).toEqual([[1], [0]]);
      const three = new st.Categorical({logits: [0, 0, 0]});
      expect(await rows(() => valueFeatures(three, tf.tensor1d([2, 0], 'int32'), 2))).toEqual([
        [0, 0, 1],
        [1, 0, 0],
      ]);
      const oneHot = new st.OneHotCategorical({logits: [0, 0, 0]});
      expect(await rows(() => valueFeatures(oneHot, tf.tensor2d([[0, 1, 0]]), 1))).toEqual([[0, 1, 0]]);
      const angle = new st.VonMises({loc: 0, concentration: 1});
      const [row] = await rows(() => valueFeatures(angle, tf.tensor1d([Math.PI / 2]), 1));
      expectNear(row!, [0, 1], 'angle');
      const plane = st.independent(new st.Normal({loc: two, scale: 1}), 1);
      expect(await rows(() => valueFeatures(plane, tf.tensor2d([[3, 4]]), 1))).toEqual([[3, 4]]);
      // two indices in one event lie side by side
      const pair = st.independent(new st.Categorical({logits: tf.zeros([2, 3])}), 1);
      expect(await rows(() => valueFeatures(pair, tf.tensor2d([[2, 1]], undefined, 'int32'), 1))).toEqual([
        [0, 0, 1, 0, 1, 0],
      ]);
      tf.dispose(pair.tensors());
    });

    describe('of the context', () => {
      const q = new st.Bernoulli({logits: [0.5, -1]});
      const sampled = (): st.NodeView => viewOf(q, tf.zeros([3, 2])); // three samples of two

      it('are the features for each draw, repeated along axes that it lacks', async () => {
        const perDraw = [[1], [2], [1], [2], [1], [2]];
        expect(await rows(() => contextFeatures('c', sampled(), () => tf.tensor1d([1, 2])))).toEqual(perDraw);
        expect(await rows(() => contextFeatures('c', sampled(), () => tf.tensor2d([[1], [2]])))).toEqual(perDraw);
        expect(await rows(() => contextFeatures('c', sampled(), () => tf.scalar(4)))).toEqual(new Array(6).fill([4]));
        expect(
          await rows(() => contextFeatures('c', sampled(), () => tf.tensor3d([[[1, 7]], [[2, 8]], [[3, 9]]]))),
        ).toEqual([
          [1, 7],
          [1, 7],
          [2, 8],
          [2, 8],
          [3, 9],
          [3, 9],
        ]);
        expect(await rows(() => contextFeatures('c', sampled(), () => tf.tensor1d([1, 0], 'bool')))).toEqual(
          [1, 0, 1, 0, 1, 0].map(x => [x]),
        );
      });

      it('are the parameters by default', async () => {
        const own = new st.Normal({loc: [1, 2], scale: [3, 4]});
        const seen = await rows(() => contextFeatures('c', viewOf(own, tf.zeros([2])), undefined));
        expect(seen.map(row => row.length)).toEqual([2, 2]);
        expect(seen.map(row => row[0])).toEqual([1, 2]);
      });

      it('are an error where they do not fit', () => {
        const wrong = (give: () => unknown, text: string): void =>
          expect(() => tf.tidy(() => contextFeatures('c', sampled(), give as () => tf.Tensor))).toThrowError(text); // JavaScript gives anything
        const rule = "must broadcast to the node's shape [3,2], with or without a last axis of features";
        wrong(() => 3, 'c at node "n": the context must be a tensor of numbers, got 3');
        wrong(
          () => tf.tensor1d(['a']),
          'c at node "n": the context must be a tensor of numbers, got a string tensor of shape [1]',
        );
        wrong(() => tf.zeros([4, 2]), `c at node "n": the context ${rule}, got a float32 tensor of shape [4,2]`);
        wrong(() => tf.zeros([4, 2, 5]), `c at node "n": the context ${rule}, got a float32 tensor of shape [4,2,5]`);
      });
    });

    it('of all values are a row for each and each draw, the value varying slowest', async () => {
      const q = new st.Bernoulli({logits: two});
      const context = (): tf.Tensor => tf.tensor2d([[10], [20], [30], [40]]);
      expect(await rows(() => supportRows(viewOf(q, tf.zeros([2, 2])), context()))).toEqual([
        [0, 10],
        [0, 20],
        [0, 30],
        [0, 40],
        [1, 10],
        [1, 20],
        [1, 30],
        [1, 40],
      ]);
      expect(await rows(() => supportFeatures(q))).toEqual([[0], [1]]);
      const classes = new st.Categorical({
        logits: [
          [0, 0, 0],
          [0, 0, 0],
        ],
      });
      expect(await rows(() => supportFeatures(classes))).toEqual([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]);
    });

    it('of another node are its values beside the draws, where they broadcast to them', async () => {
      const make = (shape: number[], valueType: st.ValueType = st.sampleValue()): st.DistributionTensor =>
        new st.DistributionTensor(new st.Normal({loc: tf.zeros(shape), scale: 1}), {
          estimator: st.scoreFunction(),
          valueType,
          name: `of${shape.length}`,
        });
      const seen = (node: st.StochasticTensor, of: st.DistributionTensor): tf.Tensor =>
        featuresBeside('c', linkOf('c', of).term!.view, node);
      const kept: tf.Tensor[] = [];
      const w = tf.tidy(() => tf.variable(tf.scalar(1)));
      const result = tf.variableGrads(() => {
        const [one, batch, sampled] = [make([]), make([2]), make([2], st.sampleValue([3]))];
        kept.push(...[seen(one, batch), seen(batch, sampled), seen(sampled, sampled)].map(t => tf.keep(t)));
        kept.push(...[one, batch, sampled].map(({value}) => tf.keep(tf.clone(value))));
        expect(() => seen(sampled, batch)).toThrowError(
          /^c at node "of1": a late cost depends on node "of1" too, whose draws must broadcast to \[sample…, batch…\], here \[2\]/,
        );
        expect(() => seen(make([5]), batch)).toThrowError(/whose draws must broadcast/);
        // its samples are not the examples of a batch, nor of another node's samples, for being as many
        expect(() => seen(sampled, make([3, 2]))).toThrowError(/whose draws must broadcast/);
        expect(() => seen(sampled, make([2], st.sampleValue([4, 3])))).toThrowError(/whose draws must broadcast/);
        return tf.square(w);
      }, [w]);
      const [ofOne, ofBatch, ofSampled, one, batch, sampled] = await Promise.all(kept.map(read));
      expect(ofOne!).toEqual([one![0]!, one![0]!]);
      expect(ofBatch!).toEqual([...batch!, ...batch!, ...batch!]);
      expect(ofSampled!).toEqual(sampled!);
      tf.dispose([w, result.value, result.grads]);
    });

    it('are rows of the value, then the context', async () => {
      expect(
        await rows(() =>
          joinRows(
            tf.tensor2d([[1], [2]]),
            tf.tensor2d([
              [3, 4],
              [5, 6],
            ]),
          ),
        ),
      ).toEqual([
        [1, 3, 4],
        [2, 5, 6],
      ]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
