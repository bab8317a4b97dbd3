/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {indicator, indicatorBetween} from './functions.js';
import type {FunctionKernel, PairLoop} from '../../kernels/elementwise/definition.js';

/** `inside` where the test holds, NaN where an input is NaN, `outside` elsewhere. */
const shaderOf = (
  name: string,
  parameters: readonly string[],
  test: string,
  inside: string,
  outside: string,
  sets: readonly string[],
) => ({
  name,
  source: () => `fn ${name}(${parameters.map(p => `${p}: f32`).join(', ')}) -> f32 {
    if (${test}) { return ${inside}; }
    return select(${outside}, NAN, ${sets.map(p => `isnan(${p})`).join(' || ')});
  }`,
});

const ENDS = ['x', 'low', 'high'] as const;
const BETWEEN = 'x >= low && x <= high';
const isBetween = (x: number, low: number, high: number) => x >= low && x <= high;
/** What stands for a number outside [low, high]; NaN if one of the three is. */
const settled = (x: number, low: number, high: number) =>
  orNaN(Math.abs(low) < LARGE ? low : Math.abs(high) < LARGE ? high : 0, x, low, high);
/** Ends beyond are as good as open, and formulas may overflow there. */
const LARGE = 1e30;

/** `outside` for a number outside the set, but NaN for NaN. */
const orNaN = (outside: number, x: number, low: number, high: number) =>
  x !== x || low !== low || high !== high ? NaN : outside;

/** A set of numbers that formulas are guarded by, with the kernels that do so. */
export interface GuardSet {
  readonly test: (x: number) => boolean;
  /** A number well inside, at which every formula of a family is finite. Of all numbers it is none at which one of them ends. */
  readonly inside: number;
  readonly guard: FunctionKernel<'value' | 'x'>;
  readonly indicator: FunctionKernel<'x'>;
  readonly settle: FunctionKernel<'x'>;
}

/** Finite numbers from `low` to `high`, both of them too, or of these only the whole ones but `hole`. */
type NumberRange = readonly [low: number, high: number, isWhole?: boolean, hole?: number];

// the numbers of double precision next to 0 and 1: ends of sets without those
const ABOVE_0 = 5e-324;
const BELOW_1 = 0.9999999999999999;

const contains = (x: number, low: number, high: number, isWhole: boolean, hole: number) =>
  x >= low && x <= high && x - x === 0 && (!isWhole || (Math.floor(x) === x && x !== hole));

/** A set by its numbers on the host, and by expression in a shader. */
function setOf(
  name: string,
  [low, high, isWhole = false, hole = NaN]: NumberRange,
  shader: string,
  inside: number,
): GuardSet {
  const test: GuardSet['test'] = x => contains(x, low, high, isWhole, hole);
  const choose = (value: number, x: number, outside: number) => (test(x) ? value : x !== x ? NaN : outside);
  const self: GuardSet = {
    test,
    inside,
    guard: {
      kernelName: `StGuard${name}`,
      inputs: ['value', 'x'],
      scalar: (value, x) => choose(value, x, -Infinity),
      // of every log-probability: comparisons that all sets share, without a call for each number
      loop(values, periodValue, xs, periodX, out) {
        for (let i = 0, j = 0, k = 0; i < out.length; i++) {
          const x = xs[k]!;
          out[i] = contains(x, low, high, isWhole, hole) ? values[j]! : x !== x ? NaN : -Infinity;
          if (++j === periodValue) j = 0;
          if (++k === periodX) k = 0;
        }
      },
      shader: shaderOf(`guard${name}`, ['value', 'x'], shader, 'value', '-INFINITY', ['x']),
      partials: {value: (_, x) => indicator(self, x), x: 'zero'},
    },
    indicator: {
      kernelName: `StIndicator${name}`,
      inputs: ['x'],
      scalar: x => choose(1, x, 0),
      shader: shaderOf(`indicator${name}`, ['x'], shader, '1.0', '0.0', ['x']),
      partials: {x: 'zero'},
    },
    settle: {
      kernelName: `StSettle${name}`,
      inputs: ['x'],
      scalar: x => choose(x, x, inside),
      shader: shaderOf(`settle${name}`, ['x'], shader, 'x', inside.toFixed(1), ['x']),
      partials: {x: x => indicator(self, x)},
    },
  };
  return self;
}

