/** Kernels at ranks that the backends of tfjs do not know, against values computed element by element. */
import * as tf from '@tensorflow/tfjs-core';
import {describeBackends, inBrief} from '../helpers/backends.js';
import {read} from '../helpers/near.js';
import {broadcast, numbers, places, reduce, sizeOf, toTensor, type Values} from './ranks/reference.js';

/** A software GPU compiles a program a second: in brief two ranks, and at the second few of the binary kernels. */
const RANKS = inBrief ? [6, 8] : [5, 6, 7, 8];

/** Sizes from 1 to 3, different from axis to axis. */
const full = (rank: number): number[] => [2, 3, 1, 2, 3, 2, 2, 3].slice(0, rank);

/** The axes of `shape` that `keep` names, with 1 in the places of the others. */
const thin = (shape: number[], keep: (axis: number) => boolean): number[] =>
  shape.map((d, axis) => (keep(axis) ? d : 1));

describeBackends('kernels of high rank', gpu => {
  // Data is where the backend computes: small tensors of the GPUs stay with the host until a kernel has touched them.
  const onDevice = (v: Values): tf.Tensor => tf.sqrt(tf.square(toTensor(v)));

  async function expectValues(actual: tf.Tensor, expected: Values, what: string, tolerance = 2e-6): Promise<void> {
    expect(actual.shape).withContext(what).toEqual(expected.shape);
    const got = await read(actual);
    const exact = places(expected.shape).map(c => expected.at(c));
    const wrong = exact.findIndex((e, i) => !(Math.abs(got[i]! - e) <= tolerance * (1 + Math.abs(e))));
    if (wrong >= 0) fail(`${what}: element ${wrong} is ${got[wrong]}, exact ${exact[wrong]}`);
  }

  const binaries: Record<
    string,
    [op: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, exact: (a: number, b: number) => number]
  > = {
    add: [tf.add, (a, b) => a + b],
    sub: [tf.sub, (a, b) => a - b],
    mul: [tf.mul, (a, b) => a * b],
    div: [tf.div, (a, b) => a / b],
    pow: [tf.pow, (a, b) => a ** b],
    maximum: [tf.maximum, Math.max],
    minimum: [tf.minimum, Math.min],
    squaredDifference: [tf.squaredDifference, (a, b) => (a - b) ** 2],
    atan2: [tf.atan2, Math.atan2],
    // webgl's rounds what it is given
    floorDiv: [
      (a, b) => tf.floorDiv(tf.floor(tf.mul(a, 8)), tf.ceil(tf.mul(b, 2))),
      (a, b) => Math.floor(Math.floor(a * 8) / Math.ceil(b * 2)),
    ],
    mod: [tf.mod, (a, b) => a % b],
    prelu: [(a, b) => tf.prelu(tf.neg(a), b), (a, b) => -a * b],
    greater: [(a, b) => tf.cast(tf.greater(a, b), 'float32'), (a, b) => Number(a > b)],
    greaterEqual: [(a, b) => tf.cast(tf.greaterEqual(a, b), 'float32'), (a, b) => Number(a >= b)],
    less: [(a, b) => tf.cast(tf.less(a, b), 'float32'), (a, b) => Number(a < b)],
    lessEqual: [(a, b) => tf.cast(tf.lessEqual(a, b), 'float32'), (a, b) => Number(a <= b)],
    equal: [(a, b) => tf.cast(tf.equal(a, b), 'float32'), (a, b) => Number(a === b)],
    notEqual: [(a, b) => tf.cast(tf.notEqual(a, b), 'float32'), (a, b) => Number(a !== b)],
    logicalAnd: [
      (a, b) => tf.cast(tf.logicalAnd(tf.greater(a, 1), tf.greater(b, 1)), 'float32'),
      (a, b) => Number(a > 1 && b > 1),
    ],
    logicalOr: [
      (a, b) => tf.cast(tf.logicalOr(tf.greater(a, 1), tf.greater(b, 1)), 'float32'),
      (a, b) => Number(a > 1 || b > 1),
    ],
    where: [(a, b) => tf.where(tf.greater(a, b), a, tf.neg(b)), (a, b) => (a > b ? a : -b)],
  };

  /** Pairs of shapes that broadcast in all the ways there are. */
  const pairs = (shape: number[]): Array<[string, number[], number[]]> => [
    ['equal shapes', shape, shape],
    ['a vector', shape, shape.slice(-1)],
    ['a matrix before', shape.slice(-2), shape],
    ['a leading axis', shape, thin(shape, axis => axis === 0)],
    ['every other axis', thin(shape, axis => axis % 2 === 0), thin(shape, axis => axis % 2 === 1)],
    ['every other axis of one', shape, thin(shape, axis => axis % 2 === 0)],
    ['a scalar', shape, []],
  ];

  for (const rank of RANKS) {
    const names = Object.keys(binaries).filter(
      name => !inBrief || (rank === 6 && gpu === 'webgpu') || ['sub', 'where', 'greater'].includes(name),
    );
    for (const name of names) {
      it(`broadcast in ${name} at rank ${rank}`, async () => {
        const [op, exact] = binaries[name]!;
        const shape = full(rank);
        for (const [what, a, b] of pairs(shape)) {
          if (name === 'prelu' && a !== shape) continue; // its output has the shape of the first
          const [x, y] = [numbers(a, 1), numbers(b, 2)];
          const out = tf.tidy(() => op(onDevice(x), onDevice(y)));
          const [u, v] = [broadcast(x, shape), broadcast(y, shape)];
          await expectValues(
            out,
            {shape, at: c => exact(u.at(c), v.at(c))},
            `${name}, ${what}`,
            name === 'pow' || name === 'atan2' ? 2e-5 : 2e-6,
          );
          out.dispose();
        }
      });
    }

    it(`reduce at rank ${rank}`, async () => {
      const shape = full(rank);
      const v = numbers(shape, 3);
      const x = onDevice(v);
      const choices = [
        [rank - 1],
        [0],
        [1],
        [1, 3],
        [0, 2, 4],
        [...shape.keys()],
        [...shape.keys()].filter(i => i % 2 === 0),
      ];
      for (const axes of choices) {
        const count = sizeOf(axes.map(i => shape[i]!));
        const total = reduce(v, axes, 0, (s, a) => s + a);
        const cases: Array<[string, tf.Tensor, Values]> = [
          ['sum', tf.sum(x, axes), total],
          ['mean', tf.mean(x, axes), {shape: total.shape, at: c => total.at(c) / count}],
          ['max', tf.max(x, axes), reduce(v, axes, -Infinity, Math.max)],
          ['min', tf.min(x, axes), reduce(v, axes, Infinity, Math.min)],
          ['prod', tf.prod(x, axes), reduce(v, axes, 1, (s, a) => s * a)],
          [
            'any',
            tf.tidy(() => tf.cast(tf.any(tf.greater(x, 1.5), axes), 'float32')),
            reduce(v, axes, 0, (s, a) => Math.max(s, Number(a > 1.5))),
          ],
          [
            'all',
            tf.tidy(() => tf.cast(tf.all(tf.greater(x, 0.5), axes), 'float32')),
            reduce(v, axes, 1, (s, a) => Math.min(s, Number(a > 0.5))),
          ],
        ];
        for (const [what, actual, expected] of cases)
          await expectValues(actual, expected, `${what} over ${axes.join()}`, 1e-5);
        const kept = tf.sum(x, axes, true);
        expect(kept.shape).toEqual(shape.map((d, i) => (axes.includes(i) ? 1 : d)));
        tf.dispose([kept, cases.map(([, t]) => t)]);
      }
      x.dispose();
    });

    it(`move elements at rank ${rank}`, async () => {
      const shape = full(rank);
      const v = numbers(shape, 4);
      const x = onDevice(v);
      const axes = [...shape.keys()];
      for (const perm of [
        [...axes].reverse(),
        [...axes.slice(1), 0],
        [rank - 1, ...axes.slice(0, -1)],
        [...axes.slice(2), 1, 0],
        axes,
      ]) {
        const inverse = axes.map(i => perm.indexOf(i));
        const out = tf.transpose(x, perm);
        await expectValues(
          out,
          {shape: perm.map(i => shape[i]!), at: c => v.at(inverse.map(i => c[i]!))},
          `transpose ${perm.join()}`,
          0,
        );
        out.dispose();
      }
      const begin = shape.map((d, i) => (d > 1 && i % 3 !== 2 ? 1 : 0));
      const size = shape.map((d, i) => d - begin[i]!);
      const reps = shape.map((_, i) => [1, 2, 3][i % 3]!);
      const paddings = shape.map((_, i): [number, number] => [i % 2, i % 3 === 0 ? 1 : 0]);
      const isInside = (c: readonly number[]) =>
        c.every((at, i) => at >= paddings[i]![0] && at < paddings[i]![0] + shape[i]!);
      const odd = axes.filter(i => i % 2 === 1);
      const middle = 1;
      const at = (c: readonly number[], axis: number, to: number) => c.map((d, i) => (i === axis ? to : d));
      const grown = shape.map((d, i) => (i === middle ? 2 * d : d));
      const cases: Array<[string, tf.Tensor, Values]> = [
        ['slice', tf.slice(x, begin, size), {shape: size, at: c => v.at(c.map((d, i) => d + begin[i]!))}],
        [
          'tile',
          tf.tile(x, reps),
          {shape: shape.map((d, i) => d * reps[i]!), at: c => v.at(c.map((d, i) => d % shape[i]!))},
        ],
        [
          'pad',
          tf.pad(x, paddings, 7),
          {
            shape: shape.map((d, i) => d + paddings[i]![0] + paddings[i]![1]),
            at: c => (isInside(c) ? v.at(c.map((d, i) => d - paddings[i]![0])) : 7),
          },
        ],
        [
          'reverse',
          tf.reverse(x, odd),
          {shape, at: c => v.at(c.map((d, i) => (odd.includes(i) ? shape[i]! - 1 - d : d)))},
        ],
        [
          'concat',
          tf.concat([x, x], middle),
          {shape: grown, at: c => v.at(at(c, middle, c[middle]! % shape[middle]!))},
        ],
        [
          'stack',
          tf.stack([x, x], 2),
          {shape: [...shape.slice(0, 2), 2, ...shape.slice(2)], at: c => v.at([...c.slice(0, 2), ...c.slice(3)])},
        ],
        [
          'gather',
          tf.gather(x, tf.tensor1d([2, 0], 'int32'), middle),
          {shape: at(shape, middle, 2), at: c => v.at(at(c, middle, [2, 0][c[middle]!]!))},
        ],
        [
          'cumsum',
          tf.cumsum(x, middle),
          {
            shape,
            at: c => Array.from({length: c[middle]! + 1}, (_, i) => v.at(at(c, middle, i))).reduce((a, b) => a + b),
          },
        ],
        [
          'broadcastTo',
          tf.broadcastTo(
            tf.slice(
              x,
              shape.map(() => 0),
              thin(shape, i => i % 2 === 0),
            ),
            shape,
          ),
          {shape, at: c => v.at(c.map((d, i) => (i % 2 === 0 ? d : 0)))},
        ],
        [
          'unstack',
          tf.unstack(x, middle)[1]!,
          {shape: shape.filter((_, i) => i !== middle), at: c => v.at([c[0]!, 1, ...c.slice(1)])},
        ],
        [
          'split',
          tf.split(x, [1, 2], middle)[1]!,
          {shape: at(shape, middle, 2), at: c => v.at(at(c, middle, c[middle]! + 1))},
        ],
        [
          'argMax',
          tf.cast(tf.argMax(x, middle), 'float32'),
          {
            shape: shape.filter((_, i) => i !== middle),
            at: c =>
              [0, 1, 2].reduce(
                (best, i) => (v.at([c[0]!, i, ...c.slice(1)]) > v.at([c[0]!, best, ...c.slice(1)]) ? i : best),
                0,
              ),
          },
        ],
        [
          'oneHot',
          tf.oneHot(tf.cast(tf.floor(x), 'int32'), 3),
          {shape: [...shape, 3], at: c => Number(Math.floor(v.at(c.slice(0, -1))) === c.at(-1)!)},
        ],
        [
          'softmax',
          tf.softmax(x),
          {
            shape,
            at: c =>
              Math.exp(v.at(c)) /
              Array.from({length: shape.at(-1)!}, (_, i) => Math.exp(v.at(at(c, rank - 1, i)))).reduce((a, b) => a + b),
          },
        ],
      ];
      for (const [what, actual, expected] of cases) await expectValues(actual, expected, what, 2e-6);
      tf.dispose([x, cases.map(([, t]) => t)]);
    });

    it(`work on each element at rank ${rank}`, async () => {
      const shape = full(rank);
      const v = numbers(shape, 5);
      const x = onDevice(v);
      const cases: Array<[string, tf.Tensor, (a: number) => number]> = [
        ['exp', tf.exp(x), Math.exp],
        ['clip', tf.clipByValue(x, 0.5, 1.5), a => Math.min(1.5, Math.max(0.5, a))],
        ['cast', tf.cast(tf.cast(tf.mul(x, 3), 'int32'), 'float32'), a => Math.trunc(Math.fround(a * 3))],
        ['not', tf.cast(tf.logicalNot(tf.greater(x, 1)), 'float32'), a => Number(!(a > 1))],
        ['zeros', tf.zerosLike(x), () => 0],
        ['ones', tf.onesLike(x), () => 1],
        ['fill', tf.fill(shape, 2.5), () => 2.5],
        ['addN', tf.addN([x, x, x, x, x, x, x, x, x]), a => 9 * a],
      ];
      for (const [what, actual, exact] of cases)
        await expectValues(actual, {shape, at: c => exact(v.at(c))}, what, 1e-5);
      tf.dispose([x, cases.map(([, t]) => t)]);
    });

    it(`differentiate through broadcasting at rank ${rank}`, async () => {
      const shape = full(rank);
      for (const small of [
        shape.slice(-1),
        shape.slice(-2),
        thin(shape, i => i % 2 === 0),
        thin(shape, i => i === 0),
        [],
      ]) {
        const [u, v] = [numbers(shape, 6), numbers(small, 7)];
        const weighed = tf.tidy(() => {
          const [a, b] = [onDevice(u), onDevice(v)];
          // a·y summed over the axes along which y was broadcast
          return tf.grad(y => tf.sum(tf.div(tf.mul(a, tf.square(y)), 2)))(b);
        });
        const wide: Values = {shape, at: c => u.at(c) * broadcast(v, shape).at(c)};
        const padded = [...new Array<number>(rank - small.length).fill(1), ...small];
        const summed = shape.flatMap((d, i) => (padded[i] === 1 && d !== 1 ? [i] : []));
        const total = reduce(wide, summed, 0, (s, a) => s + a);
        const exact = {
          shape: small,
          at: (c: readonly number[]) => {
            const fullPlace = [...new Array<number>(rank - small.length).fill(0), ...c];
            return total.at(fullPlace.filter((_, i) => !summed.includes(i)));
          },
        };
        await expectValues(weighed, exact, `gradient of [${small.join()}]`, 1e-5);
        weighed.dispose();
      }
    });
  }

  it('leave no data behind', async () => {
    const shape = full(7);
    const [x, y] = [
      onDevice(numbers(shape, 1)),
      onDevice(
        numbers(
          thin(shape, i => i % 2 === 0),
          2,
        ),
      ),
    ];
    await Promise.all([x.data(), y.data()]);
    const before = {tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()};
    const outs = tf.tidy(() => [
      tf.add(x, y),
      tf.sum(x, [0, 2, 4, 6]),
      tf.transpose(x),
      tf.tile(x, [2, 1, 2, 1, 2, 1, 2]),
      tf.slice(x, [1, 1], [1, 1]),
      tf.where(tf.greater(x, y), x, y),
      tf.mean(x, [1, 3]),
    ]);
    for (const out of outs) await out.data();
    tf.dispose(outs);
    expect({tensors: tf.memory().numTensors, data: tf.engine().backend.numDataIds()}).toEqual(before);
    tf.dispose([x, y]);
  });
});
