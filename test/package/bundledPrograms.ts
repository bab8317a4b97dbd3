/** Small programs, at least one for each entry, that print numbers: the same ones however they are loaded. */

const begin = `
  import * as tf from '@tensorflow/tfjs-core';
  import '@tensorflow/tfjs-backend-cpu';
  import {layers, sequential} from '@tensorflow/tfjs-layers'; // in Node it brings the gradients along
  const printed = [];
  const print = (...tensors) => tensors.forEach(t => printed.push(Array.from(t.dataSync())));
  const w = tf.variable(tf.tensor1d([0.3, -0.2, 0.1]));`;
const end = `
  console.log(JSON.stringify(printed));`;

const program = (imports: string, body: string): string =>
  `${begin}\n${imports}\nawait tf.setBackend('cpu');\n${body}\n${end}`;

/** Twenty steps of training with an estimator. */
const training = (entry: string, estimator: string): string =>
  program(
    `import {Bernoulli, DistributionTensor, ${estimator}, random, stochasticOptimizer} from '${entry}';`,
    `
  const optimizer = stochasticOptimizer(tf.train.adam(0.1));
  const estimator = ${estimator}();
  random.setSeed(5);
  for (let step = 0; step < 20; step++) {
    const cost = optimizer.minimize(() => {
      const z = new DistributionTensor(new Bernoulli({logits: w}), {estimator, key: random.key(step)});
      return tf.square(tf.sub(z.value, 0.4));
    }, true);
    print(cost, w);
  }`,
  );

/** By the entry that is tried. */
export const programs: Readonly<Record<string, string>> = {
  core: training('tfjs-stochastic/core', 'scoreFunction'),
  '.': training('tfjs-stochastic', 'relax'),
  layers: program(
    `import * as stl from 'tfjs-stochastic/layers';
  import {random, stochasticOptimizer} from 'tfjs-stochastic';`,
    `
  random.setSeed(3);
  const dense = units => layers.dense({units, kernelInitializer: 'ones'});
  const bits = stl.bernoulli({estimator: 'relax', seed: 3, inputShape: [4]});
  const model = sequential({layers: [bits, dense(1)]});
  model.compile({optimizer: stochasticOptimizer(tf.train.adam(0.1)), loss: 'meanSquaredError'});
  const x = tf.reshape(tf.range(0, 12), [3, 4]);
  const {history} = await model.fit(x, tf.ones([3, 1]), {epochs: 3, shuffle: false, verbose: 0});
  printed.push(history.loss);
  print(model.predict(x), ...model.getWeights());`,
  ),
  random: program(
    `import * as random from 'tfjs-stochastic/random';`,
    `
  const key = random.key(7);
  print(random.normal([5], {key}), random.gamma([3], {concentration: tf.abs(w), key}));
  print(random.poisson([5], {rate: 3, key}), random.permutation(6, {key}), random.gumbel([4], {key}));`,
  ),
  math: program(
    `import {betainc, digamma, erfinv, igamma, lgamma, ndtri} from 'tfjs-stochastic/math';`,
    `
  const x = tf.tensor1d([0.1, 0.5, 0.9]);
  print(betainc(2, 3, x), digamma(x), erfinv(x), igamma(2, x), lgamma(x), ndtri(x));
  print(tf.grad(t => tf.sum(lgamma(t)))(x), tf.grad(t => tf.sum(betainc(2, t, 0.3)))(x));`,
  ),
  distributions: program(
    `import {Gamma, klDivergence, Normal, StudentT, VonMises} from 'tfjs-stochastic/distributions';
  import {key} from 'tfjs-stochastic/random';`,
    `
  for (const q of [new Gamma({concentration: 2, rate: 3}), new StudentT({df: 4, loc: 0, scale: 1}), new VonMises({loc: 0, concentration: 2})]) {
    const x = q.sample([4], {key: key(1)});
    print(x, q.logProb(x), q.cdf(x));
  }
  print(klDivergence(new Normal({loc: w, scale: 1}), new Normal({loc: 0, scale: 2})));`,
  ),
  estimators: program(
    `import * as estimators from 'tfjs-stochastic/estimators';
  import {Bernoulli, DistributionTensor, random, variableGrads} from 'tfjs-stochastic/core';`,
    `
  for (const name of ['arm', 'disarm', 'enumerate', 'muProp', 'rebar', 'gumbelSoftmax']) {
    const estimator = estimators[name](name === 'gumbelSoftmax' ? {temperature: 0.5} : {});
    const {value, grads} = variableGrads(() => {
      const z = new DistributionTensor(new Bernoulli({logits: w}), {estimator, key: random.key(2)});
      return tf.square(tf.sub(z.value, 0.4));
    }, [w]);
    print(value, grads[w.name]);
  }`,
  ),
};

/** Asks by name for what a bundle has only where it is imported, and prints what is said to that; nothing is in order. */
export const lacking = program(
  `import * as stl from 'tfjs-stochastic/layers';
  import {estimators} from 'tfjs-stochastic';`,
  `
  const attempt = ask => {
    try {
      ask();
      printed.push('');
    } catch (error) {
      printed.push(error.message);
    }
  };
  attempt(() => stl.stochastic({name: 'a', distribution: 'normal'}));
  attempt(() => stl.bernoulli({name: 'b', prior: {name: 'Normal', config: {loc: 0, scale: 1}}}));
  const inside = {className: 'Dense', config: {units: 1}};
  const {classNameMap} = tf.serialization.SerializationMap.getMap();
  const [cls, fromConfig] = classNameMap['Variational']; // as tfjs reads a saved layer
  attempt(() => fromConfig(cls, {name: 'c', layer: inside, batchInputShape: [null, 2]}));
  attempt(() => estimators.get('critic'));`,
);
