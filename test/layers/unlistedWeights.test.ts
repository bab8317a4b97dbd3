import * as tf from '@tensorflow/tfjs-core';
import {layers, RNN, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../helpers/backends.js';

type Kwargs = {training?: boolean};

/** Applies the layers that it is given, and lists the weights of some of them. */
class Holder extends layers.Layer {
  static className = 'HolderOfTest';
  readonly stateSize = 2;
  readonly #hidden: readonly layers.Layer[];
  readonly parts: readonly layers.Layer[] | undefined;
  constructor(
    name: string,
    parts: readonly layers.Layer[],
    readonly lists: {readonly trained?: boolean; readonly remembered?: boolean; readonly isHidden?: boolean} = {},
  ) {
    super({name});
    this.#hidden = parts;
    this.parts = lists.isHidden === true ? undefined : parts;
  }
  override get trainableWeights(): layers.Layer['trainableWeights'] {
    return this.lists.trained === true ? this.#hidden.flatMap(one => one.trainableWeights) : [];
  }
  override get nonTrainableWeights(): layers.Layer['nonTrainableWeights'] {
    return this.lists.remembered === true ? this.#hidden.flatMap(one => one.nonTrainableWeights) : [];
  }
  override build(): void {
    for (const one of this.#hidden.filter(({built}) => !built)) {
      one.build([null, 2]);
      one.built = true;
    }
    this.built = true;
  }
  override computeOutputShape(): number[] {
    return [null as never, 2]; // tfjs's type has no batch
  }
  #apply(x: tf.Tensor, kwargs: Kwargs): tf.Tensor {
    return this.#hidden.reduce((h, layer) => layer.apply(h, {...kwargs}) as tf.Tensor, x);
  }
  override call(inputs: tf.Tensor | tf.Tensor[], kwargs: Kwargs): tf.Tensor | tf.Tensor[] {
    if (!Array.isArray(inputs) || inputs.length === 1) return this.#apply([inputs].flat()[0]!, kwargs);
    const value = this.#apply(tf.add(inputs[0]!, tf.mul(inputs[1]!, 0.1)), kwargs); // a step
    return [value, value];
  }
}

const inLayer = (holder: Holder): Sequential =>
  sequential({layers: [layers.dense({units: 2, inputShape: [2]}), holder, layers.dense({units: 1})]});
const inCell = (cell: Holder): Sequential =>
  sequential({
    // a cell of one's own has no more than it needs
    layers: [layers.dense({units: 2, inputShape: [3, 2]}), new RNN({cell: cell as never}), layers.dense({units: 1})],
  });
const flipout = (): layers.Layer => stl.denseFlipout({units: 2, name: 'w', klWeight: 0.1, seed: 1});
const bits = (): layers.Layer => stl.bernoulli({name: 'b', estimator: 'movingAverage'});

describeBackends(
  'what is said of weights that nobody lists',
  () => {
    let warn: jasmine.Spy;
    beforeEach(() => (warn = spyOn(console, 'warn')));

    /** What two steps say. */
    async function told(model: Sequential): Promise<string[]> {
      warn.calls.reset();
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0.1));
      model.compile({optimizer, loss: 'meanSquaredError'});
      const x = tf.ones([2, ...model.inputs[0]!.shape.slice(1).map(d => d!)]);
      const y = tf.ones([2, 1]);
      await model.trainOnBatch(x, y);
      await model.fit(x, y, {epochs: 1, verbose: 0});
      tf.dispose([x, y]);
      model.dispose();
      optimizer.dispose();
      return warn.calls.allArgs().map(([text]) => String(text));
    }

    for (const [where, make] of [
      ['a layer', inLayer],
      ['a cell', inCell],
    ] as const) {
      it(`names both layers, once, where ${where} holds random weights`, async () => {
        const said = await told(make(new Holder('mine', [flipout()])));
        expect(said.length).toBe(1);
        expect(said[0]).toMatch(
          /layer "mine" holds layer "w", whose weights [^;]*kernel[^;]* are not trained and not saved, unless its trainableWeights list them; [^;]*counters are not saved, unless its nonTrainableWeights list them$/,
        );
      });

      it(`is nothing where ${where} lists them`, async () => {
        const lists = {trained: true, remembered: true};
        expect(await told(make(new Holder('mine', [flipout(), layers.dense({units: 2}), bits()], lists)))).toEqual([]);
      });
    }

    it('is of what an estimator remembers, too', async () => {
      const said = await told(inLayer(new Holder('mine', [bits()], {trained: true})));
      expect(said.length).toBe(1);
      expect(said[0]).toMatch(
        /^[^;]*layer "mine" holds layer "b", whose weights \S*state_0_\S*[^;]* are not saved,[^;]*$/,
      );
    });

    it('is of layers without randomness that stand beside a random one, and of no others', async () => {
      const said = await told(inLayer(new Holder('mine', [layers.dense({units: 2, name: 'd'}), flipout()])));
      expect(said.map(text => /holds layer "(\w)"/.exec(text)?.[1])).toEqual(['w', 'd']);
      expect(await told(inLayer(new Holder('mine', [layers.dense({units: 2})])))).toEqual([]);
    });

    it('is of the one that does not list, where models and layers that do hold one another', async () => {
      const inner = sequential({layers: [layers.dense({units: 2, inputShape: [2]}), flipout()]});
      const outer = new Holder('outer', [new Holder('inner', [inner], {trained: true, remembered: true})]);
      const said = await told(inLayer(outer));
      expect(said[0]).toContain('layer "outer" holds layer "w"');
    });

    it('is of layers in private fields', async () => {
      const said = await told(inLayer(new Holder('mine', [flipout()], {isHidden: true})));
      expect(said.some(text => /something in model "\w+" holds layer "w"/.test(text))).toBeTrue();
    });

    it('is nothing of the layers of tfjs that wrap others, and of layers without weights', async () => {
      const model = sequential({
        layers: [
          layers.timeDistributed({layer: stl.denseFlipout({units: 2, klWeight: 0.1, seed: 2}), inputShape: [3, 2]}),
          stl.variational(
            layers.bidirectional({
              layer: layers.gru({units: 2, recurrentInitializer: 'glorotUniform'}),
              mergeMode: 'sum',
            }),
            {klWeight: 0.1},
          ),
          layers.dense({units: 1}),
        ],
      });
      expect(await told(model)).toEqual([]);
      expect(await told(inLayer(new Holder('mine', [stl.bernoulli()])))).toEqual([]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
