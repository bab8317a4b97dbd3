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

/** A set by its test on the host, and by expression in a shader. */
function setOf(name: string, test: GuardSet['test'], shader: string, inside: number): GuardSet {
  const self: GuardSet = {
    test,
    inside,
    guard: {
      kernelName: `StGuard${name}`,
      inputs: ['value', 'x'],
      scalar: (value, x) => (test(x) ? value : x !== x ? NaN : -Infinity),
      shader: shaderOf(`guard${name}`, ['value', 'x'], shader, 'value', '-INFINITY', ['x']),
      partials: {value: (_, x) => indicator(self, x), x: 'zero'},
    },
    indicator: {
      kernelName: `StIndicator${name}`,
      inputs: ['x'],
      scalar: x => (test(x) ? 1 : x !== x ? NaN : 0),
      shader: shaderOf(`indicator${name}`, ['x'], shader, '1.0', '0.0', ['x']),
      partials: {x: 'zero'},
    },
    settle: {
      kernelName: `StSettle${name}`,
      inputs: ['x'],
      scalar: x => (test(x) ? x : x !== x ? NaN : inside),
      shader: shaderOf(`settle${name}`, ['x'], shader, 'x', inside.toFixed(1), ['x']),
      partials: {x: x => indicator(self, x)},
    },
  };
  return self;
}

export const REAL = /* @__PURE__ */ setOf('Real', x => Number.isFinite(x), 'abs(x) <= 3.4028234e38', 0.5);
export const POSITIVE = /* @__PURE__ */ setOf(
  'Positive',
  x => x > 0 && x < Infinity,
  'x > 0.0 && x <= 3.4028234e38',
  1,
);
export const NON_NEGATIVE = /* @__PURE__ */ setOf(
  'NonNegative',
  x => x >= 0 && x < Infinity,
  'x >= 0.0 && x <= 3.4028234e38',
  1,
);
export const UNIT_INTERVAL = /* @__PURE__ */ setOf('UnitInterval', x => x >= 0 && x <= 1, 'x >= 0.0 && x <= 1.0', 0.5);
export const OPEN_UNIT_INTERVAL = /* @__PURE__ */ setOf(
  'OpenUnitInterval',
  x => x > 0 && x < 1,
  'x > 0.0 && x < 1.0',
  0.5,
);
export const BOOLEAN = /* @__PURE__ */ setOf('Boolean', x => x === 0 || x === 1, 'x == 0.0 || x == 1.0', 0);
export const SIGN = /* @__PURE__ */ setOf('Sign', x => x === -1 || x === 1, 'x == -1.0 || x == 1.0', 1);
export const COUNTS = /* @__PURE__ */ setOf(
  'Counts',
  x => x >= 0 && x < Infinity && Math.floor(x) === x,
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
