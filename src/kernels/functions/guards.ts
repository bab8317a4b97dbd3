/** Kernels of src/math/guards.ts. */
import {guardNames, indicator, indicatorBetween, kernelNameOf, SETS} from '../../math/guards.js';
import type {FunctionKernel} from '../elementwise/definition.js';

const shaderOf = (name: string, parameters: string, test: string) => ({
  name,
  source: `fn ${name}(${parameters}) -> f32 { if (${test}) { return value; } return -INFINITY; }`,
});

const BETWEEN = 'x >= low && x <= high';

export const guardKernels: readonly FunctionKernel[] = [
  ...guardNames.flatMap((set): FunctionKernel[] => {
    const {test, shader} = SETS[set];
    return [
      {
        kernelName: kernelNameOf('Guard', set), inputs: ['value', 'x'], scalar: (value, x) => (test(x) ? value : -Infinity),
        shader: shaderOf(`guard${set}`, 'value: f32, x: f32', shader),
        partials: {value: (_, x) => indicator(set, x), x: 'zero'},
      },
      {
        kernelName: kernelNameOf('Indicator', set), inputs: ['x'], scalar: x => (test(x) ? 1 : 0),
        shader: {name: `indicator${set}`, source: `fn indicator${set}(x: f32) -> f32 { if (${shader}) { return 1.0; } return 0.0; }`},
        partials: {x: 'zero'},
      },
    ];
  }),
  {
    kernelName: 'StGuardBetween', inputs: ['value', 'x', 'low', 'high'],
    scalar: (value, x, low, high) => (x >= low && x <= high ? value : -Infinity),
    shader: shaderOf('guardBetween', 'value: f32, x: f32, low: f32, high: f32', BETWEEN),
    partials: {value: (_, x, low, high) => indicatorBetween(x, low, high), x: 'zero', low: 'zero', high: 'zero'},
  },
  {
    kernelName: 'StIndicatorBetween', inputs: ['x', 'low', 'high'], scalar: (x, low, high) => (x >= low && x <= high ? 1 : 0),
    shader: {
      name: 'indicatorBetween',
      source: `fn indicatorBetween(x: f32, low: f32, high: f32) -> f32 { if (${BETWEEN}) { return 1.0; } return 0.0; }`,
    },
    partials: {x: 'zero', low: 'zero', high: 'zero'},
  },
];
