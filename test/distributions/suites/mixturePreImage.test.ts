/** Mixtures of components that saturate: what was drawn is kept, and asked of all components. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from '../../../src/index.js';
import {describeBackends, gpuOf, inBrief, sizeFor} from '../../helpers/backends.js';
import {expectNear, read} from '../../helpers/near.js';

const {
  bijectors: b,
  Categorical,
  Independent,
  LogitNormal,
  LogNormal,
  Mixture,
  MixtureSameFamily,
  Normal,
  TransformedDistribution,
} = st;
const key = st.random.key(5);
const LOGITS = [0, 0.5];
const LOCS = [0.3, -1];
const SCALE = Math.exp(2);

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
/** ln g′(x), and its slope. */
const maps = {
  tanh: {
    make: () => new b.Tanh(),
    volume: (x: number) => 2 * (Math.LN2 - x - softplus(-2 * x)),
    slope: (x: number) => -2 * Math.tanh(x),
  },
  logistic: {volume: (x: number) => -softplus(x) - softplus(-x), slope: (x: number) => -Math.tanh(x / 2)},
  exp: {volume: (x: number) => x, slope: () => 1},
  chain: {
    make: () => new b.Chain([new b.Shift({shift: 1}), new b.Scale({scale: 3}), new b.Tanh()]),
    volume: (x: number) => Math.log(3) + 2 * (Math.LN2 - x - softplus(-2 * x)),
    slope: (x: number) => -2 * Math.tanh(x),
  },
};
const cat = () => new Categorical({logits: LOGITS});
const mapped = (distribution: st.Distribution, bijector = maps.tanh.make() as st.bijectors.Bijector) =>
  new TransformedDistribution({distribution, bijector});
const normals = (loc: tf.Tensor) => new Normal({loc, scale: SCALE});
const same = (componentsDistribution: st.Distribution) =>
  new MixtureSameFamily({mixtureDistribution: cat(), componentsDistribution});
const events = (d: st.Distribution) => new Independent({distribution: d});
const column = (loc: tf.Tensor) => normals(tf.reshape(loc, [2, 1]));
const each = (loc: tf.Tensor, make: (l: tf.Tensor) => st.Distribution) =>
  new Mixture({cat: cat(), components: tf.unstack(loc).map(make)});

interface Case {
  /** The mixture of two, and that of what the map is applied to: the same draws. */
  readonly make: (loc: tf.Tensor) => st.Distribution;
  readonly base: (loc: tf.Tensor) => st.Distribution;
  readonly map: {volume(x: number): number; slope(x: number): number};
}
const of: Record<string, Case> = {
  'MixtureSameFamily of tanh': {
    make: loc => same(mapped(normals(loc))),
    base: loc => same(normals(loc)),
    map: maps.tanh,
  },
  'MixtureSameFamily of a chain that ends in tanh': {
    make: loc => same(mapped(normals(loc), maps.chain.make())),
    base: loc => same(normals(loc)),
    map: maps.chain,
  },
  'MixtureSameFamily of tanh of shifted noise': {
    make: loc =>
      same(
        mapped(
          new Normal({loc: tf.zeros([2]), scale: 1}),
          new b.Chain([new b.Tanh(), new b.Affine({shift: loc, scale: SCALE})]),
        ),
      ),
    base: loc => same(normals(loc)),
    map: maps.tanh,
  },
  'MixtureSameFamily of Independent of tanh': {
    make: loc => same(events(mapped(column(loc)))),
    base: loc => same(events(column(loc))),
    map: maps.tanh,
  },
  'MixtureSameFamily of tanh of Independent': {
    make: loc => same(mapped(events(column(loc)))),
    base: loc => same(events(column(loc))),
    map: maps.tanh,
  },
  'MixtureSameFamily of LogitNormal': {
    make: loc => same(new LogitNormal({loc, scale: SCALE})),
    base: loc => same(normals(loc)),
    map: maps.logistic,
  },
  'MixtureSameFamily of LogNormal': {
    make: loc => same(new LogNormal({loc, scale: tf.scalar(SCALE)})),
    base: loc => same(normals(loc)),
    map: maps.exp,
  },
  'Mixture of tanh': {make: loc => each(loc, l => mapped(normals(l))), base: loc => each(loc, normals), map: maps.tanh},
  'Mixture of LogitNormal': {
    make: loc => each(loc, l => new LogitNormal({loc: l, scale: SCALE})),
    base: loc => each(loc, normals),
    map: maps.logistic,
  },
  'a scaled MixtureSameFamily of tanh': {
    make: loc => mapped(same(mapped(normals(loc))), new b.Scale({scale: -2})),
    base: loc => same(normals(loc)),
    map: {...maps.tanh, volume: x => Math.LN2 + maps.tanh.volume(x)},
  },
  'Independent of Mixture of tanh': {
    make: loc => events(each(loc, l => mapped(normals(tf.reshape(l, [1]))))),
    base: loc => events(each(loc, l => normals(tf.reshape(l, [1])))),
    map: maps.tanh,
  },
};

