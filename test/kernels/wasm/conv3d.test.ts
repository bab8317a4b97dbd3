import * as tf from '@tensorflow/tfjs';
import {ensureKernels} from '../../../src/kernels/index.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'convolution of three dimensions',
  () => {
    beforeEach(() => ensureKernels());

    const [channels, filters] = [2, 3];
    const values = (n: number, seed: number) =>
      Array.from({length: n}, (_, i) => Math.round(8 * Math.sin(seed + 1.7 * i)));

    /** Along the width alone: y[o, f] = Σ_k Σ_c x[stride·o − before + k, c]·w[k, c, f]. */
    for (const {width, taps, stride, pad, outputs, before} of [
      {width: 5, taps: 2, stride: 1, pad: 'valid', outputs: 4, before: 0},
      {width: 5, taps: 2, stride: 2, pad: 'valid', outputs: 2, before: 0},
      {width: 5, taps: 3, stride: 1, pad: 'same', outputs: 5, before: 1},
      {width: 5, taps: 3, stride: 2, pad: 'same', outputs: 3, before: 1},
    ] as const) {
      it(`has the derivatives of its sums, with ${taps} taps by steps of ${stride}, ${pad}`, async () => {
        const [x, w, d] = [
          values(width * channels, 1),
          values(taps * channels * filters, 2),
          values(outputs * filters, 3),
        ];
        const [dx, dw] = [x.map(() => 0), w.map(() => 0)];
        for (let o = 0; o < outputs; o++) {
          for (let k = 0; k < taps; k++) {
            const at = stride * o - before + k;
            if (at < 0 || at >= width) continue;
            for (let c = 0; c < channels; c++) {
              for (let f = 0; f < filters; f++) {
                dx[at * channels + c]! += d[o * filters + f]! * w[(k * channels + c) * filters + f]!;
                dw[(k * channels + c) * filters + f]! += d[o * filters + f]! * x[at * channels + c]!;
              }
            }
          }
        }
        const buffers = tf.memory().numDataBuffers;
        // Twice: what memory held before must not count.
        for (let i = 0; i < 2; i++) {
          const got = tf.tidy(() =>
            tf.grads((a, b) =>
              tf.sum(
                tf.mul(
                  tf.conv3d(a as tf.Tensor5D, b as tf.Tensor5D, [1, 1, stride], pad),
                  tf.tensor(d, [1, 1, 1, outputs, filters]),
                ),
              ),
            )([tf.tensor(x, [1, 1, 1, width, channels]), tf.tensor(w, [1, 1, taps, channels, filters])]),
          );
          expect(Array.from(await got[0]!.data())).toEqual(dx);
          expect(Array.from(await got[1]!.data())).toEqual(dw);
          tf.dispose(got);
        }
        expect(tf.memory().numDataBuffers).toBe(buffers);
      });
    }
  },
  {only: ['cpu', 'wasm'], inBrief: []},
);
