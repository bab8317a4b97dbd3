import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import {checkInside, checkNumber, firstPairBreaking, validate} from '../../src/constraints/check.js';
import * as constraints from '../../src/constraints/index.js';
import {placeOf, hostNumbers} from '../../src/util/numbers.js';

describe('validate', () => {
  it('names the first bad element', () => {
    expect(() => validate('Normal', 'scale', constraints.positive, [1, 2, 3, -1], [4])).toThrowError(
      'Normal: scale must be > 0, got -1 at [3]',
    );
    expect(() => validate('A', 'b', constraints.positive, [0], [])).toThrowError('A: b must be > 0, got 0');
    expect(() => validate('A', 'b', constraints.boolean, [0, 1, NaN, 1], [2, 2])).toThrowError(
      'A: b must be finite, got NaN at [1,0]',
    );
    expect(() => validate('A', 'b', constraints.oneHot, [0, 1, 1, 1], [2, 2])).toThrowError(
      'A: b must be one-hot along the last axis, got [1, 1] at [1]',
    );
    validate('A', 'b', constraints.positive, [], [0, 3]);
    expect(placeOf(5, [2, 3])).toBe(' at [1,2]');
    expect(placeOf(0, [])).toBe('');
  });
});

describe('numbers that float32 spoils', () => {
  const scale = (value: st.Param) => () => new st.Normal({loc: 0, scale: value});

  it('are shown as they were given, with what spoils them, wherever they stand', () => {
    expect(scale(1e300)).toThrowError('Normal: scale must be finite in float32, got 1e+300');
    expect(scale(1e-60)).toThrowError('Normal: scale must be > 0 in float32, got 1e-60');
    expect(scale([1, 1e300])).toThrowError('Normal: scale must be finite in float32, got 1e+300 at [1]');
    expect(scale([[1], [1e-60]])).toThrowError('Normal: scale must be > 0 in float32, got 1e-60 at [1,0]');
    expect(scale(new Float64Array([1e300]))).toThrowError('Normal: scale must be finite in float32, got 1e+300 at [0]');
    expect(() => new st.MultivariateNormalDiag({loc: [0, 1e300], scaleDiag: [1, 1]})).toThrowError(
      'MultivariateNormalDiag: loc must be finite in float32, got [0, 1e+300]',
    );
  });

  it('break the rule itself where they would as they are', () => {
    for (const x of [1e300, Infinity, NaN, -1])
      expect(() => new st.Bernoulli({probs: x})).toThrowError(
        `Bernoulli: probs must be ${Number.isFinite(x) ? 'in [0, 1]' : 'finite'}, got ${x}`,
      );
    expect(scale(-1e300)).toThrowError('Normal: scale must be > 0, got -1e+300');
    expect(scale(Infinity)).toThrowError('Normal: scale must be finite, got Infinity');
  });
});

describe('options that are numbers', () => {
  const read =
    (value: unknown, constraint = constraints.positive, rule = {}) =>
    () =>
      checkNumber('A', 'b', value, constraint, rule);

  it('obey a constraint, also in float32', () => {
    for (const x of [0.5, 1, 3e38]) expect(read(x)).not.toThrow();
    expect(read(1e300)).toThrowError('A: b must be a finite number > 0 in float32, got 1e+300');
    expect(read(1e-60)).toThrowError('A: b must be a finite number > 0 in float32, got 1e-60');
    expect(read(1e-60, constraints.positive, {isDouble: true})).not.toThrow();
    expect(read(1 - 1e-12, constraints.openUnitInterval)).toThrowError(/^A: b must be a number in \(0, 1\) in float32/);
  });

  it('are no texts, lists, booleans, NaN or infinities', () => {
    const shown: Array<[unknown, string]> = [
      ['1', '"1"'],
      [null, 'null'],
      [undefined, 'undefined'],
      [[1], '[1]'],
      [true, 'true'],
      [1n, '1n'],
      [NaN, 'NaN'],
      [Infinity, 'Infinity'],
      [-1, '-1'],
    ];
    for (const [value, got] of shown) {
      expect(read(value)).toThrowError(`A: b must be a finite number > 0, got ${got}`);
      if (value !== -1)
        expect(read(value, constraints.real, {or: 'a function'})).toThrowError(
          `A: b must be a finite number, or a function, got ${got}`,
        );
      expect(read(value, constraints.unitInterval)).toThrowError(`A: b must be a number in [0, 1], got ${got}`);
    }
  });
});

