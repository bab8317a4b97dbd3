import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {read, slack, withoutLeak} from '../helpers/near.js';

/** No element is further off than `bound`, times what the GPUs are allowed. */
function expectWithin(actual: readonly number[], exact: readonly number[], bound: number): void {
  expect(actual.length).toBe(exact.length);
  const worst = Math.max(...exact.map((x, i) => Math.abs(actual[i]! - x)).map(d => (Number.isNaN(d) ? Infinity : d)));
  expect(worst).toBeLessThan(bound * slack());
}

/** What one example's window is, as the paper has it: g_Y, g_X, δ, σ², γ. */
type Five = readonly number[];

/** Equations 19, 20 and 25 in double precision, as they stand; pixels are counted from 0. */
function bank(middle: number, stride: number, variance: number, count: number, side: number): number[][] {
  return Array.from({length: count}, (_, i) => {
    const mu = middle + (i - count / 2 + 0.5) * stride;
    const row = Array.from({length: side}, (__, a) => Math.exp(-((a - mu) ** 2) / (2 * variance)));
    const sum = row.reduce((s, x) => s + x, 0);
    return row.map(x => x / sum);
  });
}

/** γ F_Y x F_Xᵀ of one channel. */
function exactRead(x: number[][], [y, c, d, v, gamma]: Five, [n, m]: readonly [number, number]): number[][] {
  const rows = bank(y!, d!, v!, n, x.length);
  const columns = bank(c!, d!, v!, m, x[0]!.length);
  return rows.map(r =>
    columns.map(f => gamma! * r.reduce((s, ra, a) => s + ra * f.reduce((t, fb, b) => t + fb * x[a]![b]!, 0), 0)),
  );
}

/** F_Yᵀ w F_X / γ of one channel. */
function exactWrite(w: number[][], [y, c, d, v, gamma]: Five, [h, wide]: readonly [number, number]): number[][] {
  const rows = bank(y!, d!, v!, w.length, h);
  const columns = bank(c!, d!, v!, w[0]!.length, wide);
  return Array.from({length: h}, (_, a) =>
    Array.from(
      {length: wide},
      (__, b) =>
        w.reduce((s, row, i) => s + row.reduce((t, x, j) => t + rows[i]![a]! * x * columns[j]![b]!, 0), 0) / gamma!,
    ),
  );
}

const image = (rows: number, columns: number, seed: number): number[][] =>
  Array.from({length: rows}, (_, i) => Array.from({length: columns}, (__, j) => Math.sin(3 * i + 7 * j + seed)));
const window = (fives: readonly Five[]): st.GlimpseWindow => ({
  centre: fives.map(f => [f[0]!, f[1]!]),
  stride: fives.map(f => f[2]!),
  variance: fives.map(f => f[3]!),
  intensity: fives.map(f => f[4]!),
});
const fives: Five[] = [
  [2, 3, 1.5, 0.8, 1],
  [0.3, 4.2, 0.4, 2.5, 0.5],
  [-1, 6.5, 2, 4, 2],
];
const off: Five[] = [
  [-300, 3, 1, 0.5, 1],
  [2, 1e9, 1, 1e-20, 1],
  [2, 3, 1e7, 0.5, 1],
];

