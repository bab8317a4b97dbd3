import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import {describeBackends, gpuOf} from '../helpers/backends.js';
import {read, withoutLeak} from '../helpers/near.js';

const image = (rows: number, columns: number, seed: number): number[][] =>
  Array.from({length: rows}, (_, i) => Array.from({length: columns}, (__, j) => 100 * seed + 10 * i + j + 1));

/** One window, pixel by pixel. */
function cut(x: number[][], [r, c]: readonly number[], [h, w]: readonly [number, number]): number[][] {
  const [top, left] = [Math.floor(r! - h / 2 + 1), Math.floor(c! - w / 2 + 1)];
  return Array.from({length: h}, (_, i) => Array.from({length: w}, (__, j) => x[top + i]?.[left + j] ?? 0));
}

const places = [
  [0, 0],
  [2, 3],
  [3.5, 6.49],
  [1.499, -0.6],
  [-9, 2],
  [2, 1e20],
];

describeBackends(
  'crop',
  () => {
    const images = places.map((_, i) => image(4, 7, i));

    it('cuts windows of even and odd sides out of a batch, and puts zeros outside', async () => {
      for (const size of [
        [2, 3],
        [3, 3],
        [6, 1],
        [4, 7],
      ] as const) {
        const got = withoutLeak('crop', () => st.crop(images, places, {size}));
        expect(got.shape).toEqual([6, ...size]);
        expect(await read(got)).toEqual(places.flatMap((p, i) => cut(images[i]!, p, size).flat()));
      }
    });

    it('cuts all channels, and broadcasts samples of places and one image for all', async () => {
      const x = tf.tensor4d(images.map(a => a.map(r => r.map(v => [v, -v]))));
      const both = st.crop(x, places, {size: 3, channels: true});
      expect(both.shape).toEqual([6, 3, 3, 2]);
      expect(await read(both)).toEqual(
        places.flatMap((p, i) => cut(images[i]!, p, [3, 3]).flatMap(r => r.flatMap(v => [v, 0 - v]))),
      );
      const shifted = places.map(([r, c]) => [r! + 1, c! + 1]);
      const samples = st.crop(images, [places, shifted], {size: 2});
      expect(samples.shape).toEqual([2, 6, 2, 2]);
      expect(await read(samples)).toEqual(
        [places, shifted].flatMap(all => all.flatMap((p, i) => cut(images[i]!, p, [2, 2]).flat())),
      );
      const one = st.crop(
        images[1]!,
        tf.tensor2d(
          [
            [1, 1],
            [2, 0],
          ],
          [2, 2],
          'int32',
        ),
        {size: [1, 2]},
      );
      expect(await read(one)).toEqual([
        ...cut(images[1]!, [1, 1], [1, 2]).flat(),
        ...cut(images[1]!, [2, 0], [1, 2]).flat(),
      ]);
      x.dispose();
    });

    it('has derivatives in the images, twice, also beside pixels that are not finite', async () => {
      const x = tf.tensor3d([image(3, 3, 0), image(3, 3, 1)]);
      const cube = (t: tf.Tensor): tf.Tensor =>
        tf.sum(
          tf.pow(
            st.crop(
              t,
              [
                [0, 1],
                [2, 2],
              ],
              {size: 2},
            ),
            3,
          ),
        );
      const first = await read(tf.grad(cube)(x));
      const second = await read(tf.tidy(() => tf.grad(t => tf.sum(tf.grad(cube)(t)))(x)));
      const values = await x.data();
      const seen = [1, 2, 4, 5].concat([17]);
      values.forEach((v, i) => {
        expect(first[i]! / (3 * v * v)).toBeCloseTo(seen.includes(i) ? 1 : 0, 4);
        expect(second[i]! / (6 * v)).toBeCloseTo(seen.includes(i) ? 1 : 0, 4);
      });
      const spoilt = st.crop(
        [
          [NaN, 1],
          [Infinity, 2],
        ],
        [0, 1],
        {size: [2, 1]},
      );
      expect(await read(spoilt)).toEqual([1, 2]);
      x.dispose();
    });
  },
  {inBrief: [gpuOf('crop')]},
);

describeBackends(
  'crop',
  () => {
    it('credits each draw of a place with the cost of its own example', async () => {
      const loc = tf.variable(tf.fill([3, 2], 2));
      const x = tf.tensor3d([image(5, 5, 0), image(5, 5, 1), image(5, 5, 2)]);
      const q = (): st.Distribution => st.independent(new st.Normal({loc, scale: 1}), 1);
      const key = st.random.key(3);
      const seen = (z: tf.Tensor): tf.Tensor => tf.sum(st.crop(x, z, {size: 3}), [1, 2]);
      const {grads} = st.variableGrads(
        () => seen(new st.DistributionTensor(q(), {estimator: 'scoreFunction', key}).value),
        [loc],
      );
      const z = q().sample([], {key});
      const exact = await read(tf.div(tf.mul(tf.sub(z, loc), tf.expandDims(seen(z), -1)), 3));
      const got = await read(grads[loc.name]!);
      exact.forEach((d, i) => expect(got[i]! / d).toBeCloseTo(1, 5));
      tf.dispose([loc, x, z]);
    });

    it('is zeros where a centre is NaN', async () => {
      expect(await read(st.crop([[1, 2]], tf.tensor1d([NaN, 0]), {size: 1}))).toEqual([0]);
    });

    it('refuses a derivative in the centres, and what does not fit', () => {
      const x = image(3, 3, 0);
      expect(() => tf.grad(c => tf.sum(st.crop(x, c, {size: 2})))(tf.tensor1d([1, 1]))).toThrowError(
        /^crop: there is no derivative in the centres: .*scoreFunction.*stopGradient.*readGlimpse/,
      );
      expect(() => st.crop(x, [1, 2, 3], {size: 2})).toThrowError(/crop: centres must have two numbers/);
      expect(() =>
        st.crop(
          [x, x],
          [
            [1, 2],
            [1, 2],
            [0, 0],
          ],
          {size: 2},
        ),
      ).toThrowError(/crop: the batches .* got \[2\] and \[3\]/);
      expect(() => st.crop([1], [1, 2], {size: 2})).toThrowError(/crop: images must have the shape/);
      expect(() => st.crop(x, [1, 2], {size: 0.5})).toThrowError(/crop: size must be an integer/);
      expect(() => st.crop(x, [1, 2], {size: 2, channels: 1 as never})).toThrowError(
        /crop: channels must be true or false/,
      );
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