describe('one set of constraints', () => {
  beforeAll(() => tf.setBackend('cpu'));

  /** What is wrong, without who says so. */
  const complaint = (f: () => unknown): string => {
    try {
      f();
    } catch (error) {
      return (error as Error).message.replace(/^[\w.]+: /, '');
    }
    return 'nothing';
  };
  /** Each sampler beside the family that it draws from. */
  const twins: Array<[name: string, family: (x: number) => unknown, sampler: (x: number) => unknown]> = [
    ['scale', x => new st.Normal({loc: 0, scale: x}), x => st.random.normal(1, {scale: x})],
    ['loc', x => new st.Gumbel({loc: x, scale: 1}), x => st.random.gumbel(1, {loc: x})],
    ['rate', x => new st.Exponential({rate: x}), x => st.random.exponential(1, {rate: x})],
    ['concentration', x => new st.Gamma({concentration: x, rate: 1}), x => st.random.gamma(1, {concentration: x})],
    ['df', x => new st.StudentT({df: x, loc: 0, scale: 1}), x => st.random.studentT(1, {df: x})],
    ['probs', x => new st.Bernoulli({probs: x}), x => st.random.bernoulli(1, {probs: x})],
    ['concentration', x => new st.VonMises({loc: 0, concentration: x}), x => st.random.vonMises(1, {concentration: x})],
    [
      'low',
      x => new st.TruncatedNormal({loc: 0, scale: 1, low: x, high: Infinity}),
      x => st.random.truncatedNormal(1, {low: x, high: 9}),
    ],
  ];

  it('serves families and samplers: both refuse the same, in the same words', () => {
    let refused = 0;
    for (const [name, family, sampler] of twins) {
      for (const x of [-1.1, -1e-60, 0, 1e-60, 0.5, 1, 1.1, Infinity, -Infinity, NaN]) {
        const [one, other] = [complaint(() => family(x)), complaint(() => tf.dispose(sampler(x) as tf.Tensor))];
        expect(other).withContext(`${name} ${x}`).toBe(one);
        refused += Number(one !== 'nothing');
      }
    }
    expect(refused).toBeGreaterThan(30);
  });
});

describe('pairs of parameters', () => {
  const numbers = (x: tf.TensorLike) => hostNumbers('A', 'b', x);
  const isLess = (a: number, b: number): boolean => a < b;

  it('are found where they meet by broadcasting', () => {
    expect(firstPairBreaking('A', numbers([[0], [5]]), numbers([1, 3]), isLess)).toEqual({
      values: [5, 1],
      place: ' at [1,0]',
    });
    expect(firstPairBreaking('A', numbers(0), numbers([1, 3]), isLess)).toBeNull();
    expect(firstPairBreaking('A', numbers(NaN), numbers(1), isLess)).toEqual({values: [NaN, 1], place: ''});
    expect(() => firstPairBreaking('A', numbers([1, 2]), numbers([1, 2, 3]), isLess)).toThrowError(/^A: shapes must/);
  });
});

describe('values', () => {
  it('outside are named with their place, and no tensor stays', async () => {
    await tf.setBackend('cpu');
    const before = tf.memory().numTensors;
    checkInside('A', 'b', [0, 1], constraints.unitInterval);
    expect(() =>
      checkInside(
        'A',
        'b',
        [
          [0, 1],
          [0.5, 2],
        ],
        constraints.unitInterval,
      ),
    ).toThrowError('A: b must be in [0, 1], got 2 at [1,1]');
    expect(() =>
      checkInside(
        'A',
        'b',
        [
          [0, 1],
          [1, 1],
        ],
        constraints.oneHot,
      ),
    ).toThrowError('A: b must be one-hot along the last axis, got [1, 1] at [1]');
    expect(tf.memory().numTensors).toBe(before);
  });
});