describeBackends(
  'glimpse',
  () => {
    const images = [image(5, 7, 0), image(5, 7, 1), image(5, 7, 2)];

    it('is read by the equations of the paper', async () => {
      const size = [3, 2] as const;
      const got = withoutLeak('readGlimpse', () => st.readGlimpse(images, window(fives), {size}));
      expect(got.shape).toEqual([3, 3, 2]);
      expectWithin(await read(got), images.map((x, i) => exactRead(x, fives[i]!, size)).flat(2), 2e-6);
    });

    it('is read of each channel', async () => {
      const size = [3, 2] as const;
      const x = tf.stack(
        [images, images.map(a => a.map(r => r.map(v => v * v)))].map(c => tf.tensor3d(c)),
        -1,
      );
      const got = withoutLeak('readGlimpse', () => st.readGlimpse(x, window(fives), {size, channels: true}));
      expect(got.shape).toEqual([3, 3, 2, 2]);
      const exact = images.map((a, i) => {
        const [one, two] = [a, a.map(r => r.map(v => v * v))].map(c => exactRead(c, fives[i]!, size));
        return one!.map((r, j) => r.map((v, k) => [v, two![j]![k]!]));
      });
      expectWithin(await read(got), exact.flat(3), 2e-6);
      x.dispose();
    });

    it('is written by the equations of the paper, with channels and without, oblong and square', async () => {
      const glimpses = [image(3, 2, 5), image(3, 2, 6), image(3, 2, 7)];
      for (const size of [[5, 7] as const, [6, 6] as const]) {
        const exact = glimpses.map((w, i) => exactWrite(w, fives[i]!, size)).flat(2);
        const got = withoutLeak('writeGlimpse', () => st.writeGlimpse(glimpses, window(fives), {size}));
        expect(got.shape).toEqual([3, ...size]);
        expectWithin(await read(got), exact, 2e-6);
        const w = tf.stack([tf.tensor3d(glimpses), tf.neg(tf.tensor3d(glimpses))], -1);
        const both = st.writeGlimpse(w, window(fives), {size, channels: true});
        expect(both.shape).toEqual([3, ...size, 2]);
        expectWithin(
          await read(both),
          exact.flatMap(v => [v, -v]),
          2e-6,
        );
        w.dispose();
      }
    });

    it('broadcasts images and windows, whether sizes are equal or not', async () => {
      for (const [samples, batch, side, count] of [
        [2, 3, 5, 4],
        [3, 3, 3, 3],
      ] as const) {
        const x = Array.from({length: batch}, (_, i) => image(side, side, i));
        const places = Array.from({length: samples}, (_, s) =>
          Array.from({length: batch}, (__, b) => [1 + s * 0.5, 2 - b * 0.25]),
        );
        const got = st.readGlimpse(x, {centre: places, variance: 0.7, stride: [1, 2, 0.5]}, {size: count});
        expect(got.shape).toEqual([samples, batch, count, count]);
        const exact = places.flatMap(row =>
          row.map(([y, c], b) => exactRead(x[b]!, [y!, c!, [1, 2, 0.5][b]!, 0.7, 1], [count, count])),
        );
        expectWithin(await read(got), exact.flat(2), 2e-6);
      }
      const one = st.readGlimpse(image(4, 4, 1), window(fives), {size: 2});
      expect(one.shape).toEqual([3, 2, 2]);
      expectWithin(
        await read(one),
        fives.flatMap(f => exactRead(image(4, 4, 1), f, [2, 2]).flat()),
        2e-6,
      );
    });

    it('has the derivatives of the equations, once and twice', async () => {
      const size = [3, 2] as const;
      const weights = image(3, 2, 9);
      const f = (five: Five): number => {
        const seen = exactRead(images[0]!, five, size);
        const back = exactWrite(weights, five, [4, 3]);
        return [...seen.flat().map((v, i) => v * weights.flat()[i]!), ...back.flat().map(v => v * v)].reduce(
          (a, b) => a + b,
        );
      };
      const at = [1.7, 3.4, 1.2, 0.9, 1.3];
      const along = [0.3, -0.5, 0.4, 0.2, -0.6];
      const moved = (h: number): number[] => at.map((v, i) => v + h * along[i]!);
      const slope = (g: (h: number) => number): number => (8 * (g(1e-3) - g(-1e-3)) - (g(2e-3) - g(-2e-3))) / 12e-3;
      const first = slope(h => f(moved(h)));
      const second = slope(k => slope(h => f(moved(h + k))));
      const g = (h: tf.Tensor): tf.Scalar => {
        const p = tf.add(tf.tensor1d(at), tf.mul(h, tf.tensor1d(along)));
        const [centre, stride, variance, intensity] = tf
          .split(p, [2, 1, 1, 1])
          .map((t, i) => (i === 0 ? t : tf.squeeze(t))) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
        const where = {centre, stride, variance, intensity};
        const seen = st.readGlimpse(images[0]!, where, {size});
        const back = st.writeGlimpse(weights, where, {size: [4, 3]});
        return tf.add(tf.sum(tf.mul(seen, tf.tensor2d(weights))), tf.sum(tf.square(back)));
      };
      const gradient = tf.grad(g);
      const [d1, d2] = tf.tidy(
        () => [gradient(tf.scalar(0)), tf.grad(h => tf.sum(gradient(h)))(tf.scalar(0))] as const,
      );
      expectWithin(await read(d1), [first], 1e-4);
      expectWithin(await read(d2), [second], 1e-3);
    });

    it('has the derivative of what it sees in the images, twice, by its own filters', async () => {
      const x = tf.tensor3d(images);
      const seen = (t: tf.Tensor): tf.Tensor => st.readGlimpse(t, window(fives), {size: 2});
      const twice = tf.tidy(() => tf.grad(t => tf.sum(tf.grad(s => tf.sum(tf.square(seen(s))))(t)))(x));
      const ones = tf.onesLike(x);
      // Σ (Ax)² has the gradient 2AᵀAx; the sum of that has 2AᵀA1
      const exact = tf.tidy(() =>
        tf.mul(
          2,
          st.writeGlimpse(
            tf.mul(
              seen(ones),
              tf.reshape(
                fives.map(f => f[4]! ** 2),
                [3, 1, 1],
              ),
            ),
            window(fives),
            {size: [5, 7]},
          ),
        ),
      );
      expectWithin(await read(twice), await read(exact), 1e-5);
      tf.dispose([x, ones]);
    });

    it('sees the nearest edge from outside, without NaN in values or derivatives', async () => {
      const got = st.readGlimpse(images[0]!, window(off), {size: [1, 3]});
      const [top, middle] = [images[0]![0]!, images[0]![2]!];
      expectWithin((await read(got)).slice(3, 6), [middle[6]!, middle[6]!, middle[6]!], 1e-5);
      const above = await read(st.readGlimpse(images[0]!, {centre: [-300, 3], variance: 1e-3}, {size: [1, 3]}));
      expectWithin(above, top.slice(2, 5), 1e-5);
      const {centre, stride, variance, intensity} = window(off);
      const all = [centre, stride, variance, intensity].map(v => tf.tensor(v as number[]));
      const at = ([c, s, v, i]: tf.Tensor[]): tf.Tensor => {
        const where = {centre: c!, stride: s!, variance: v!, intensity: i!};
        const seen = st.readGlimpse(images[0]!, where, {size: [2, 3]});
        return tf.sum(tf.square(st.writeGlimpse(seen, where, {size: [5, 7]})));
      };
      const grads = tf.grads((...t: tf.Tensor[]) => at(t))(all);
      const sums = (...t: tf.Tensor[]): tf.Tensor =>
        tf.addN(
          tf
            .grads((...u) => at(u))(t)
            .map(d => tf.sum(d)),
        );
      const second = tf.tidy(() => tf.grads(sums)(all));
      for (const d of [...grads, ...second]) expect((await read(d)).every(Number.isFinite)).toBeTrue();
      tf.dispose(all);
    });

    it('has a window by the equations of the paper', async () => {
      const raw = [
        [0.2, -0.4, 0.5, -0.3, 0.1],
        [-2, 3, -200, 200, 0],
      ];
      const got = st.glimpseWindow(raw, {imageSize: [20, 28], glimpseSize: [5, 3]});
      expectWithin((await read(got.centre)).slice(0, 2), [(21 / 2) * 0.6 - 1, (29 / 2) * 1.2 - 1], 4e-6);
      expectWithin((await read(got.stride)).slice(0, 1), [(27 / 4) * Math.exp(-0.3)], 4e-6);
      expectWithin((await read(got.variance)).slice(0, 1), [Math.exp(0.5)], 1e-6);
      expectWithin(await read(got.intensity), [Math.exp(0.1), 1], 1e-6);
      const far = st.glimpseWindow(raw, {imageSize: 28, glimpseSize: 1});
      expect((await read(st.readGlimpse(image(28, 28, 0), far, {size: 3}))).every(Number.isFinite)).toBeTrue();
      tf.dispose({...far});
    });
  },
  {inBrief: [gpuOf('glimpse')]},
);

