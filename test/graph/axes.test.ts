/** What is said of axes against what kernels do: an element is changed, and what changes with it is looked at. */
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import {EVERY, type Axes} from '../../src/graph/axes/factors.js';
import {influencedNodes} from '../../src/graph/influence.js';
import {readTape} from '../../src/graph/tape.js';
import {describeBackends} from '../helpers/backends.js';

/** Makes a layer, or gives the one that it made before. */
type Layers = (name: string, make: () => tf.layers.Layer) => tf.layers.Layer;
type F = (x: tf.Tensor, layers: Layers) => tf.Tensor;

/**
 * A function of x, of that shape, and for each axis of x the axis of the result, counted from the last, that it is;
 * null where its elements meet.
 */
interface Case {
  readonly shape: number[];
  readonly f: F;
  readonly axes: Array<number | null>;
}

const of = (shape: number[], axes: Array<number | null>, f: F): Case => ({shape, f, axes});
const weights = (...shape: number[]): tf.Tensor =>
  tf.reshape(
    tf.linspace(
      0.5,
      2,
      shape.reduce((a, b) => a * b, 1),
    ),
    shape,
  );
const image = (x: tf.Tensor): tf.Tensor4D => tf.expandDims<tf.Tensor4D>(x, -1);

// Squares, so that sizes tell nothing; and others, where a wrong axis would not fit.
const cases: Record<string, Case> = {
  'element by element': of([3, 3], [1, 0], x => tf.exp(tf.mul(x, 2))),
  'with a vector': of([3, 3], [1, 0], x => tf.add(x, weights(3))),
  'an outer product of a vector with itself': of([3], [null], x => tf.mul(tf.expandDims(x, 1), tf.expandDims(x, 0))),
  'a vector against a matrix': of([3], [0], x => tf.mul(x, weights(3, 3))),
  'a column against a matrix': of([3], [1], x => tf.mul(tf.expandDims(x, 1), weights(3, 3))),
  'a sum over the first axis': of([3, 3], [null, 0], x => tf.sum(x, 0)),
  'a sum over the last axis': of([3, 3], [0, null], x => tf.sum(x, 1)),
  'a mean that keeps its axis': of([3, 3], [null, 0], x => tf.mean(x, 0, true)),
  'a maximum over the last axis': of([3, 3], [0, null], x => tf.max(x, -1)),
  'a minimum over the first axis': of([3, 3], [null, 0], x => tf.min(x, [0])),
  'the place of the maximum': of([3, 3], [0, null], x => tf.cast(tf.argMax(x, 1), 'float32')),
  'the place of the minimum': of([3, 3], [null, 0], x => tf.cast(tf.argMin(x, 0), 'float32')),
  'a product over the last axis': of([3, 3], [0, null], x => tf.prod(x, 1)),
  'a sum over all': of([3, 3], [null, null], x => tf.sum(x)),
  'a running sum': of([3, 3], [1, null], x => tf.cumsum(x, 1)),
  'a turned matrix': of([3, 3], [0, 1], x => tf.transpose(x)),
  'a turned array': of([2, 2, 2], [0, 2, 1], x => tf.transpose(x, [1, 2, 0])),
  'a reversed axis': of([3, 3], [null, 0], x => tf.reverse(x, 0)),
  'a list from its end': of([3], [null], x => tf.reverse(x)),
  'all axes reversed': of([3, 3], [null, null], x => tf.reverse(x)),
  'no axis reversed': of([3, 3], [1, 0], x => tf.reverse(x, [])),
  'a running sum along the first axis, the default': of([3, 3], [null, 0], x => tf.cumsum(x)),
  'a product with a matrix': of([3, 3], [1, null], x => tf.matMul(x, weights(3, 3))),
  'a product with a matrix in front': of([3, 3], [null, 0], x => tf.matMul(weights(3, 3), x)),
  'a product of turned matrices': of([3, 3], [null, 1], x => tf.matMul(x, weights(3, 3), true, true)),
  'a fused product': of([3, 3], [1, null], x => tf.fused.matMul({a: x, b: weights(3, 3), bias: weights(3)})),
  'a fused product of a turned square': of([3, 3], [null, 1], x =>
    tf.fused.matMul({a: x, b: weights(3, 3), transposeA: true, bias: weights(3)}),
  ),
  'a fused product of turned squares': of([3, 3], [null, 1], x =>
    tf.fused.matMul({a: x, b: weights(3, 3), transposeA: true, transposeB: true}),
  ),
  'a fused product with a turned square': of([3, 3], [null, null], x =>
    tf.fused.matMul({a: weights(3, 3), b: x, transposeB: true}),
  ),
  'a dense layer': of([3, 3], [1, null], (x, l) => l('dense', () => tf.layers.dense({units: 3})).apply(x) as tf.Tensor),
  'a dense layer on three axes': of(
    [3, 3, 3],
    [2, 1, null],
    (x, l) => l('dense', () => tf.layers.dense({units: 3, activation: 'tanh'})).apply(x) as tf.Tensor,
  ),
  'a batch of products': of([3, 3, 3], [2, 1, null], x => tf.matMul(x, weights(3, 3, 3))),
  'all pairs of examples': of([3, 3], [null, null], x => tf.matMul(x, x, false, true)),
  'a convolution': of([3, 3, 3], [3, null, null], x =>
    tf.conv2d(image(x), weights(2, 2, 1, 3) as tf.Tensor4D, 1, 'same'),
  ),
  'a convolutional layer': of(
    [3, 3, 3],
    [3, null, null],
    (x, l) =>
      l('conv2d', () => tf.layers.conv2d({filters: 3, kernelSize: 2, padding: 'same'})).apply(image(x)) as tf.Tensor,
  ),
  'a pool': of([3, 4, 4], [3, null, null], x => tf.maxPool(image(x), 2, 2, 'valid')),
  softmax: of([3, 3], [1, null], x => tf.softmax(x)),
  'log softmax': of([3, 3], [1, null], x => tf.logSoftmax(x)),
  'cross entropy': of([3, 3], [0, null], x =>
    tf.losses.softmaxCrossEntropy(tf.oneHot([0, 1, 2], 3), x, undefined, undefined, tf.Reduction.NONE),
  ),
  'rows flattened and cut again': of([3, 3], [1, 0], x => tf.reshape(tf.exp(tf.reshape(x, [9])), [3, 3])),
  'an axis put in between': of([3, 3], [2, 0], x => tf.reshape(x, [3, 1, 3])),
  'halves of a list': of([4], [0], x => tf.concat([tf.slice(x, 0, 2), tf.slice(x, 2, 2)])),
  'split and joined': of([3], [0], x => tf.concat(tf.split(x, 3).map((part, i) => tf.mul(part, i + 1)))),
  'rows one by one': of([3, 3], [1, 0], x => tf.stack(tf.unstack(x).map(row => tf.exp(row)))),
  'columns one by one': of([3, 3], [1, 0], x =>
    tf.stack(
      tf.unstack(x, 1).map(column => tf.exp(column)),
      1,
    ),
  ),
  'rows against other rows': of([3, 3], [null, 0], x => {
    const rows = tf.unstack(x);
    return tf.stack([rows[1]!, rows[2]!, tf.add(rows[0]!, rows[1]!)]);
  }),
  'parts exchanged': of([4], [null], x => tf.concat([tf.slice(x, 2, 2), tf.slice(x, 0, 2)])),
  'a tile': of([3], [0], x => tf.tile(tf.expandDims(x, 0), [3, 1])),
  'rows by number': of([3, 3], [null, 0], x => tf.gather(x, [2, 0, 1])),
  'columns by number': of([3, 3], [1, null], x => tf.gather(x, [2, 0, 1], 1)),
  'numbers of rows': of([3], [1], x => tf.gather(weights(9, 3), tf.cast(tf.abs(x), 'int32'))),
  'one-hot': of([3], [1], x => tf.cast(tf.oneHot(tf.cast(tf.abs(x), 'int32'), 9), 'float32')),
  'a choice': of([3, 3], [1, 0], x => tf.where(tf.greaterEqual(x, 0.5), x, tf.zeros([3, 3]))),
  'a choice by a vector': of([3], [0], x => tf.where(tf.greaterEqual(x, 0), weights(3, 3), tf.zeros([3, 3]))),
  'batch normalisation': of(
    [3, 3],
    [null, 0],
    (x, l) => l('batchNormalization', () => tf.layers.batchNormalization({})).apply(x, {training: true}) as tf.Tensor,
  ),
  'layer normalisation': of(
    [3, 3],
    [1, null],
    (x, l) => l('layerNormalization', () => tf.layers.layerNormalization()).apply(x) as tf.Tensor,
  ),
  'a recurrent layer': of(
    [3, 3, 3],
    [1, null, null],
    (x, l) => l('simpleRNN', () => tf.layers.simpleRNN({units: 3})).apply(x) as tf.Tensor,
  ),
  'a recurrent layer with its sequence': of(
    [3, 3, 3],
    [2, null, null],
    (x, l) => l('lstm', () => tf.layers.lstm({units: 3, returnSequences: true})).apply(x) as tf.Tensor,
  ),
  'each time step': of(
    [3, 3, 3],
    [2, 1, null],
    (x, l) =>
      l('timeDistributed', () => tf.layers.timeDistributed({layer: tf.layers.dense({units: 3})})).apply(x) as tf.Tensor,
  ),
  'a log-probability': of([3, 3], [0, null], x =>
    st.independent(new st.Normal({loc: x, scale: 1}), 1).logProb(tf.zeros([3, 3])),
  ),
  'a multivariate log-probability': of([3, 3], [0, null], x =>
    new st.MultivariateNormalTriL({
      loc: x,
      scaleTril: tf.add(tf.eye(3), tf.linalg.bandPart(weights(3, 3), -1, 0)),
    }).logProb(tf.zeros([3, 3])),
  ),
  'a categorical log-probability': of([3, 3], [0, null], x => new st.Categorical({logits: x}).logProb([0, 1, 2])),
  'draws from as many classes as there are examples': of([3, 3], [0, null], x =>
    tf.cast(new st.Categorical({logits: x}).sample([], {key: st.random.key(2)}), 'float32'),
  ),
  'draws from as many components as there are examples': of([3, 3], [0, null], x =>
    new st.MixtureSameFamily({
      mixtureDistribution: new st.Categorical({logits: x}),
      componentsDistribution: new st.Normal({loc: x, scale: 1}),
    }).sample([], {key: st.random.key(2)}),
  ),
  'a divergence': of([3, 3], [0, null], x =>
    st.klDivergence(new st.OneHotCategorical({logits: x}), new st.OneHotCategorical({logits: [0, 0, 0]})),
  ),
  'a strided slice that turns': of([3, 3], [null, null], x => tf.stridedSlice(x, [-1, 0], [-4, 3], [-1, 1])),
  'a custom gradient in a scope with the name of a kernel': of([3], [null], x =>
    tf.tidy('Exp', () =>
      tf.customGrad((...args) => ({value: tf.reverse(args[0] as tf.Tensor, 0), gradFunc: (dy: tf.Tensor) => [dy]}))(x),
    ),
  ),
  'places among each row': of([3, 3], [1, null], x =>
    tf.gather(
      x,
      tf.tensor2d(
        [
          [2, 0],
          [1, 1],
          [0, 2],
        ],
        [3, 2],
        'int32',
      ),
      1,
      1,
    ),
  ),
  'a kernel that nobody knows': of([3], [null], x =>
    tf.customGrad((...args) => ({value: tf.mul(args[0] as tf.Tensor, 2), gradFunc: (dy: tf.Tensor) => [dy]}))(x),
  ),
};

