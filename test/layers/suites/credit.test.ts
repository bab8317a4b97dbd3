/** Inside `fit` every example's draws are credited with that example's cost, and the gradient is right. */
import * as tf from '@tensorflow/tfjs-core';
import {
  input,
  layers,
  metrics,
  model as functional,
  regularizers,
  sequential,
  type SymbolicTensor,
} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, sizeFor} from '../../helpers/backends.js';
import {
  bitCost,
  bitLoss,
  bitModel,
  exactBits,
  LOGITS,
  momentsOf,
  perExample,
  recorder,
  rows,
  targets,
  zOf,
} from '../models.js';

const Y = 0.3;

describeBackends(
  'the gradient inside fit',
  () => {
    const N = sizeFor({cpu: 256, wasm: 256, webgl: 128, webgpu: 128});
    const steps = sizeFor({cpu: 16, wasm: 16, webgl: 4, webgpu: 4});
    let x: tf.Tensor;
    let y: tf.Tensor;
    beforeAll(() => {
      x = tf.tidy(() => tf.eye(N));
      y = targets(N, Y);
    });
    afterAll(() => tf.dispose([x, y]));
    beforeEach(() => st.random.setSeed(17));

    for (const estimator of ['scoreFunction', 'movingAverage', 'nvil', 'leaveOneOut', 'relax'] as const) {
      it(`is that of per-example costs and agrees with enumeration: ${estimator}`, async () => {
        const {optimizer, read} = recorder();
        const model = bitModel(N, {estimator, seed: 4});
        model.compile({optimizer, loss: bitLoss});
        for (let i = 0; i < steps; i++) await model.trainOnBatch(x, y);
        const exact = exactBits(bitCost(Y));
        const moments = momentsOf((await read()).flatMap(step => perExample(Object.values(step)[0]!, N)));
        expect(zOf(moments, exact.gradient)).toBeLessThan(4.5);
        moments.variance.forEach((v, j) => {
          // with the whole batch's cost as credit it would be about N times as much
          expect(v)
            .withContext(`component ${j}`)
            .toBeLessThan(exact.variance[j]! * 1.3);
          if (estimator === 'scoreFunction') expect(v).toBeGreaterThan(exact.variance[j]! / 1.3);
        });
        model.dispose();
        optimizer.dispose();
      });
    }

    it('has a test that can fail: a surrogate that is too small by half is caught', async () => {
      const {optimizer, read} = recorder();
      const model = bitModel(N, {
        estimator: (node, value, cost) => tf.mul(tf.mul(node.distribution.logProb(value), cost), 0.5),
        seed: 4,
      });
      model.compile({optimizer, loss: bitLoss});
      for (let i = 0; i < steps; i++) await model.trainOnBatch(x, y);
      expect(
        zOf(
          momentsOf((await read()).flatMap(step => perExample(Object.values(step)[0]!, N))),
          exactBits(bitCost(Y)).gradient,
        ),
      ).toBeGreaterThan(4.5);
      model.dispose();
      optimizer.dispose();
    });

    it('is weighted as the examples are: exactly nothing of weight 0, the rest in proportion', async () => {
      const {optimizer, read} = recorder();
      const model = bitModel(N, {estimator: 'scoreFunction', seed: 5});
      model.compile({optimizer, loss: bitLoss});
      // class c stands for y = c
      const classes = tf.tidy(() =>
        tf.oneHot(
          tf.tensor1d(
            Array.from({length: N}, (_, i) => i % 3),
            'int32',
          ),
          3,
        ),
      );
      const weights = [0, 1, 3];
      for (let i = 0; i < steps; i++) {
        await model.fit(x, classes, {
          epochs: 1,
          batchSize: N,
          shuffle: false,
          classWeight: {0: weights[0]!, 1: weights[1]!, 2: weights[2]!},
          verbose: 0,
        });
      }
      const estimates = (await read()).flatMap(step =>
        perExample(Object.values(step)[0]!, N).map((row, i) => ({row, c: i % 3})),
      );
      weights.forEach((w, c) => {
        const moments = momentsOf(estimates.filter(e => e.c === c).map(e => e.row));
        const exact = exactBits(bitCost(c)).gradient.map(g => w * g);
        if (w === 0) expect(moments.mean.every(m => m === 0) && moments.variance.every(v => v === 0)).toBeTrue();
        expect(zOf(moments, exact)).withContext(`class ${c}`).toBeLessThan(4.5);
      });
      classes.dispose();
      model.dispose();
      optimizer.dispose();
    });

    it('of a node does not feel the loss of an output that is not downstream of it, to the bit', async () => {
      const gradients: Array<Record<string, number[]>> = [];
      for (const scale of [1, 1e6]) {
        const {optimizer, read} = recorder();
        const here = input({shape: [N]});
        const first = rows(N).apply(here) as SymbolicTensor;
        const second = rows(N).apply(here) as SymbolicTensor;
        const a = stl.bernoulli({estimator: 'scoreFunction', seed: 1}).apply(first) as SymbolicTensor;
        const b = stl.bernoulli({estimator: 'scoreFunction', seed: 2}).apply(second) as SymbolicTensor;
        const model = functional({inputs: here, outputs: [a, b]});
        model.compile({optimizer, loss: [bitLoss, (t, p) => tf.mul(tf.mean(tf.abs(tf.sub(t, p)), -1), scale)]});
        await model.trainOnBatch(x, [y, y]);
        gradients.push(Object.fromEntries(Object.values((await read())[0]!).map((g, i) => [i, Array.from(g)])));
        model.dispose();
        optimizer.dispose();
      }
      const [one, million] = gradients;
      expect(million![0]).toEqual(one![0]);
      expect(Math.max(...one![0]!.map(Math.abs))).toBeGreaterThan(0);
      expect(million![1]).not.toEqual(one![1]);
    });

    it('adds up over several outputs of one node', async () => {
      const {optimizer, read} = recorder();
      const here = input({shape: [N]});
      const bits = stl.bernoulli({estimator: 'scoreFunction', seed: 9}).apply(rows(N).apply(here)) as SymbolicTensor;
      const sum = layers
        .dense({units: 1, trainable: false, weights: [tf.tensor2d([[1], [-1], [2]]), tf.tensor1d([0.5])]})
        .apply(bits) as SymbolicTensor;
      const model = functional({inputs: here, outputs: [bits, sum]});
      model.compile({optimizer, loss: [bitLoss, metrics.meanSquaredError]});
      const y1 = tf.fill([N, 1], Y);
      for (let i = 0; i < steps; i++) await model.trainOnBatch(x, [y, y1]);
      y1.dispose();
      const cost = (b: readonly number[]): number => bitCost(Y)(b) + (b[0]! - b[1]! + 2 * b[2]! + 0.5 - Y) ** 2;
      const moments = momentsOf((await read()).flatMap(step => perExample(Object.values(step)[0]!, N)));
      expect(zOf(moments, exactBits(cost).gradient)).toBeLessThan(4.5);
      moments.variance.forEach((v, j) => expect(v).toBeLessThan(exactBits(cost).variance[j]! * 1.3));
      model.dispose();
      optimizer.dispose();
    });

    it('takes the mean over trailing axes of a loss: [batch, h, w]', async () => {
      const {optimizer, read} = recorder();
      const model = sequential({
        layers: [
          rows(N),
          stl.bernoulli({estimator: 'scoreFunction', seed: 6}),
          layers.dense({
            units: 4,
            trainable: false,
            weights: [
              tf.tensor2d([
                [1, -2, 0, 1],
                [0, 1, 1, 2],
                [1, 1, -1, 0],
              ]),
              tf.zeros([4]),
            ],
          }),
          layers.reshape({targetShape: [2, 2, 1]}),
        ],
      });
      model.compile({optimizer, loss: 'meanSquaredError'});
      const target = tf.tidy(() => tf.fill([N, 2, 2, 1], Y));
      for (let i = 0; i < steps; i++) await model.trainOnBatch(x, target);
      const cost = ([p, q, r]: readonly number[]): number =>
        ((p! + r! - Y) ** 2 + (-2 * p! + q! + r! - Y) ** 2 + (q! - r! - Y) ** 2 + (p! + 2 * q! - Y) ** 2) / 4;
      const moments = momentsOf((await read()).flatMap(step => perExample(Object.values(step)[0]!, N)));
      expect(zOf(moments, exactBits(cost).gradient)).toBeLessThan(4.5);
      moments.variance.forEach((v, j) => expect(v).toBeLessThan(exactBits(cost).variance[j]! * 1.3));
      target.dispose();
      model.dispose();
      optimizer.dispose();
    });

    const link = [
      [1, 0.5, -1],
      [-0.5, 1, 0.3],
      [0.2, -1, 1],
    ];
    const next = (b: readonly number[]): number[] =>
      link[0]!.map((_, j) => b.reduce((sum, bit, i) => sum + bit * link[i]![j]!, 0));
    const pairs: Array<[string, stl.StochasticLayerArgs['estimator'], stl.StochasticLayerArgs['estimator']]> = [
      ['scoreFunction before scoreFunction', 'scoreFunction', 'scoreFunction'],
      ['leaveOneOut before scoreFunction', 'leaveOneOut', 'scoreFunction'],
      ['as many samples as examples', {name: 'leaveOneOut', config: {samples: 16}}, 'scoreFunction'],
      ['relax before leaveOneOut', 'relax', 'leaveOneOut'],
      ['leaveOneOut twice', 'leaveOneOut', {name: 'leaveOneOut', config: {samples: 2}}],
    ];
    for (const [title, first, second] of pairs) {
      it(`passes through a chain of two random layers: ${title}`, async () => {
        const n = title.startsWith('as many') ? 16 : N;
        const {optimizer, read} = recorder();
        const model = sequential({
          layers: [
            rows(n),
            stl.bernoulli({estimator: first!, seed: 6}),
            layers.dense({units: 3, trainable: false, weights: [tf.tensor2d(link), tf.zeros([3])]}),
            stl.bernoulli({estimator: second!, seed: 7}),
          ],
        });
        model.compile({optimizer, loss: bitLoss});
        const [some, target] = [tf.tidy(() => tf.eye(n)), targets(n, Y)];
        for (let i = 0; i < steps; i++) await model.trainOnBatch(some, target);
        const exact = exactBits(b => exactBits(bitCost(Y), next(b)).mean).gradient;
        const moments = momentsOf((await read()).flatMap(step => perExample(Object.values(step)[0]!, n)));
        expect(zOf(moments, exact)).toBeLessThan(4.5);
        moments.variance.forEach(v => expect(v).toBeLessThan(12)); // that of the plain score function is about 4
        tf.dispose([some, target]);
        model.dispose();
        optimizer.dispose();
      });
    }

    it('is right for a random layer that is used twice', async () => {
      const {optimizer, read} = recorder();
      const here = input({shape: [N]});
      const logits = rows(N).apply(here) as SymbolicTensor;
      const shared = stl.bernoulli({estimator: 'nvil', seed: 8});
      const sum = layers
        .add()
        .apply([shared.apply(logits) as SymbolicTensor, shared.apply(logits) as SymbolicTensor]) as SymbolicTensor;
      const model = functional({inputs: here, outputs: sum});
      model.compile({optimizer, loss: bitLoss});
      for (let i = 0; i < steps; i++) await model.trainOnBatch(x, y);
      const exact = LOGITS.map((_, j) => {
        // E over two independent draws; both depend on the same logits
        const first = exactBits(a => exactBits(b => bitCost(Y)(b.map((bit, i) => bit + a[i]!))).mean).gradient[j]!;
        return 2 * first;
      });
      expect(
        zOf(momentsOf((await read()).flatMap(step => perExample(Object.values(step)[0]!, N))), exact),
      ).toBeLessThan(4.5);
      model.dispose();
      optimizer.dispose();
    });

    it('is right for pathwise and LAX on a normal layer, with a variance of per-example costs', async () => {
      // x = m + softplus(r)·ε, cost (x − y)²: ∂m = 2(m − y), ∂r = 2 s σ(r)
      const [m, r] = [0.4, 0.6];
      const s = Math.log1p(Math.exp(r));
      const exact = [2 * (m - Y), (2 * s) / (1 + Math.exp(-r))];
      for (const estimator of ['pathwise', 'lax', 'scoreFunction']) {
        const {optimizer, read} = recorder();
        const model = sequential({layers: [rows(N, [m, r]), stl.normal({estimator, seed: 3})]});
        model.compile({optimizer, loss: 'meanSquaredError'});
        const y1 = tf.fill([N, 1], Y);
        for (let i = 0; i < steps; i++) await model.trainOnBatch(x, y1);
        y1.dispose();
        const moments = momentsOf((await read()).flatMap(step => perExample(Object.values(step)[0]!, N)));
        expect(zOf(moments, exact)).withContext(estimator).toBeLessThan(4.5);
        // E[(x − y)⁴ ε²]/s² and the like: far below what a sum over the batch would give
        moments.variance.forEach(v => expect(v).withContext(estimator).toBeLessThan(150));
        model.dispose();
        optimizer.dispose();
      }
    });

    it('adds the exact gradient of a regulariser, and no noise for it', async () => {
      const gradients: Float32Array[] = [];
      for (const l2 of [0, 0.5]) {
        const {optimizer, read} = recorder();
        const kernel = tf.tidy(() => tf.tile(tf.tensor2d([LOGITS]), [N, 1]));
        const model = sequential({
          layers: [
            layers.dense({
              units: 3,
              inputShape: [N],
              useBias: false,
              weights: [kernel],
              ...(l2 === 0 ? {} : {kernelRegularizer: regularizers.l2({l2})}),
            }),
            stl.bernoulli({estimator: 'scoreFunction', seed: 2}),
          ],
        });
        model.compile({optimizer, loss: bitLoss});
        const loss = (await model.trainOnBatch(x, y)) as number;
        expect(loss).toBeGreaterThan(l2 * N * LOGITS.reduce((a, b) => a + b * b, 0));
        gradients.push(Object.values((await read())[0]!)[0]!);
        model.dispose();
        optimizer.dispose();
        kernel.dispose();
      }
      const [plain, regularised] = gradients;
      plain!.forEach((g, i) => expect(regularised![i]! - g).toBeCloseTo(2 * 0.5 * LOGITS[i % 3]!, 4));
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'a scalar loss without per-example costs',
  () => {
    const batch = 8;
    const theta = (): tf.Variable => tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([LOGITS]), [batch, 1])));
    const loss = (v: tf.Variable, key: st.random.Key): tf.Tensor =>
      tf.tidy(() => {
        const q = st.independent(new st.Bernoulli({logits: v}));
        const b = new st.DistributionTensor(q, {estimator: 'scoreFunction', key}).value;
        // the same mean, in a form that is not linear
        return tf.sqrt(tf.square(tf.mean(bitLoss(targets(batch, Y), b))));
      });

    it('is warned of once an optimizer, and the gradient is still right on average', async () => {
      const warn = spyOn(console, 'warn');
      const {optimizer, read} = recorder();
      const v = theta();
      const n = sizeFor({cpu: 600, wasm: 600, webgl: 100, webgpu: 100});
      for (let i = 0; i < n; i++) optimizer.minimize(() => loss(v, st.random.foldIn(st.random.key(5), i)), false, [v]);
      expect(warn).toHaveBeenCalledTimes(1);
      expect(warn.calls.mostRecent().args[0]).toMatch(/^tfjs-stochastic: found no per-example costs/);
      const moments = momentsOf(
        (await read()).flatMap(step => {
          // rows of one step share the cost, so a step counts once
          const each = perExample(step[v.name]!, batch);
          return [each[0]!.map((_, j) => each.reduce((sum, row) => sum + row[j]!, 0) / batch)];
        }),
      );
      expect(zOf(moments, exactBits(bitCost(Y)).gradient)).toBeLessThan(4.5);
      optimizer.dispose();
      v.dispose();
    });

    it('is no scalar of tf.losses: its examples are found, without a warning', () => {
      const warn = spyOn(console, 'warn');
      const {optimizer} = recorder();
      const v = theta();
      const drawn = (): tf.Tensor => new st.DistributionTensor(st.independent(new st.Bernoulli({logits: v}))).value;
      optimizer.minimize(
        () => tf.mean(tf.losses.meanSquaredError(tf.zeros([batch, 3]), drawn(), undefined, tf.Reduction.NONE), -1),
        false,
        [v],
      );
      optimizer.minimize(() => tf.losses.meanSquaredError(tf.zeros([batch, 3]), drawn()), false, [v]);
      expect(warn).not.toHaveBeenCalled();
      optimizer.dispose();
      v.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'credit where the sample axis of a pathwise node is as long as the batch',
  () => {
    it('still goes to the right examples', async () => {
      const batch = 4;
      const v = tf.tidy(() => tf.variable(tf.tensor2d([[5], [-5], [5], [-5]])));
      const {optimizer, read} = recorder();
      const run = async (scalar: boolean): Promise<Float32Array> => {
        optimizer.minimize(
          () => {
            const key = st.random.key(1);
            const b = new st.DistributionTensor(st.independent(new st.Bernoulli({logits: v})), {
              estimator: 'scoreFunction',
              key,
            }).value;
            const noise = new st.DistributionTensor(st.independent(new st.Normal({loc: b, scale: 0.1})), {
              valueType: st.sampleValue([batch]),
              key,
            }).value;
            const costs = tf.sum(tf.mul(noise, tf.tensor2d([[1], [2], [3], [4]])), -1);
            return scalar ? tf.mean(costs) : costs;
          },
          false,
          [v],
        );
        return (await read())[0]![v.name]!;
      };
      const [perExampleCosts, found] = [await run(false), await run(true)];
      found.forEach((g, i) => expect(g).toBeCloseTo(perExampleCosts[i]!, 6));
      optimizer.dispose();
      v.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