describeBackends(
  'glimpse',
  () => {
    it('keeps the examples of a batch apart', async () => {
      const loc = tf.variable(tf.zeros([3, 2]));
      const x = tf.tensor3d([image(5, 5, 0), image(5, 5, 1), image(5, 5, 2)]);
      const q = (): st.Distribution => st.independent(new st.Normal({loc, scale: 1}), 1);
      const key = st.random.key(3);
      const run = (cost: (z: tf.Tensor) => tf.Tensor): tf.Tensor =>
        st.variableGrads(() => cost(new st.DistributionTensor(q(), {estimator: 'scoreFunction', key}).value), [loc])
          .grads[loc.name]!;
      const seen = (z: tf.Tensor): tf.Tensor =>
        tf.sum(st.readGlimpse(tf.expandDims(x, -1), {centre: z, variance: 1}, {size: 2, channels: true}), [1, 2, 3]);
      const z = q().sample([], {key});
      const exact = tf.div(tf.mul(z, tf.expandDims(seen(z), -1)), 3); // score times one's own cost
      expectWithin(await read(run(seen)), await read(exact), 1e-5);
    });

    it('refuses what does not fit', () => {
      const where = {centre: [1, 1], variance: 1};
      const x = image(4, 4, 0);
      expect(() => st.readGlimpse([1, 2], where, {size: 2})).toThrowError(
        /^readGlimpse: images must have the shape \[batch…, rows, columns\].*channels: true/,
      );
      expect(() => st.readGlimpse(x, where, {size: [2, 2, 2] as never})).toThrowError(
        /readGlimpse: size must be an integer from 1 to 16777216, or a list of two/,
      );
      expect(() => st.readGlimpse(x, where, undefined as never)).toThrowError(/readGlimpse: needs the size/);
      expect(() => st.readGlimpse(x, {...where, variance: 0}, {size: 2})).toThrowError(
        /readGlimpse: variance must be > 0, got 0/,
      );
      expect(() => st.readGlimpse(x, {...where, centre: [1, 2, 3]}, {size: 2})).toThrowError(
        /centre must have two numbers/,
      );
      expect(() => st.readGlimpse(x, {...where, delta: 1} as never, {size: 2})).toThrowError(/delta/);
      expect(() => st.readGlimpse([x, x], {...where, stride: [1, 2, 3]}, {size: 2})).toThrowError(
        'readGlimpse: the batches of the images and of the places must broadcast, got [2] and [3]',
      );
      expect(() => st.writeGlimpse([x, x], {...where, stride: [1, 2, 3]}, {size: 2})).toThrowError(
        /writeGlimpse: the batches/,
      );
      expect(() => st.glimpseWindow([1, 2], {imageSize: 3, glimpseSize: 2})).toThrowError(
        /glimpseWindow: raw must have five numbers/,
      );
      expect(() => st.glimpseWindow([1, 2, 3, 4, 5], {imageSize: 0, glimpseSize: 2})).toThrowError(/imageSize must be/);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
