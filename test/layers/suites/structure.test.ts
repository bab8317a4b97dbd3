/** Random layers in models of any structure: what each of them draws, and what it is credited with. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  model as functional,
  sequential,
  type LayersModel,
  type Sequential,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {sigmoid} from '../../helpers/estimates.js';
import {recorder, seeded} from '../models.js';

type Layer = Parameters<Sequential['add']>[0];

/** A cell with one random bit for each unit, that sees its last bits. */
class BitCell extends layers.Layer {
  static className = 'BitCell';
  readonly stateSize: number;
  readonly #dense: ReturnType<typeof layers.dense>;
  readonly #bits: stl.StochasticLayer;

  constructor(units: number, estimator: st.EstimatorName) {
    super({});
    this.stateSize = units;
    this.#dense = layers.dense({units, ...seeded(21)});
    this.#bits = stl.bernoulli({estimator, seed: 22});
  }

  override build(shape: number[]): void {
    const size = shape[shape.length - 1]! + this.stateSize;
    this.#dense.build([null, size]);
    this.#dense.built = true;
    this.#bits.build([null, this.stateSize]);
    this.#bits.built = true;
    this.trainableWeights = this.#dense.trainableWeights;
    this.built = true;
  }

  override call(inputs: tf.Tensor[], kwargs: {training?: boolean}): tf.Tensor[] {
    const logits = this.#dense.apply(tf.concat(inputs, -1)) as tf.Tensor;
    const bits = this.#bits.apply(logits, kwargs) as tf.Tensor;
    return [bits, bits];
  }
}

const rnnOf = (units: number, estimator: st.EstimatorName, inputShape: [number, number]): Layer =>
  layers.rnn({cell: new BitCell(units, estimator) as never, returnSequences: true, inputShape}); // a cell is a layer with a state

