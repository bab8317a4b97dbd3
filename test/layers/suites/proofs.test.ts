/**
 * Every registered estimator in a layer that it serves, whatever layers stand behind it: the mean of the gradients inside
 * `fit` is the exact one. An estimator is judged here from the day that it is registered.
 */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, layers, sequential, type LayerVariable, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends} from '../../helpers/backends.js';
import {sigmoid} from '../../helpers/estimates.js';
import {momentsOf, perExample, recorder, seeded, zOf} from '../models.js';

const full = process.env.FULL === '1';
type Layer = Parameters<Sequential['add']>[0];

/** Layers from `[batch, n]` numbers to `[batch, 2]`. */
type Behind = (n: number) => Layer[];

const start = (seed: number) => ({...seeded(seed), biasInitializer: initializers.randomUniform({seed})});
const recurrent = (seed: number) => ({
  ...start(seed),
  recurrentInitializer: initializers.glorotUniform({seed: seed + 1}),
});
const out = (): Layer => layers.dense({units: 2, activation: 'tanh', ...start(9)});
const steps = (n: number): Layer => layers.reshape({targetShape: [n, 1]});

const behind: Record<string, Behind> = {
  dense: () => [layers.dense({units: 3, activation: 'tanh', ...start(1)}), out()],
  'reshape and flatten': n => [steps(n), layers.flatten(), out()],
  conv1d: n => [
    steps(n),
    layers.conv1d({filters: 2, kernelSize: Math.min(n, 2), ...start(2)}),
    layers.flatten(),
    out(),
  ],
  conv2d: n => [
    layers.reshape({targetShape: [n, 1, 1]}),
    layers.conv2d({filters: 2, kernelSize: [Math.min(n, 2), 1], ...start(3)}),
    layers.flatten(),
    out(),
  ],
  softmax: () => [layers.dense({units: 2, ...start(4)}), layers.softmax()],
  layerNormalization: () => [layers.dense({units: 3, ...start(5)}), layers.layerNormalization(), out()],
  simpleRNN: n => [steps(n), layers.simpleRNN({units: 2, ...recurrent(6)})],
  gru: n => [steps(n), layers.gru({units: 2, ...recurrent(7)})],
  'lstm and timeDistributed': n => [
    steps(n),
    layers.lstm({units: 2, returnSequences: true, ...recurrent(8)}),
    layers.timeDistributed({layer: out()}),
    layers.globalAveragePooling1d(),
  ],
  bidirectional: n => [
    steps(n),
    layers.bidirectional({layer: layers.gru({units: 1, ...recurrent(10)}), mergeMode: 'concat'}),
  ],
  embedding: () => [
    layers.embedding({
      inputDim: 3,
      outputDim: 2,
      embeddingsInitializer: initializers.randomUniform({seed: 11, minval: -1, maxval: 1}),
    }),
    layers.flatten(),
    out(),
  ],
  'a model': n => [sequential({layers: [layers.dense({units: 2, inputShape: [n], ...start(12)}), out()]})],
};

/** A family with few parameters, and what it gives out with which probability or, in steps, density. */
interface Family {
  readonly layer: (options: stl.StochasticLayerArgs) => stl.StochasticLayer;
  /** As the layer reads them. */
  readonly params: number[];
  /** Values whose weighted costs add up to the expected cost. */
  readonly values: number[][];
  readonly weight: (x: readonly number[], params: readonly number[]) => number;
  readonly distribution: () => st.Distribution;
}

const softplus = (x: number): number => Math.log1p(Math.exp(x));
const softmax = (l: readonly number[], k: number): number => Math.exp(l[k]!) / l.reduce((s, x) => s + Math.exp(x), 0);
const lgamma = (n: number): number => Array.from({length: n}, (_, i) => Math.log(i + 1)).reduce((a, b) => a + b, 0);
/** Midpoints of cells of equal width, which is the weight of each. */
const CELLS = 2000;
const grid = (from: number, to: number): number[][] =>
  Array.from({length: CELLS}, (_, i) => [from + ((i + 0.5) * (to - from)) / CELLS]);

