/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {indicator, indicatorBetween} from './functions.js';
import type {FunctionKernel, PairLoop} from '../../kernels/elementwise/definition.js';
import {guardNames, SETS, type GuardSet} from './sets.js';

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

const literalOf = (x: number) => x.toFixed(1);
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

/** A kernel for each set. */
function forEach<I extends string>(
  make: (set: GuardSet) => FunctionKernel<I>,
): Readonly<Record<GuardSet, FunctionKernel<I>>> {
  // of all names
  return Object.fromEntries(guardNames.map(set => [set, make(set)])) as Record<GuardSet, FunctionKernel<I>>;
}

export const guardKernels = /* @__PURE__ */ forEach((set): FunctionKernel<'value' | 'x'> => {
  const {test, shader} = SETS[set];
  return {
    kernelName: `StGuard${set}`,
    inputs: ['value', 'x'],
    scalar: (value, x) => (test(x) ? value : x !== x ? NaN : -Infinity),
    shader: shaderOf(`guard${set}`, ['value', 'x'], shader, 'value', '-INFINITY', ['x']),
    partials: {value: (_, x) => indicator(set, x), x: 'zero'},
  };
});

export const indicatorKernels = /* @__PURE__ */ forEach((set): FunctionKernel<'x'> => {
  const {test, shader} = SETS[set];
  return {
    kernelName: `StIndicator${set}`,
    inputs: ['x'],
    scalar: x => (test(x) ? 1 : x !== x ? NaN : 0),
    shader: shaderOf(`indicator${set}`, ['x'], shader, '1.0', '0.0', ['x']),
    partials: {x: 'zero'},
  };
});

export const settleKernels = /* @__PURE__ */ forEach((set): FunctionKernel<'x'> => {
  const {test, shader, inside} = SETS[set];
  return {
    kernelName: `StSettle${set}`,
    inputs: ['x'],
    scalar: x => (test(x) ? x : x !== x ? NaN : inside),
    shader: shaderOf(`settle${set}`, ['x'], shader, 'x', literalOf(inside), ['x']),
    partials: {x: x => indicator(set, x)},
  };
});

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