describeBackends(
  'a random layer',
  () => {
    const weightsOf = (model: LayersModel): tf.Variable[] => model.trainableWeights.map(w => w.read() as tf.Variable);
    /** What one step takes off each weight, at a learning rate of 1, and the loss. */
    const stepOf = async (
      model: LayersModel,
      x: tf.Tensor | tf.Tensor[],
      y: tf.Tensor | tf.Tensor[],
      loss: Parameters<LayersModel['compile']>[0]['loss'] = 'meanSquaredError',
    ): Promise<{loss: number; gradients: number[][]}> => {
      const {optimizer, read} = recorder();
      model.compile({optimizer, loss});
      const names = weightsOf(model).map(({name}) => name);
      const value = [await model.trainOnBatch(x, y)].flat()[0]!;
      const step = (await read())[0]!;
      optimizer.dispose();
      return {loss: value, gradients: names.map(name => Array.from(step[name] ?? []))};
    };
    const expectSame = (found: number[][], expected: number[][], digits = 4): void => {
      expect(found.map(g => g.length)).toEqual(expected.map(g => g.length));
      found.forEach((g, i) =>
        g.forEach((v, j) => expect(v).withContext(`weight ${i}, number ${j}`).toBeCloseTo(expected[i]![j]!, digits)),
      );
    };

    it('in a recurrent cell is one node a step, and enumerated it gives the exact gradient', async () => {
      const [batch, steps] = [2, 3];
      const model = sequential({layers: [rnnOf(1, 'enumerate', [steps, 1])]});
      const data = [0.4, -0.6, 1, 0.2, 0.9, -0.3];
      const target = [0.2, 0.8, 0.5, 0.7, 0.1, 0.4];
      const [x, y] = [tf.tensor3d(data, [batch, steps, 1]), tf.tensor3d(target, [batch, steps, 1])];
      const [kernel, bias] = await Promise.all(weightsOf(model).map(w => w.data()));
      const expectation = (k: ArrayLike<number>, b: number): number => {
        let sum = 0;
        for (let i = 0; i < batch; i++) {
          for (let all = 0; all < 1 << steps; all++) {
            let [p, state, cost] = [1, 0, 0];
            for (let t = 0; t < steps; t++) {
              const on = sigmoid(k[0]! * data[i * steps + t]! + k[1]! * state + b);
              state = (all >> t) & 1;
              p *= state === 1 ? on : 1 - on;
              cost += (state - target[i * steps + t]!) ** 2;
            }
            sum += (p * cost) / (batch * steps);
          }
        }
        return sum;
      };
      const h = 1e-4;
      const along = (i: number): number => {
        const at = (d: number): number =>
          expectation(
            [0, 1].map(j => kernel![j]! + (i === j ? d : 0)),
            bias![0]! + (i === 2 ? d : 0),
          );
        return (at(h) - at(-h)) / (2 * h);
      };
      const {loss, gradients} = await stepOf(model, x, y);
      expect(loss).toBeCloseTo(expectation(kernel!, bias![0]!), 5);
      expectSame(gradients, [[along(0), along(1)], [along(2)]]);
      tf.dispose([x, y]);
      model.dispose();
    });

    /** A model from an example's number, one-hot, to random bits at each of three steps, and its logits. */
    const sequence = (batch: number, estimator: st.EstimatorName): Sequential =>
      sequential({
        layers: [
          layers.dense({units: 3, inputShape: [batch], useBias: false, ...seeded(31)}),
          layers.reshape({targetShape: [3, 1]}),
          layers.timeDistributed({layer: stl.bernoulli({estimator, seed: 32})}),
        ],
      });
    const scaledLoss =
      (first: number) =>
      (y: tf.Tensor, b: tf.Tensor): tf.Tensor =>
        tf.mul(tf.square(tf.sub(b, y)), tf.tensor2d([[first], [2], [3]]));

    for (const batch of [3, 4]) {
      it(`in timeDistributed is a node a step, credited with the costs of its step alone, of ${batch} examples`, async () => {
        const [x, y] = [tf.tidy(() => tf.eye(batch)), tf.fill([batch, 3, 1], 0.3)];
        const all: number[][][] = [];
        for (const first of [1, 1e6]) {
          const model = sequence(batch, 'scoreFunction');
          all.push((await stepOf(model, x, y, scaledLoss(first))).gradients);
          model.dispose();
        }
        const [one, million] = all.map(([kernel]) => kernel!);
        one!.forEach((g, i) => {
          if (i % 3 === 0) expect(million![i]).not.toBeCloseTo(g, 2);
          else expect(million![i]).toBe(g);
        });
        for (const estimator of ['enumerate', 'leaveOneOut', 'disarm', 'vimco'] as const) {
          const model = sequence(batch, estimator);
          const logits = await weightsOf(model)[0]!.data();
          const {gradients} = await stepOf(model, x, y, scaledLoss(1));
          const exact = Array.from(logits, (l, i) => {
            const [p, scale] = [sigmoid(l), (i % 3) + 1];
            return (p * (1 - p) * scale * (0.7 ** 2 - 0.3 ** 2)) / (batch * 3);
          });
          if (estimator === 'enumerate') expectSame(gradients, [exact]);
          expect(gradients[0]!.every(g => Number.isFinite(g) && Math.abs(g) < 1)).toBeTrue();
          model.dispose();
        }
        tf.dispose([x, y]);
      });
    }

    it('in timeDistributed makes as many passes as its estimator has samples, however many steps there are', async () => {
      let passes = 0;
      const counting = (y: tf.Tensor, b: tf.Tensor): tf.Tensor => {
        passes++;
        return tf.square(tf.sub(b, y));
      };
      const [x, y] = [tf.tidy(() => tf.eye(2)), tf.fill([2, 3, 1], 0.3)];
      const model = sequence(2, 'leaveOneOut');
      await stepOf(model, x, y, counting);
      expect(passes).toBe(4);
      tf.dispose([x, y]);
      model.dispose();
    });

    it('that is used twice, or at each step, draws another time with another key', async () => {
      const here = input({shape: [64]});
      const shared = stl.bernoulli({estimator: 'scoreFunction', seed: 5});
      const outputs = [1, 2].map(() => shared.apply(here) as SymbolicTensor);
      const twice = functional({inputs: here, outputs});
      const steps = sequential({
        layers: [layers.timeDistributed({layer: stl.bernoulli({seed: 5}), inputShape: [2, 64]})],
      });
      const [a, b] = twice.apply(tf.zeros([1, 64]), {training: true}) as tf.Tensor[];
      const both = steps.apply(tf.zeros([1, 2, 64]), {training: true}) as tf.Tensor;
      const expected = [0, 1].map(call =>
        new st.Bernoulli({logits: tf.zeros([1, 64])}).sample([], {key: st.random.foldIn(st.random.key(5), call)}),
      );
      const drawn = await Promise.all(expected.map(t => t.data()));
      expect(Array.from(drawn[0]!)).not.toEqual(Array.from(drawn[1]!));
      expect(Array.from(await a!.data())).toEqual(Array.from(drawn[0]!));
      expect(Array.from(await b!.data())).toEqual(Array.from(drawn[1]!));
      expect(Array.from(await both.data())).toEqual(drawn.flatMap(d => Array.from(d)));
      tf.dispose([a!, b!, both, ...expected]);
    });

    const hidden = (): Layer[] => [
      layers.dense({units: 3, inputShape: [2], ...seeded(41)}),
      layers.batchNormalization(),
      stl.bernoulli({estimator: 'leaveOneOut', seed: 42}),
    ];
    const seen = (): Layer[] => [
      layers.dense({units: 4, inputShape: [3], ...seeded(43)}),
      stl.normal({seed: 44}),
      layers.batchNormalization(),
      layers.dense({units: 1, ...seeded(45)}),
    ];
    const nested: Record<string, () => Sequential> = {
      'sequential models': () =>
        sequential({layers: [sequential({layers: hidden()}), sequential({layers: [sequential({layers: seen()})]})]}),
      'functional models': () => {
        const wrap = (list: Layer[], size: number): LayersModel => {
          const here = input({shape: [size]});
          return functional({
            inputs: here,
            outputs: list.reduce((h, layer) => layer.apply(h) as SymbolicTensor, here),
          });
        };
        return sequential({layers: [wrap(hidden(), 2), wrap(seen(), 3)]});
      },
    };
    for (const [name, make] of Object.entries(nested)) {
      it(`inside of ${name} is what it is outside, beside statistics of the batch too`, async () => {
        spyOn(console, 'warn'); // that they couple examples
        const [x, y] = [tf.tensor2d([0.2, -1, 0.5, 1, 0.7, 0.1], [3, 2]), tf.tensor2d([[1], [0], [0.5]])];
        const [flat, within] = [sequential({layers: [...hidden(), ...seen()]}), make()];
        const [expected, found] = [await stepOf(flat, x, y), await stepOf(within, x, y)];
        expect(found.loss).toBeCloseTo(expected.loss, 5);
        expectSame(found.gradients, expected.gradients, 5);
        const statistics = async (model: LayersModel): Promise<number[][]> =>
          Promise.all(model.nonTrainableWeights.map(async w => Array.from(await w.read().data())));
        expectSame(await statistics(within), await statistics(flat), 5);
        tf.dispose([x, y]);
        [flat, within].forEach(m => m.dispose());
      });
    }

    it('is credited with all outputs behind it, and with no other', async () => {
      const here = input({shape: [2], name: 'data'});
      const z = stl
        .bernoulli({estimator: 'enumerate', seed: 1})
        .apply(layers.dense({units: 1, ...seeded(51)}).apply(here)) as SymbolicTensor;
      const [a, b] = ['a', 'b'].map(
        (name, i) =>
          layers
            .dense({units: 1, activation: 'sigmoid', name: `${name}OfZ`, ...seeded(52 + i)})
            .apply(z) as SymbolicTensor,
      );
      const side = layers.dense({units: 1, name: 'besideZ', ...seeded(54)}).apply(here) as SymbolicTensor;
      const model = functional({inputs: here, outputs: [a!, b!, side]});
      const [x, y] = [tf.tensor2d([0.2, -1, 0.5, 1, 0.7, 0.1], [3, 2]), tf.tensor2d([[1], [0], [0.5]])];
      const loss = {aOfZ: 'meanSquaredError', bOfZ: 'binaryCrossentropy', besideZ: 'meanSquaredError'};
      const {gradients, loss: total} = await stepOf(model, x, [y, y, y], loss);
      const [dense, , headA, headB, beside] = model.layers.slice(1);
      const byHand = tf.variableGrads(() => {
        const p = tf.sigmoid(dense!.apply(x) as tf.Tensor);
        const costs = [0, 1].map(value => {
          const bit = tf.fill([3, 1], value);
          const [o, q] = [headA!, headB!].map(head => head.apply(bit) as tf.Tensor);
          const entropy = tf.neg(tf.add(tf.mul(y, tf.log(q!)), tf.mul(tf.sub(1, y), tf.log(tf.sub(1, q!)))));
          return tf.mul(value === 1 ? p : tf.sub(1, p), tf.add(tf.square(tf.sub(o!, y)), entropy));
        });
        return tf.mean<tf.Scalar>(tf.addN([...costs, tf.square(tf.sub(beside!.apply(x) as tf.Tensor, y))]));
      }, weightsOf(model));
      expect(total).toBeCloseTo((await byHand.value.data())[0]!, 4);
      expectSame(
        gradients,
        await Promise.all(weightsOf(model).map(async w => Array.from(await byHand.grads[w.name]!.data()))),
      );
      tf.dispose([x, y, byHand]);
      model.dispose();
    });

    it('is differentiated twice where a loss holds a gradient of the model', async () => {
      const make = (): Sequential =>
        sequential({
          layers: [
            layers.dense({units: 4, inputShape: [2], ...seeded(61)}),
            stl.normal({seed: 62}),
            layers.dense({units: 1, activation: 'tanh', ...seeded(63)}),
          ],
        });
      const x = tf.tensor2d([0.2, -1, 0.5, 1, 0.7, 0.1], [3, 2]);
      /** Its own draws, with the keys of the calls behind those of the model's pass. */
      const penalty = (model: Sequential): tf.Tensor => {
        const slope = tf.grad((u: tf.Tensor) => tf.sum(model.apply(u, {training: true}) as tf.Tensor))(x);
        return tf.sum(tf.square(slope), -1);
      };
      const model = make();
      const y = tf.tensor2d([[1], [0], [0.5]]);
      const loss = (target: tf.Tensor, p: tf.Tensor): tf.Tensor =>
        tf.add(tf.mean(tf.square(tf.sub(p, target)), -1), penalty(model));
      const {gradients} = await stepOf(model, x, y, loss);
      const h = 1e-2;
      const at = async (weight: number, element: number, by: number): Promise<number> => {
        const moved = make();
        const variable = weightsOf(moved)[weight]!;
        const values = (await variable.data()).slice();
        values[element]! += by;
        const changed = tf.tensor(values, variable.shape);
        variable.assign(changed);
        const value = tf.tidy(() => {
          const p = moved.apply(x, {training: true}) as tf.Tensor;
          return tf.mean(tf.add(tf.mean(tf.square(tf.sub(p, y)), -1), penalty(moved)));
        });
        const found = (await value.data())[0]!;
        tf.dispose([changed, value]);
        moved.dispose();
        return found;
      };
      for (const [weight, element] of [
        [0, 0],
        [0, 2],
        [0, 5],
        [1, 1],
        [1, 3],
        [2, 0],
      ] as const) {
        const slope = ((await at(weight, element, h)) - (await at(weight, element, -h))) / (2 * h);
        expect(gradients[weight]![element]!).withContext(`weight ${weight}, element ${element}`).toBeCloseTo(slope, 2);
      }
      tf.dispose([x, y]);
      model.dispose();
    });

    const trained = (
      code: stl.StochasticLayer,
      optimizer: Parameters<LayersModel['compile']>[0]['optimizer'],
      loss?: (model: Sequential) => (y: tf.Tensor, p: tf.Tensor) => tf.Tensor,
    ): Promise<unknown> => {
      const model = sequential({
        layers: [
          layers.dense({units: 2, inputShape: [2]}),
          code,
          layers.reshape({targetShape: [2, 1]}),
          layers.flatten(),
          layers.dense({units: 1}),
        ],
      });
      model.compile({optimizer, loss: loss?.(model) ?? 'meanSquaredError'});
      return model.trainOnBatch(tf.ones([3, 2]), tf.ones([3, 1]));
    };

    it('says what is wrong in the name of the layer', async () => {
      const name = 'z';
      await expectAsync(trained(stl.bernoulli({estimator: 'leaveOneOut', name}), 'sgd')).toBeRejectedWithError(
        /^stl layer "z": draws several samples, .* compile with st\.stochasticOptimizer/,
      );
      await expectAsync(trained(stl.bernoulli({name}), 'sgd')).toBeRejectedWithError(
        /^node "z": its estimator "scoreFunction" adds .* wrap the optimizer/,
      );
      const right = (): st.StochasticOptimizer => st.stochasticOptimizer(tf.train.sgd(0.1));
      await expectAsync(trained(stl.bernoulli({estimator: 'pathwise', name}), right())).toBeRejectedWithError(
        /^stl layer "z": estimator "pathwise" needs a reparameterised distribution .*, got Independent\(Bernoulli\)/,
      );
      const slopes =
        (model: Sequential) =>
        (y: tf.Tensor): tf.Tensor =>
          tf.add(y, tf.grad((u: tf.Tensor) => tf.sum(model.apply(u, {training: true}) as tf.Tensor))(tf.ones([3, 2])));
      await expectAsync(trained(stl.bernoulli({name}), right(), slopes)).toBeRejectedWithError(
        /the draw of node "z" \(estimator "scoreFunction"\) is a constant for it/,
      );
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
