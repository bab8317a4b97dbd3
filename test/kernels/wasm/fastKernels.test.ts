import * as tf from '@tensorflow/tfjs';
import {disableFastKernels, enableFastKernels, ensureKernels} from '../../../src/kernels/index.js';
import {Normal} from '../../../src/distributions/index.js';
import {describeBackends} from '../../helpers/backends.js';

const NAMES = [
  ...['BatchMatMul', '_FusedMatMul', 'Identity', 'Cast', 'Sum'],
  ...['Exp', 'Softplus', 'Tanh', 'Sqrt'],
  ...['Tile', 'Slice', 'SplitV', 'Unpack', 'Transpose'],
];

/** Fixed numbers without a pattern. */
function numbers(shape: number[], seed: number): tf.Tensor {
  const n = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(
    Float32Array.from({length: n}, (_, i) => Math.sin(seed + 1.7 * i) * (1 + (i % 7) / 3)),
    shape,
  );
}

describeBackends(
  'fast kernels',
  () => {
    afterEach(() => enableFastKernels());

    /**
     * Runs `f` with the stock kernels and with the fast ones; both must give the same, and neither may leave a tensor.
     */
    function expectSame(f: () => tf.Tensor, tolerance = 2e-6): void {
      const run = () => {
        const before = {tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()};
        const out = tf.tidy(f);
        const got = {shape: out.shape, dtype: out.dtype, values: Array.from(out.dataSync())};
        out.dispose();
        expect({tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()}).toEqual(before);
        return got;
      };
      disableFastKernels();
      const stock = run();
      enableFastKernels();
      const fast = run();
      expect(fast.shape).toEqual(stock.shape);
      expect(fast.dtype).toBe(stock.dtype);
      const scale = Math.max(1, ...stock.values.filter(Number.isFinite).map(Math.abs));
      stock.values.forEach((s, i) => {
        const g = fast.values[i]!;
        const context = `element ${i}: ${g}, stock ${s}`;
        if (Number.isFinite(s))
          expect(Math.abs(g - s) / scale)
            .withContext(context)
            .toBeLessThanOrEqual(tolerance);
        else expect(g).withContext(context).toEqual(s);
      });
    }

    const products: Array<[number[], number[]]> = [
      [
        [3, 4],
        [4, 5],
      ],
      [
        [40, 30],
        [30, 50],
      ],
      [
        [7, 90],
        [90, 110],
      ],
      [
        [110, 90],
        [90, 7],
      ],
      [
        [1, 100],
        [100, 80],
      ],
      [
        [80, 100],
        [100, 1],
      ],
      [
        [100, 1],
        [1, 80],
      ],
      [
        [2, 30, 20],
        [2, 20, 40],
      ],
      [
        [1, 30, 20],
        [5, 20, 40],
      ],
      [
        [5, 30, 20],
        [1, 20, 40],
      ],
      [
        [3, 30, 20],
        [20, 40],
      ],
      [
        [30, 20],
        [3, 20, 40],
      ],
      [
        [2, 3, 16, 20],
        [2, 3, 20, 24],
      ],
      [
        [2, 1, 16, 20],
        [1, 3, 20, 24],
      ],
      [
        [0, 40],
        [40, 60],
      ],
      [
        [40, 60],
        [60, 0],
      ],
    ];
    for (const [a, b] of products) {
      for (const [transposeA, transposeB] of [
        [true, false],
        [false, true],
        [true, true],
        [false, false],
      ] as const) {
        if (b.includes(0) && !transposeA && !transposeB) continue; // not replaced, and XNNPACK prints a complaint
        it(`multiply [${a.join()}]${transposeA ? 'ᵀ' : ''} by [${b.join()}]${transposeB ? 'ᵀ' : ''}`, () => {
          const turn = (shape: number[]) => [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];
          expectSame(
            () =>
              tf.matMul(
                numbers(transposeA ? turn(a) : a, 1),
                numbers(transposeB ? turn(b) : b, 2),
                transposeA,
                transposeB,
              ),
            1e-5,
          );
        });
      }
    }

    it('report inner sizes that do not match as the stock kernel does', () => {
      enableFastKernels();
      const multiply = () => tf.tidy(() => tf.matMul(numbers([40, 30], 1), numbers([50, 41], 1), true, true));
      expect(multiply).toThrowError(/inner shapes/i);
    });

    it('add each element of the bias to its own column, however small the product', () => {
      enableFastKernels();
      const zeros = tf.zeros<tf.Rank.R2>([2, 3]);
      const out = tf.fused.matMul({
        a: zeros,
        b: zeros,
        transposeA: true,
        bias: tf.tensor1d([1, 2, 3]),
        activation: 'linear',
      });
      expect(Array.from(out.dataSync())).toEqual([1, 2, 3, 1, 2, 3, 1, 2, 3]);
      tf.dispose([zeros, out]);
    });

    it('free what they made when the kernel refuses its arguments', () => {
      enableFastKernels();
      tf.tidy(() => {
        const a = numbers([30, 20], 1) as tf.Tensor2D;
        const b = numbers([30, 40], 2) as tf.Tensor2D;
        const bias = numbers([1, 40], 3); // the wasm kernel takes a bias of rank 1 only
        const before = tf.engine().backend.numDataIds();
        expect(() => tf.fused.matMul({a, b, transposeA: true, bias, activation: 'linear'})).toThrowError(/rank-1 bias/);
        expect(tf.engine().backend.numDataIds()).toBe(before);
      });
    });

    for (const activation of ['linear', 'relu', 'relu6', 'sigmoid', 'leakyrelu', 'prelu', 'elu'] as const) {
      it(`fuse bias and ${activation} with transposed operands`, () => {
        enableFastKernels();
        const before = {tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()};
        tf.tidy(() => {
          const a = numbers([20, 30], 1) as tf.Tensor2D;
          const b = numbers([30, 40], 2) as tf.Tensor2D;
          const rest = {
            activation,
            bias: numbers([40], 3),
            leakyreluAlpha: 0.3,
            ...(activation === 'prelu' ? {preluActivationWeights: numbers([1, 40], 4)} : {}),
          };
          // Not against the stock kernel with transposed operands: tfjs adds the wrong bias to all rows but the first
          // there.
          const exact = tf.fused.matMul({a, b, ...rest}).dataSync();
          for (const [transposeA, transposeB] of [
            [true, false],
            [false, true],
            [true, true],
          ] as const) {
            const got = tf.fused
              .matMul({
                a: transposeA ? tf.transpose(a) : a,
                b: transposeB ? tf.transpose(b) : b,
                transposeA,
                transposeB,
                ...rest,
              })
              .dataSync();
            got.forEach((g, i) => expect(g).toBeCloseTo(exact[i]!, 4));
          }
        });
        expect({tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()}).toEqual(before);
      });
    }

    for (const [shape, axis] of [
      [[50, 60], 0],
      [[50, 60], 1],
      [[50, 60], undefined],
      [
        [5, 10, 60],
        [0, 1],
      ],
      [
        [5, 10, 60],
        [1, 0],
      ],
      [[5, 10, 60], -3],
      [
        [5, 10, 60],
        [0, 2],
      ],
      [[3000], 0],
      [[3000, 1], 0],
      [[1, 3000], 0],
      [[0, 60], 0],
      [[60, 0], 0],
      [[3, 4], 0],
    ] as Array<[number[], number | number[] | undefined]>) {
      it(`sum [${shape.join()}] over ${axis === undefined ? 'all' : String(axis)}`, () => {
        expectSame(() => tf.sum(numbers(shape, 1), axis), 1e-5);
        expectSame(() => tf.sum(numbers(shape, 1), axis, true), 1e-5);
      });
    }

    it('sum integers', () => expectSame(() => tf.sum(tf.range(0, 3000, 1, 'int32').reshape([50, 60]), 0)));

    it('take tanh of numbers small, large and special', () => {
      const values = [NaN, Infinity, 0, 1e-40, 1e-20, 1e-7, 1e-3, 1, 9, 100, 1e30].flatMap(v => [v, -v]);
      expectSame(() => tf.tanh(tf.concat([tf.tensor1d(values), tf.linspace(-10, 10, 4000)])));
      // In relative terms too, where tanh x is small.
      disableFastKernels();
      const x = tf.tensor1d(Array.from({length: 4000}, (_, i) => 10 ** (-9 + i / 500)));
      const stock = tf.tanh(x);
      enableFastKernels();
      const fast = tf.tanh(x);
      const ratios = tf.div(fast, stock);
      ratios.dataSync().forEach(r => expect(Math.abs(r - 1)).toBeLessThan(5e-7));
      tf.dispose([x, stock, fast, ratios]);
    });

    for (const [shape, reps] of [
      [[3], [4]],
      [[1], [500]],
      [
        [3, 1],
        [1, 40],
      ],
      [
        [1, 30],
        [20, 1],
      ],
      [
        [2, 3],
        [3, 2],
      ],
      [
        [2, 20],
        [3, 2],
      ],
      [
        [2, 1, 3],
        [2, 4, 1],
      ],
      [
        [2, 3],
        [1, 1],
      ],
      [
        [0, 3],
        [2, 2],
      ],
      [
        [2, 3],
        [0, 2],
      ],
      [[], []],
    ] as Array<[number[], number[]]>) {
      it(`tile [${shape.join()}] by [${reps.join()}]`, () => {
        expectSame(() => tf.tile(numbers(shape, 1), reps), 0);
        expectSame(() => tf.tile(tf.cast(numbers(shape, 1), 'int32'), reps), 0);
        expectSame(() => tf.tile(tf.greater(numbers(shape, 1), 0), reps), 0);
      });
    }

    for (const [shape, begin, size] of [
      [[50], [3], [40]],
      [[50], [3], [0]],
      [
        [5, 7],
        [1, 2],
        [3, 4],
      ],
      [
        [5, 7],
        [2, 0],
        [3, 7],
      ],
      [
        [5, 70],
        [0, 2],
        [5, 30],
      ],
      [
        [3, 4, 5],
        [1, 0, 0],
        [2, 4, 5],
      ],
      [
        [3, 4, 5],
        [0, 1, 0],
        [3, 2, 5],
      ],
      [
        [3, 4, 5],
        [1, 1, 3],
        [1, 2, 2],
      ],
      [
        [2, 3, 1, 5],
        [0, 1, 0, 0],
        [2, 2, 1, 4],
      ],
      [
        [2, 1, 3, 1, 2, 2, 2],
        [0, 0, 1, 0, 0, 1, 0],
        [2, 1, 2, 1, 2, 1, 2],
      ],
      [
        [2, 3],
        [0, 0],
        [2, 3],
      ],
      [
        [0, 3],
        [0, 1],
        [0, 2],
      ],
    ] as Array<[number[], number[], number[]]>) {
      it(`slice [${size.join()}] from [${shape.join()}]`, () => {
        const take = (x: tf.Tensor) => tf.slice(x, begin, size);
        expectSame(() => take(numbers(shape, 1)), 0);
        expectSame(() => take(tf.cast(numbers(shape, 1), 'int32')), 0);
        expectSame(() => take(tf.greater(numbers(shape, 1), 0)), 0);
      });
    }

    it('slice to the end, and refuse what lies outside as the stock kernel does', () => {
      expectSame(() => tf.slice(numbers([4, 5], 1), [1, 2]), 0);
      expectSame(() => tf.slice(numbers([4, 5], 1), [1], -1), 0);
      expectSame(() => tf.slice(numbers([4, 5], 1), 2), 0);
      enableFastKernels();
      expect(() => tf.tidy(() => tf.slice(numbers([4, 5], 1), [2, 0], [3, 5]))).toThrowError(/would overflow/);
    });

    for (const axis of [0, 1, 2, -2]) {
      it(`split and unstack along axis ${axis}`, () => {
        const x = () => numbers([4, 6, 8], 1);
        for (let part = 0; part < 2; part++) {
          expectSame(() => tf.split(x(), 2, axis)[part]!, 0);
          expectSame(() => tf.split(x(), [1, -1, 2], axis)[part]!, 0);
          expectSame(() => tf.unstack(x(), axis)[part]!, 0);
          expectSame(() => tf.unstack(tf.cast(x(), 'int32'), axis)[part]!, 0);
        }
      });
    }

    it('take slices of what is written in words', () => {
      enableFastKernels();
      const words = tf.tensor2d(['a', 'b', 'c', 'd'], [2, 2]);
      const row = tf.slice(words, [1]);
      expect(row.dataSync<'string'>()).toEqual(['c', 'd'] as never);
      tf.dispose([words, row]);
    });

    it('share the data of a clone and of a cast to the same dtype, for as long as either lives', () => {
      enableFastKernels();
      const x = tf.tensor1d([1, 2, 3]);
      const data = tf.memory().numDataBuffers;
      const clone = tf.clone(x);
      const same = tf.cast(x, 'float32');
      expect(tf.memory().numDataBuffers).toBe(data);
      x.dispose();
      clone.dispose();
      expect(Array.from(same.dataSync())).toEqual([1, 2, 3]);
      same.dispose();
      expect(tf.memory().numDataBuffers).toBe(data - 1);
      expectSame(() => tf.cast(tf.tensor1d([0, 1.5, -2.5]), 'int32'), 0);
      expectSame(() => tf.cast(tf.tensor1d([true, false], 'bool'), 'float32'), 0);
    });

    it('keep a clone when the variable that it was made of is assigned', () => {
      enableFastKernels();
      const v = tf.variable(tf.tensor1d([1, 2]));
      const clone = tf.clone(v);
      v.assign(tf.tensor1d([3, 4]));
      expect(Array.from(clone.dataSync())).toEqual([1, 2]);
      expect(Array.from(v.dataSync())).toEqual([3, 4]);
      tf.dispose([v, clone]);
    });

    it('give a dense network the gradients of the stock kernels, and leave no tensor', () => {
      expectSame(() => {
        const x = numbers([24, 60], 1);
        const f = (w: tf.Tensor) => {
          const h = tf.tanh(tf.add(tf.matMul(x, w), tf.sum(w, 0)));
          return tf.sum(tf.square(tf.matMul(h, w, false, true)));
        };
        return tf.grad(f)(tf.mul(numbers([60, 50], 2), 0.1));
      }, 1e-4);
    });
  },
  {only: ['wasm'], inBrief: ['wasm']},
);

