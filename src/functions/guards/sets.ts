/** The sets that formulas are guarded by. */

/**
 * Sets of numbers, by test on the host and by expression in a shader, and a number well inside, at which every formula
 * of a family is finite. Of all numbers it is none at which one of them ends.
 */
export const SETS = {
  Real: {test: (x: number) => Number.isFinite(x), shader: 'abs(x) <= 3.4028234e38', inside: 0.5},
  Positive: {test: (x: number) => x > 0 && x < Infinity, shader: 'x > 0.0 && x <= 3.4028234e38', inside: 1},
  NonNegative: {test: (x: number) => x >= 0 && x < Infinity, shader: 'x >= 0.0 && x <= 3.4028234e38', inside: 1},
  UnitInterval: {test: (x: number) => x >= 0 && x <= 1, shader: 'x >= 0.0 && x <= 1.0', inside: 0.5},
  OpenUnitInterval: {test: (x: number) => x > 0 && x < 1, shader: 'x > 0.0 && x < 1.0', inside: 0.5},
  Boolean: {test: (x: number) => x === 0 || x === 1, shader: 'x == 0.0 || x == 1.0', inside: 0},
  Sign: {test: (x: number) => x === -1 || x === 1, shader: 'x == -1.0 || x == 1.0', inside: 1},
  Counts: {
    test: (x: number) => x >= 0 && x < Infinity && Math.floor(x) === x,
    shader: 'x >= 0.0 && x <= 3.4028234e38 && floor(x) == x',
    inside: 0,
  },
} as const;

export type GuardSet = keyof typeof SETS;
export const guardNames = Object.keys(SETS) as GuardSet[]; // the keys of a constant record
