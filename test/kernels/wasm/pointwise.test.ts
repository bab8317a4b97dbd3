import * as tf from '@tensorflow/tfjs';
import {heapSimd} from '../../../src/kernels/wasm/heap.js';
import {describeBackends} from '../../helpers/backends.js';

const functions: Record<string, [of: (x: tf.Tensor) => tf.Tensor, exactly: (x: number) => number]> = {
  exp: [tf.exp, Math.exp],
  softplus: [tf.softplus, x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))],
  tanh: [tf.tanh, Math.tanh],
  sqrt: [tf.sqrt, Math.sqrt],
};

/** Units in the last place by which results may be off on average, over a stretch. */
const LARGEST_SHIFT = 0.1;

/** Every magnitude of float32 with both signs, where functions change their form, and what is not finite. */
function everyKind(): Float32Array {
  const out: number[] = [0, -0, NaN, Infinity, -Infinity, 1, -1, 2 ** -149, 3.4028235e38, -3.4028235e38];
  for (let e = -148; e <= 127; e++) for (const m of [1, 1.1, 1.37, 1.999]) out.push(m * 2 ** e, -m * 2 ** e);
  for (let i = -2200; i <= 2200; i++) out.push(i / 20 + 1 / 64); // beyond where exp leaves float32
  for (const c of [88.7228, 87.3365, 103.97, 1e-4, 1e-5, 0.70710678, 1])
    for (let i = -20; i <= 20; i++) for (const s of [1, -1]) out.push(s * c * (1 + i * 2 ** -23));
  return Float32Array.from(out);
}

/** How many float32 numbers lie between two of one sign. */
function steps(a: number, b: number): number {
  const [i, j] = new Int32Array(Float32Array.of(a, b).buffer);
  return Math.abs(i! - j!);
}

describeBackends(
  'functions of each number by the code of assembly/',
  () => {
    it('can run here', () => {
      expect(heapSimd(tf.backend())).not.toBeNull();
    });

    for (const [name, [of, exactly]] of Object.entries(functions)) {
      it(`${name} is the exact function, to three units in the last place`, () => {
        const xs = everyKind();
        const result = tf.tidy(() => of(tf.tensor1d(xs)).dataSync());
        xs.forEach((x, i) => {
          const [got, wanted] = [result[i]!, Math.fround(exactly(x))];
          expect(Object.is(got, wanted) || steps(got, wanted) <= 3)
            .withContext(`${name}(${x}) is ${got}, exactly ${wanted}`)
            .toBeTrue();
        });
      });
    }

    for (const [name, [of, exactly]] of Object.entries(functions)) {
      it(`${name} is off as often upwards as downwards${name === 'softplus' ? '' : ', and nowhere falls'}`, () => {
        // a false digit of a coefficient shifts a stretch of results by less than three units
        const n = 20_000;
        for (const from of name === 'sqrt'
          ? [0.3, 1, 7]
          : [-8, -3, -1.1, -0.6, -0.34, -0.1, 0.1, 0.34, 0.6, 1.1, 3, 8]) {
          const first = new Int32Array(Float32Array.of(from).buffer)[0]!;
          const [near, far] = [1, 101].map(apart => {
            const xs = new Float32Array(Int32Array.from({length: n}, (_, i) => first + i * apart).buffer);
            return {xs, values: tf.tidy(() => of(tf.tensor1d(xs)).dataSync<'float32'>())};
          });
          const isFall = (y: number, i: number) => i > 0 && Math.sign(from) * (y - near!.values[i - 1]!) < 0;
          if (name !== 'softplus')
            expect(near!.values.some(isFall)).withContext(`a fall of ${name} near ${from}`).toBeFalse();
          const shift = far!.values.reduce((sum, y, i) => {
            const wanted = exactly(far!.xs[i]!);
            return sum + (y - wanted) / 2 ** (Math.floor(Math.log2(Math.abs(wanted))) - 23) / n;
          }, 0);
          expect(Math.abs(shift)).withContext(`shift of ${name} from ${from} on`).toBeLessThan(LARGEST_SHIFT);
        }
      });
    }

    it('take every length, and nothing beyond it', () => {
      for (const [name, [of, exactly]] of Object.entries(functions)) {
        for (let n = 0; n <= 9; n++) {
          const before = {tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()};
          const [x, guard] = [tf.tensor1d(Float32Array.from({length: n}, (_, i) => i + 0.5)), tf.ones([4])];
          const y = of(x);
          const next = tf.ones([4]);
          expect(y.shape).toEqual([n]);
          y.dataSync().forEach((got, i) =>
            expect(steps(got, exactly(i + 0.5)))
              .withContext(`${name} of ${n}`)
              .toBeLessThanOrEqual(3),
          );
          for (const other of [guard, next]) expect(Array.from(other.dataSync())).toEqual([1, 1, 1, 1]);
          tf.dispose([x, y, guard, next]);
          expect({tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()}).toEqual(before);
        }
      }
    });
  },
  {only: ['wasm'], inBrief: ['wasm']},
);