/** The axes that a tensor of noise has in f, and which elements of f change with each of its elements. */
async function look({shape, f}: Case): Promise<{axes: Axes; out: number[]; changes: boolean[][]}> {
  const made = new Map<string, tf.layers.Layer>();
  const layers: Layers = (name, make) => {
    const layer = made.get(name) ?? make();
    made.set(name, layer);
    return layer;
  };
  const {axes, out} = runOnce(shape, x => f(x, layers));
  const size = shape.reduce((a, b) => a * b, 1);
  const at = async (i: number): Promise<Float32Array> => {
    const y = tf.tidy(() => {
      const values = Array.from({length: size}, (_, j) => Math.sin(3 * j + 1) * 2 + (j === i ? 1.7 : 0));
      return f(tf.tensor(values, shape), layers);
    });
    const data = await y.data<'float32'>();
    y.dispose();
    return data.slice();
  };
  const base = await at(-1);
  const changes: boolean[][] = [];
  for (let i = 0; i < size; i++) {
    const y = await at(i);
    changes.push(Array.from(y, (v, j) => v !== base[j]));
  }
  new Set([...made.values()].flatMap(layer => layer.weights)).forEach(weight => weight.dispose());
  return {axes, out, changes};
}

/** What is said of the axes in f, in a gradient scope. */
function runOnce(shape: number[], f: (x: tf.Tensor) => tf.Tensor): {axes: Axes; out: number[]} {
  const w = tf.variable(tf.zeros(shape));
  let axes: Axes = [];
  let out: number[] = [];
  st.random.setSeed(1);
  tf.tidy(() =>
    tf.variableGrads(() => {
      const x = new st.DistributionTensor(new st.Normal({loc: w, scale: 1}), {estimator: 'scoreFunction'}).value;
      const y = f(x);
      out = y.shape;
      axes = influencedNodes(readTape('test'), [y])[0]!.reaches[0]!.axes.slice(0, shape.length);
      return tf.mean<tf.Scalar>(w);
    }, [w]),
  );
  w.dispose();
  return {axes, out};
}

