/** A TypeScript user's file; typescript.node.test.ts compiles it against the installed package. */
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';

const key: st.random.Key = st.random.key(42);
const q = new st.Normal({loc: 0, scale: [1, 2]});
export const x: tf.Tensor = q.sample([5], {key});
export const shape: number[] = q.batchShape;

export const w = tf.variable(tf.zeros([3]));
export const result = st.variableGrads(() => {
  const z = new st.DistributionTensor(new st.Bernoulli({logits: w}), {
    estimator: st.scoreFunction({baseline: st.constant({value: 1})}),
    key,
  });
  return tf.square(z.value);
}, [w]);
export const grad: tf.Tensor | undefined = result.grads[w.name];

export const model = tf.sequential({
  layers: [tf.layers.dense({units: 4, inputShape: [2]}), stl.bernoulli({estimator: 'relax'})],
});
model.compile({optimizer: st.stochasticOptimizer(tf.train.adam(1e-3)), loss: 'meanSquaredError'});

// Were the declarations not found, everything would be `any` and these would compile.
// @ts-expect-error: a misspelt parameter
export const misspelt = new st.Normal({loc: 0, scal: 1});
// @ts-expect-error: a misspelt option
export const layer = stl.bernoulli({estimatr: 'relax'});
// @ts-expect-error: a number is no key
q.sample([5], {key: 3});

// Names are offered with their own options, and names of one's own stay possible.
st.estimators.get('relax', {temperature: 0.3});
st.estimators.register('ofMyOwn', () => st.scoreFunction());
st.estimators.get('ofMyOwn', {anything: 1});
// @ts-expect-error: a misspelt option of a name
st.estimators.get('relax', {temprature: 0.3});
// @ts-expect-error: a misspelt option of a name with a configuration
export const named = stl.bernoulli({estimator: {name: 'relax', config: {temprature: 0.3}}});
