/** Small programs, and what this library may add to them. */

/** A program with tfjs alone, on the cpu backend. */
const plain = `
  import * as tf from '@tensorflow/tfjs-core';
  import '@tensorflow/tfjs-backend-cpu';
  const w = tf.variable(tf.zeros([3]));
  const adam = tf.train.adam(0.1);
  adam.minimize(() => tf.sum(tf.square(tf.sub(w, 1))));
  w.print();`;
const withLayers = `
  import * as tfl from '@tensorflow/tfjs-layers';
  const model = tfl.sequential({layers: [tfl.layers.dense({units: 4, inputShape: [4]})]});
  model.compile({optimizer: 'adam', loss: 'meanSquaredError'});`;

const normal = (entry: string) => `
  import {Normal} from '${entry}';
  new Normal({loc: w, scale: 1}).sample(2).print();`;
const bernoulli = (entry: string, estimator: string) => `
  import {Bernoulli, DistributionTensor, ${estimator}, stochasticOptimizer} from '${entry}';
  const z = () => new DistributionTensor(new Bernoulli({logits: w}), {estimator: ${estimator}()});
  stochasticOptimizer(adam).minimize(() => tf.square(tf.sub(z().value, 0.4)));`;
const layer = `
  import * as stl from 'tfjs-stochastic/layers';
  import {stochasticOptimizer} from 'tfjs-stochastic';
  model.add(stl.bernoulli({estimator: 'relax'}));
  model.compile({optimizer: stochasticOptimizer(adam), loss: 'meanSquaredError'});`;

/** An environment beside what a policy needs. */
const environment = `
  import {random} from 'tfjs-stochastic';
  import {cartPoleV1} from 'tfjs-stochastic/control';
  console.log(cartPoleV1({size: 2}).reset({key: random.key(0)}));`;

const [core, main] = ['tfjs-stochastic/core', 'tfjs-stochastic'];
export const kB = 1000;

export interface Weighed {
  readonly title: string;
  readonly before: string;
  readonly program: string;
  /** The most that it may add, and what it should, where that is less. */
  readonly most: number;
  readonly goal?: number;
  /** Vite takes seconds for each: without FULL=1 it makes one program for each entry. */
  readonly alsoByVite?: boolean;
}

/** The programs that are weighed, each without and with this library. */
export const programs: readonly Weighed[] = [
  {title: 'one Normal, sampled, from the core', before: plain, program: normal(core), most: 25.8 * kB, goal: 25 * kB},
  {
    title: 'a Bernoulli with the score function, from the core',
    before: plain,
    program: bernoulli(core, 'scoreFunction'),
    most: 62.9 * kB,
    goal: 38 * kB,
    alsoByVite: true,
  },
  {
    title: 'a Bernoulli with RELAX, from the core',
    before: plain,
    program: bernoulli(core, 'relax'),
    most: 65.9 * kB,
    goal: 45 * kB,
  },
  {title: 'one Normal, sampled', before: plain, program: normal(main), most: 78.6 * kB},
  {
    title: 'a Bernoulli with the score function',
    before: plain,
    program: bernoulli(main, 'scoreFunction'),
    most: 105.4 * kB,
    goal: 75 * kB,
  },
  {
    title: 'a Bernoulli with RELAX',
    before: plain,
    program: bernoulli(main, 'relax'),
    most: 105.4 * kB,
    goal: 75 * kB,
    alsoByVite: true,
  },
  {
    title: 'a layer with its estimator by name',
    before: plain + withLayers,
    program: layer,
    most: 126.1 * kB,
    goal: 75 * kB,
    alsoByVite: true,
  },
  {title: 'an environment', before: plain, program: environment, most: 91.6 * kB, goal: 70 * kB, alsoByVite: true},
];