const [w0, w1] = LOGITS.map(l => Math.exp(l) / LOGITS.reduce((sum, a) => sum + Math.exp(a), 0)) as [number, number];
const density = (x: number, loc: number) =>
  Math.exp(-0.5 * ((x - loc) / SCALE) ** 2) / (SCALE * Math.sqrt(2 * Math.PI));
/** ln p of the normals, what each has of it, and its slope. */
function ofNormals(x: number): {logProb: number; shares: number[]; slope: number} {
  const parts = [w0 * density(x, LOCS[0]!), w1 * density(x, LOCS[1]!)];
  const p = parts[0]! + parts[1]!;
  const shares = parts.map(v => v / p);
  return {
    logProb: Math.log(p),
    shares,
    slope: shares.reduce((sum, r, k) => sum - (r * (x - LOCS[k]!)) / SCALE ** 2, 0),
  };
}

describeBackends(
  'pre-images of draws from mixtures',
  backend => {
    const n = sizeFor({cpu: 256, wasm: 256, webgl: 64, webgpu: 64});

    for (const [name, {make, base, map}] of Object.entries(of)) {
      if (inBrief && backend !== gpuOf(name)) continue;
      it(`give ${name} finite and exact log-probabilities and derivatives where the map has saturated`, async () => {
        const loc = tf.variable(tf.tensor1d(LOCS));
        const x = await read(tf.tidy(() => base(loc).sample(n, {key})));
        const all = x.map(ofNormals);
        const exact = x.map((v, i) => all[i]!.logProb - map.volume(v));
        const before = tf.memory().numTensors;
        const both = tf.tidy(() => make(loc).sampleAndLogProb(n, {key}));
        expect(tf.memory().numTensors - before)
          .withContext('tensors')
          .toBe(2);
        expectNear(await read(both.logProb), exact, 'sampleAndLogProb', false, 2e-5);
        expectNear(await read(both.value), await read(tf.tidy(() => make(loc).sample(n, {key}))), 'value');

        const step = (estimator: string, cost: (node: st.DistributionTensor) => tf.Tensor) => {
          const {value, grads} = st.variableGrads(
            () => cost(new st.DistributionTensor(make(loc), {estimator, key, valueType: st.sampleValue(n)})),
            [loc],
          );
          value.dispose();
          return read(grads[loc.name]!);
        };
        const mean = (f: (i: number, k: number) => number) =>
          LOCS.map((_, k) => x.reduce((sum, __, i) => sum + f(i, k), 0) / n);
        const score = (i: number, k: number) => (all[i]!.shares[k]! * (x[i]! - LOCS[k]!)) / SCALE ** 2;
        // the value is held: a constant cost of each draw
        expectNear(
          await step('scoreFunction', node => tf.add(tf.linspace(-1, 1, n), tf.mul(0, node.logProb()))),
          mean((i, k) => (-1 + (2 * i) / (n - 1)) * score(i, k)),
          'score function',
          false,
          1e-4,
        );
        // along the path, dx/dloc is the share of each component (Figurnov et al. 2018)
        if (tf.tidy(() => make(loc).isReparameterized)) {
          expectNear(
            await step('pathwise', node => node.logProb()),
            mean((i, k) => score(i, k) + (all[i]!.slope - map.slope(x[i]!)) * all[i]!.shares[k]!),
            'pathwise',
            false,
            1e-4,
          );
        }
        loc.dispose();
      });
    }

    it('give relaxed families finite log-probabilities', async () => {
      for (const part of [
        new st.RelaxedBernoulli({logits: [3, -3], temperature: 0.05}),
        new st.RelaxedOneHotCategorical({
          logits: [
            [3, 0, -3],
            [-3, 3, 0],
          ],
          temperature: 0.05,
        }),
      ]) {
        const {value, logProb} = tf.tidy(() => same(part).sampleAndLogProb(n, {key}));
        expect((await read(logProb)).every(Number.isFinite))
          .withContext(part.name)
          .toBeTrue();
        expect((await read(value)).every(v => v > 0 && v < 1 + 1e-6))
          .withContext(part.name)
          .toBeTrue();
      }
    });

    it('are not taken for maps that differ from component to component', async () => {
      const scaled = same(
        mapped(new Normal({loc: [0, 1], scale: 1}), new b.Chain([new b.Scale({scale: [2, 3]}), new b.Tanh()])),
      );
      expect(scaled.preImage()).toBeNull();
      expect(
        new Mixture({
          cat: cat(),
          components: [mapped(new Normal({loc: 0, scale: 1})), new LogitNormal({loc: 0, scale: 1})],
        }).preImage(),
      ).toBeNull();
      // where nothing saturates the log-probability of a draw is that of its value
      const {value, logProb} = tf.tidy(() => scaled.sampleAndLogProb(8, {key}));
      const again = await read(scaled.logProb(value));
      expectNear(await read(logProb), again, 'logProb', false, 1e-4);
      value.dispose();
    });
  },
  {inBrief: ['webgl']},
);
