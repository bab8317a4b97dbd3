import * as tf from '@tensorflow/tfjs-core';
import {layers, RNN, sequential, type LayersModel, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {recorder, seeded} from '../models.js';

type Args = ConstructorParameters<typeof layers.Layer>[0];
type Kwargs = {training?: boolean};
const first = (x: tf.Tensor | tf.Tensor[]): tf.Tensor => (Array.isArray(x) ? x[0]! : x);

/** What draws a value from inputs, with two layers in its fields. */
class Drawing {
  readonly dense = layers.dense({units: 4, ...seeded(1)});
  constructor(readonly z: stl.StochasticLayer) {}
  draw(x: tf.Tensor, kwargs: Kwargs): tf.Tensor {
    return this.z.apply(this.dense.apply(x), {...kwargs}) as tf.Tensor;
  }
}

/** A cell whose state is what it draws. */
class LatentCell extends layers.Layer {
  static className = 'LatentCellOfTest';
  readonly stateSize = 2;
  readonly dense: Drawing['dense'];
  readonly #drawing: Drawing;
  constructor(readonly z: stl.StochasticLayer) {
    super({});
    this.#drawing = new Drawing(z);
    this.dense = this.#drawing.dense;
  }
  override build(): void {
    this.dense.build([null, 5]);
    this.z.build([null, 4]);
    this.trainableWeights = this.dense.trainableWeights;
    this.built = true;
  }
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    const value = this.#drawing.draw(tf.concat(inputs as tf.Tensor[], 1), kwargs);
    return [value, value];
  }
}

/** A layer that keeps a list of others. */
class Block extends layers.Layer {
  static className = 'BlockOfTest';
  readonly parts: layers.Layer[];
  constructor(args: Args, z: stl.StochasticLayer) {
    super(args ?? {});
    this.parts = [layers.dense({units: 4, ...seeded(1)}), z];
  }
  override build(): void {
    this.parts[0]!.build([null, 3]);
    this.parts[1]!.build([null, 4]);
    this.trainableWeights = this.parts[0]!.trainableWeights;
    this.built = true;
  }
  override computeOutputShape(): number[] {
    return [null as never, 2]; // tfjs's type has no batch
  }
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor {
    return this.parts.reduce((x, layer) => layer.apply(x, {...kwargs}) as tf.Tensor, first(inputs));
  }
}

const prior = {name: 'Normal', config: {loc: 0, scale: 1}} as const;
const steps = 3;

/** Models with a layer z in another, and how often a run of each uses it. */
const cases: Record<string, {make: (z: stl.StochasticLayer) => Sequential; x: () => tf.Tensor; rows: number}> = {
  'a recurrent cell': {
    make: z =>
      sequential({
        // a cell of one's own has no more than it needs
        layers: [
          new RNN({cell: new LatentCell(z) as never, inputShape: [steps, 3]}),
          layers.dense({units: 1, ...seeded(2)}),
        ],
      }),
    x: () => tf.reshape(tf.linspace(-1, 1, 4 * steps * 3), [4, steps, 3]),
    rows: steps,
  },
  'a model at each step': {
    make: z =>
      sequential({
        layers: [
          layers.timeDistributed({
            layer: sequential({layers: [layers.dense({units: 4, inputShape: [3], ...seeded(1)}), z]}),
            inputShape: [steps, 3],
          }),
          layers.flatten(),
          layers.dense({units: 1, ...seeded(2)}),
        ],
      }),
    x: () => tf.reshape(tf.linspace(-1, 1, 4 * steps * 3), [4, steps, 3]),
    rows: steps,
  },
  'a layer of one’s own': {
    make: z => sequential({layers: [new Block({inputShape: [3]}, z), layers.dense({units: 1, ...seeded(2)})]}),
    x: () => tf.reshape(tf.linspace(-1, 1, 4 * 3), [4, 3]),
    rows: 1,
  },
};

describeBackends(
  'the divergence of a layer in',
  () => {
    const y = (): tf.Tensor2D => tf.tensor2d([0.3, -0.1, 0.8, 0.2], [4, 1]);
    const trained = async (model: LayersModel, x: tf.Tensor): Promise<Record<string, number[]>> => {
      const {history} = await model.fit(x, y(), {epochs: 1, verbose: 0, shuffle: false, validationData: [x, y()]});
      return history as Record<string, number[]>;
    };

    for (const [name, {make, x, rows}] of Object.entries(cases)) {
      for (const estimator of ['pathwise', 'scoreFunction'] as const) {
        it(`${name} counts in the loss, with its gradient, and in reports: ${estimator}`, async () => {
          const layer = (): stl.StochasticLayer =>
            stl.normal({prior, klWeight: 0.5, seed: 3, estimator, inference: 'sample'});
          // with the parts as metrics, and with a loss that knows of no costs
          const reported = make(layer());
          const one = recorder();
          reported.compile({optimizer: one.optimizer, ...stl.withCosts('meanSquaredError', reported)});
          const history = await trained(reported, x());
          for (const before of ['', 'val_']) {
            const [loss, reconstruction, kl] = ['loss', 'reconstruction', 'kl'].map(
              part => history[before + part]![0]!,
            );
            expect(kl!).toBeGreaterThan(0.1 * rows);
            expect(loss!)
              .withContext(before)
              .toBeCloseTo(reconstruction! + 0.5 * kl!, 4);
          }
          const plain = make(layer());
          const two = recorder();
          plain.compile({optimizer: two.optimizer, loss: 'meanSquaredError'});
          expect((await trained(plain, x()))['loss']![0]!).toBeCloseTo(history['loss']![0]!, 4);
          const [a, b] = [(await one.read())[0]!, (await two.read())[0]!].map(Object.values) as Float32Array[][];
          a!.forEach((g, i) => g.forEach((v, j) => expect(b![i]![j]!).withContext(`${i}, ${j}`).toBeCloseTo(v, 4)));
          // and without its divergence the step is another
          const without = make(stl.normal({seed: 3, estimator, inference: 'sample'}));
          const three = recorder();
          without.compile({optimizer: three.optimizer, loss: 'meanSquaredError'});
          await trained(without, x());
          const c = Object.values((await three.read())[0]!);
          expect(c.some((g, i) => g.some((v, j) => Math.abs(v - a![i]![j]!) > 1e-3))).toBeTrue();
        });
      }
    }

    it('a recurrent cell is told the number of examples, and drawn for predictions', async () => {
      const {make, x} = cases['a recurrent cell']!;
      const z = stl.normal({prior, klWeight: 'perExample', seed: 3, inference: 'mean'});
      const model = make(z);
      model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(0)), ...stl.withCosts('meanSquaredError', model)});
      const history = await trained(model, x());
      expect(history['loss']![0]!).toBeCloseTo(history['reconstruction']![0]! + history['kl']![0]! / 4, 4);
      const drawn = stl.monteCarlo(model, x(), {samples: 3});
      expect((await drawn.stddev.data()).every(s => s > 0)).toBeTrue();
      tf.dispose([drawn.samples, drawn.mean, drawn.stddev]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
