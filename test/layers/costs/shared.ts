/** What the tests of costs share. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, loadLayersModel, sequential, type LayersModel, type Sequential} from '@tensorflow/tfjs-layers';
import type * as stl from 'tfjs-stochastic/layers';

/** Two rows of two locations and two raw scales. */
export const ROWS = [1, -1, 0.3, -0.5, 2, 0, 0.1, 1];
export const STANDARD = {name: 'Normal', config: {loc: 0, scale: 1}};

/** Hands the rows, and targets of two numbers for each, to the specs of the suite around it. */
export function onRows(take: (x: tf.Tensor, y: tf.Tensor) => void, targets: readonly number[] = [0, 0, 0, 0]): void {
  let made: tf.Tensor[] = [];
  beforeAll(() => {
    const [x, y] = [tf.tensor2d(ROWS, [2, 4]), tf.tensor2d([...targets], [2, 2])];
    made = [x, y];
    take(x, y);
  });
  afterAll(() => tf.dispose(made));
}

const softplus = (r: number): number => Math.log1p(Math.exp(r));

/** KL(N(m, softplus(r)) ‖ N(0, 1)). */
export const klNormal = (m: number, r: number): number => {
  const s = softplus(r);
  return (m * m + s * s - 1) / 2 - Math.log(s);
};

/** That of each element of each row. */
export const EACH = [0, 4].map(i => [klNormal(ROWS[i]!, ROWS[i + 2]!), klNormal(ROWS[i + 1]!, ROWS[i + 3]!)]);

/** Summed over a row and averaged over rows. */
export const EXACT = (EACH[0]![0]! + EACH[0]![1]! + EACH[1]![0]! + EACH[1]![1]!) / 2;

/** A model of a random layer on its input, and a loss that is 0. */
export function onInput(layer: layers.Layer, units = 4): Sequential {
  const kernel = tf.tidy(() => tf.eye(units));
  const model = sequential({
    layers: [layers.dense({units, inputShape: [units], useBias: false, weights: [kernel]}), layer],
  });
  kernel.dispose();
  return model;
}

export const zeroLoss = (_: tf.Tensor, p: tf.Tensor): tf.Tensor => tf.mul(tf.mean(p, -1), 0);

/** Through JSON text and back. */
export async function roundTrip(model: LayersModel, includeOptimizer = false): Promise<LayersModel> {
  let artifacts: tf.io.ModelArtifacts | undefined;
  const handler = tf.io.withSaveHandler(given => {
    artifacts = given;
    return Promise.resolve({modelArtifactsInfo: {dateSaved: new Date(0), modelTopologyType: 'JSON' as const}});
  });
  await model.save(handler, {includeOptimizer});
  const {weightData, ...rest} = artifacts!;
  const text = JSON.parse(JSON.stringify(rest)) as tf.io.ModelArtifacts;
  return loadLayersModel(tf.io.fromMemory({...text, weightData: weightData!}));
}

export const randomLayer = (model: LayersModel): stl.StochasticLayer =>
  model.layers[model.layers.length - 1] as stl.StochasticLayer; // as these tests build them