describeBackends(
  'axes on the way to a cost',
  () => {
    for (const [name, one] of Object.entries(cases)) {
      it(`of ${name}`, async () => {
        spyOn(console, 'warn');
        const {axes, out, changes} = await look(one);
        const found = axes.map(axis => (axis.length === 1 && axis[0]!.along !== EVERY ? axis[0]!.along : null));
        expect(found).toEqual(one.axes);
        // Nothing changes where the axes say that nothing may.
        changes.forEach((changed, i) => {
          const from = indexIn(i, one.shape);
          changed.forEach((is, j) => {
            const to = indexIn(j, out);
            const allowed = one.axes.every(
              (along, axis) => along === null || from[axis] === to[out.length - 1 - along],
            );
            if (is) expect(allowed).withContext(`element ${i} of x, element ${j} of the result`).toBeTrue();
          });
        });
        expect(changes.flat()).toContain(true);
      });
    }

    it('knows a part of a merged axis, and finds it again behind a layer', async () => {
      const {axes} = await look(of([2, 3], [], x => tf.reshape(x, [6])));
      expect(axes).toEqual([
        [{size: 2, along: 0, step: 3, of: 6, shift: null}],
        [{size: 3, along: 0, step: 1, of: 6, shift: null}],
      ]);
      const back = await look(
        of([2, 3], [], x => tf.reshape(tf.matMul(tf.reshape(x, [6, 1]), weights(1, 4)), [2, 3, 4])),
      );
      expect(back.axes.map(axis => axis[0]!.along)).toEqual([2, 1]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

function indexIn(flat: number, shape: readonly number[]): number[] {
  const index: number[] = [];
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index.unshift(flat % shape[axis]!);
    flat = Math.floor(flat / shape[axis]!);
  }
  return index;
}