const families: Record<string, Family> = {
  bernoulli: {
    layer: stl.bernoulli,
    params: [0.4, -0.7],
    values: [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ],
    weight: (b, l) => b.reduce((p, bit, i) => p * (bit === 1 ? sigmoid(l[i]!) : 1 - sigmoid(l[i]!)), 1),
    distribution: () => st.independent(new st.Bernoulli({logits: [0.4, -0.7]}), 1),
  },
  oneHotCategorical: {
    layer: stl.oneHotCategorical,
    params: [0.4, -0.7, 0.2],
    values: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
    weight: (x, l) => softmax(l, x.indexOf(1)),
    distribution: () => new st.OneHotCategorical({logits: [0.4, -0.7, 0.2]}),
  },
  categorical: {
    layer: options => stl.categorical({classes: 3, ...options}),
    params: [0.4, -0.7, 0.2],
    values: [[0], [1], [2]],
    weight: ([k], l) => softmax(l, k!),
    distribution: () => st.independent(new st.Categorical({logits: [[0.4, -0.7, 0.2]]}), 1),
  },
  normal: {
    layer: stl.normal,
    params: [0.3, 0.2],
    values: grid(-9, 9),
    weight: ([x], [m, r]) =>
      ((18 / CELLS) * Math.exp(-0.5 * ((x! - m!) / softplus(r!)) ** 2)) / (softplus(r!) * Math.sqrt(2 * Math.PI)),
    distribution: () => st.independent(new st.Normal({loc: [0.3], scale: [1]}), 1),
  },
  laplace: {
    layer: stl.laplace,
    params: [0.3, -0.5],
    values: grid(-12, 12),
    weight: ([x], [m, r]) => ((24 / CELLS) * Math.exp(-Math.abs(x! - m!) / softplus(r!))) / (2 * softplus(r!)),
    distribution: () => st.independent(new st.Laplace({loc: [0.3], scale: [1]}), 1),
  },
  exponential: {
    layer: stl.exponential,
    params: [0.8],
    values: grid(0, 20),
    weight: ([x], [r]) => (20 / CELLS) * softplus(r!) * Math.exp(-x! * softplus(r!)),
    distribution: () => st.independent(new st.Exponential({rate: [1]}), 1),
  },
  poisson: {
    layer: stl.poisson,
    params: [0.3],
    values: Array.from({length: 30}, (_, k) => [k]),
    weight: ([k], [l]) => Math.exp(k! * l! - Math.exp(l!) - lgamma(k!)),
    distribution: () => st.independent(new st.Poisson({rate: [1]}), 1),
  },
};

/** Parameters of its own for each example, so that their gradient holds one estimate an example. */
class ExampleParameters extends layers.Layer {
  static className = 'ExampleParameters';
  readonly #n: number;
  readonly #params: readonly number[];
  #rows: LayerVariable | null = null;

  constructor(n: number, params: readonly number[]) {
    super({inputShape: [1]});
    this.#n = n;
    this.#params = params;
  }