export const REAL = /* @__PURE__ */ setOf('Real', [-Infinity, Infinity], 'abs(x) <= 3.4028234e38', 0.5);
export const POSITIVE = /* @__PURE__ */ setOf('Positive', [ABOVE_0, Infinity], 'x > 0.0 && x <= 3.4028234e38', 1);
export const NON_NEGATIVE = /* @__PURE__ */ setOf('NonNegative', [0, Infinity], 'x >= 0.0 && x <= 3.4028234e38', 1);
export const UNIT_INTERVAL = /* @__PURE__ */ setOf('UnitInterval', [0, 1], 'x >= 0.0 && x <= 1.0', 0.5);
export const OPEN_UNIT_INTERVAL = /* @__PURE__ */ setOf(
  'OpenUnitInterval',
  [ABOVE_0, BELOW_1],
  'x > 0.0 && x < 1.0',
  0.5,
);
export const BOOLEAN = /* @__PURE__ */ setOf('Boolean', [0, 1, true], 'x == 0.0 || x == 1.0', 0);
export const SIGN = /* @__PURE__ */ setOf('Sign', [-1, 1, true, 0], 'x == -1.0 || x == 1.0', 1);
export const COUNTS = /* @__PURE__ */ setOf(
  'Counts',
  [0, Infinity, true],
  'x >= 0.0 && x <= 3.4028234e38 && floor(x) == x',
  0,
);

export const unlessNaNKernel: FunctionKernel<'value' | 'x'> = {
  kernelName: 'StUnlessNaN',
  inputs: ['value', 'x'],
  scalar: (value, x) => (x !== x ? NaN : value),
  shader: {
    name: 'unlessNaN',
    source: () => 'fn unlessNaN(value: f32, x: f32) -> f32 { return select(value, NAN, isnan(x)); }',
  },
  partials: {value: (value, x) => tf.onesLike(tf.add(value, x)), x: 'zero'},
};

// a branch on u < p, which is random, would cost the processor three times as much
const isBelow = (u: number, p: number) => (p !== p ? NaN : Number(u < p));

/** Of every number that is drawn. */
const areBelow: PairLoop = (us, periodU, ps, periodP, out) => {
  const n = out.length;
  for (let i = 0, j = 0, k = 0; i < n; i++) {
    out[i] = isBelow(us[j]!, ps[k]!);
    if (++j === periodU) j = 0;
    if (++k === periodP) k = 0;
  }
};

export const belowKernel: FunctionKernel<'u' | 'p'> = {
  kernelName: 'StBelow',
  inputs: ['u', 'p'],
  scalar: isBelow,
  loop: areBelow,
  shader: {
    name: 'below',
    source: () => 'fn below(u: f32, p: f32) -> f32 { if (u < p) { return 1.0; } return select(0.0, NAN, isnan(p)); }',
  },
  partials: {u: 'zero', p: 'zero'},
};

export const guardBetweenKernel: FunctionKernel<'value' | 'x' | 'low' | 'high'> = {
  kernelName: 'StGuardBetween',
  inputs: ['value', ...ENDS],
  scalar: (value, x, low, high) => (isBetween(x, low, high) ? value : orNaN(-Infinity, x, low, high)),
  shader: shaderOf('guardBetween', ['value', ...ENDS], BETWEEN, 'value', '-INFINITY', ENDS),
  partials: {value: (_, x, low, high) => indicatorBetween(x, low, high), x: 'zero', low: 'zero', high: 'zero'},
};

export const indicatorBetweenKernel: FunctionKernel<'x' | 'low' | 'high'> = {
  kernelName: 'StIndicatorBetween',
  inputs: ENDS,
  scalar: (x, low, high) => (isBetween(x, low, high) ? 1 : orNaN(0, x, low, high)),
  shader: shaderOf('indicatorBetween', ENDS, BETWEEN, '1.0', '0.0', ENDS),
  partials: {x: 'zero', low: 'zero', high: 'zero'},
};

export const settleBetweenKernel: FunctionKernel<'x' | 'low' | 'high'> = {
  kernelName: 'StSettleBetween',
  inputs: ENDS,
  scalar: (x, low, high) => (isBetween(x, low, high) ? x : settled(x, low, high)),
  shader: shaderOf(
    'settleBetween',
    ENDS,
    BETWEEN,
    'x',
    'select(select(0.0, high, abs(high) < 1e30), low, abs(low) < 1e30)',
    ENDS,
  ),
  partials: {x: (x, low, high) => indicatorBetween(x, low, high), low: 'zero', high: 'zero'},
};