describe('enableFastKernels', () => {
  const kernels = () => NAMES.map(name => tf.getKernel(name, 'wasm'));
  beforeEach(() => disableFastKernels());
  afterEach(() => enableFastKernels());

  it('names what it put in place, the same every time, and warns of nothing', () => {
    const warn = spyOn(console, 'warn');
    expect(enableFastKernels()).toEqual(NAMES);
    const tanh = tf.getKernel('Tanh', 'wasm');
    expect(enableFastKernels()).toEqual(NAMES);
    expect(tf.getKernel('Tanh', 'wasm')).toBe(tanh);
    expect(warn).not.toHaveBeenCalled();
  });

  it('is undone by disableFastKernels, for good', () => {
    const stock = kernels();
    enableFastKernels();
    kernels().forEach((kernel, i) => expect(kernel).not.toBe(stock[i]!));
    for (let i = 0; i < 2; i++) {
      disableFastKernels();
      ensureKernels();
      new Normal({loc: 0, scale: 1}).sample().dispose();
      kernels().forEach((kernel, j) => expect(kernel).toBe(stock[j]!));
    }
  });

  it('lasts when the backend is loaded later, or again: from the next use of the library on', () => {
    const stock = kernels();
    NAMES.forEach(name => tf.unregisterKernel(name, 'wasm'));
    try {
      expect(enableFastKernels()).toEqual([]);
      ensureKernels();
      expect(kernels()).toEqual(NAMES.map(() => undefined as never));
    } finally {
      stock.forEach(kernel => tf.registerKernel(kernel));
    }
    expect(kernels()).toEqual(stock);
    new Normal({loc: 0, scale: 1}).sample().dispose();
    kernels().forEach((kernel, i) => expect(kernel).not.toBe(stock[i]!));
    disableFastKernels();
    expect(kernels()).toEqual(stock);
  });

  it('does not speed up what another copy of the library did, which either can undo', () => {
    const stock = tf.getKernel('Tanh', 'wasm');
    const symbol = Symbol.for('tfjs-stochastic.replaced');
    const foreign = {...stock, [symbol]: stock};
    tf.unregisterKernel('Tanh', 'wasm');
    tf.registerKernel(foreign);
    expect(enableFastKernels()).toEqual(NAMES);
    expect(tf.getKernel('Tanh', 'wasm')).toBe(foreign);
    disableFastKernels();
    expect(tf.getKernel('Tanh', 'wasm')).toBe(stock);
  });
});