  override build(shape: number[]): void {
    const size = this.#params.length;
    this.#rows = this.addWeight('rows', [this.#n, size], 'float32', initializers.zeros());
    const rows = tf.tidy(() => tf.tile(tf.tensor2d([[...this.#params]]), [this.#n, 1]));
    this.#rows.write(rows);
    rows.dispose();
    super.build(shape);
  }

  override call(): tf.Tensor {
    return tf.clone(this.#rows!.read()); // built before it is called
  }

  override computeOutputShape(): [null, number] {
    return [null, this.#params.length];
  }
}

/** Indices are no numbers to compute with, and only few families have them. */
const fits = (name: string, family: string): boolean =>
  name === 'embedding' ? ['bernoulli', 'categorical'].includes(family) : true;
/** Estimators that differentiate the cost in the value, beside those whose draws do; relax takes it at a network. */
const DIFFERENTIATE = ['doubleCv', 'muProp', 'rebar', 'rodeo'] as const;
/** An embedding has no derivative in what it is given. */
const needsDerivative = (estimator: st.Estimator): boolean =>
  estimator.differentiable || DIFFERENTIATE.some(name => name === estimator.name);

describeBackends(
  'the mean of gradients inside fit',
  () => {
    const n = full ? 2500 : 128;
    const rounds = full ? 8 : 4;

    /** Largest distance between the mean of the estimates and the exact gradient, in standard errors. */
    async function judge(
      family: Family,
      estimator: string | st.Estimator | st.LossFunction,
      rest: Layer[],
    ): Promise<number> {
      st.random.setSeed(1);
      const {optimizer, read} = recorder();
      const layer = family.layer({estimator: estimator, seed: 3});
      const model = sequential({layers: [new ExampleParameters(n, family.params), layer, ...rest]});
      for (const after of rest) after.trainable = false; // their gradients are judged elsewhere
      const target = [0.3, 0.6];
      const costs = tf.tidy(() => {
        const x = tf.tensor2d(family.values);
        const y = rest.reduce<tf.Tensor>((h, l) => l.apply(h, {training: true}) as tf.Tensor, x);
        return tf.mean(tf.square(tf.sub(y, tf.tensor1d(target))), -1);
      });
      const cost = await costs.data();
      const expected = (params: readonly number[]): number =>
        family.values.reduce((sum, x, i) => sum + family.weight(x, params) * cost[i]!, 0);
      const exact = family.params.map((_, i) => {
        const at = (h: number): number => expected(family.params.map((p, j) => (i === j ? p + h : p)));
        return (at(1e-3) - at(-1e-3)) / 2e-3;
      });
      model.compile({optimizer, loss: 'meanSquaredError'});
      const [x, y] = tf.tidy(() => [tf.zeros([n, 1]), tf.tile(tf.tensor2d([target]), [n, 1])]);
      try {
        for (let i = 0; i < rounds; i++) await model.fit(x, y, {epochs: 1, batchSize: n, shuffle: false, verbose: 0});
        const name = (model.trainableWeights[0]!.read() as tf.Variable).name;
        const found = (await read()).flatMap(step => perExample(step[name]!, n));
        expect(found.length).toBe(n * rounds);
        return zOf(momentsOf(found), exact);
      } finally {
        tf.dispose([x, y, costs]);
        model.dispose();
        optimizer.dispose();
      }
    }

    const tails = Object.keys(behind);
    const of = (name: string, tail: string): Layer[] => behind[tail]!(families[name]!.values[0]!.length);
    st.estimators.names().forEach((name, turn) => {
      const estimator = st.estimators.get(name);
      const served = Object.keys(families).filter(family =>
        tf.tidy(() => estimator.requires.accepts(families[family]!.distribution())),
      );
      estimator.dispose?.();
      const pairs = served
        .flatMap(family => tails.map(tail => [family, tail] as const))
        .filter(([family, tail]) => fits(tail, family) && !(tail === 'embedding' && needsDerivative(estimator)));
      // in brief one for each estimator, another one for each
      const chosen = full ? pairs : pairs.slice((turn * 5) % Math.max(1, pairs.length)).slice(0, 1);
      for (const [family, tail] of chosen) {
        it(`of ${name} on ${family} behind ${tail} is the exact one`, async () => {
          const z = await judge(families[family]!, name, of(family, tail));
          if (full) console.log(`${name},${family},${tail},${z.toFixed(2)}`);
          if (estimator.bias === 'unbiased') expect(z).toBeLessThan(4.5);
          else expect(Number.isFinite(z)).toBeTrue();
        });
      }
    });

    it('is refused in one sentence where a derivative is asked of an embedding', async () => {
      for (const name of DIFFERENTIATE)
        await expectAsync(judge(families['bernoulli']!, name, of('bernoulli', 'embedding')))
          .withContext(name)
          .toBeRejectedWithError(/^tf.gather: there is no derivative in the indices/);
    });

    it('has a test that can fail: a surrogate that is too small by half is caught', async () => {
      const half: st.LossFunction = (node, value, cost) =>
        tf.mul(tf.mul((node as st.DistributionTensor).distribution.logProb(value), cost), 0.5);
      expect(await judge(families['bernoulli']!, half, of('bernoulli', 'gru'))).toBeGreaterThan(4.5);
    });
  },
  {inBrief: [], inNode: ['cpu'], only: full ? ['wasm'] : ['cpu']},
);
