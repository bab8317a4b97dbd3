/** All ways in which n trials can fall into classes. */
import {check} from '../util/errors.js';

/** The most values that may be listed. */
const MOST_VALUES = 2 ** 20;

/** The number of them, C(n + classes − 1, classes − 1). */
function numberOf(n: number, classes: number): number {
  let count = 1;
  for (let i = 1; i < classes; i++) count = (count * (n + i)) / i;
  return Math.round(count);
}

/** The vectors of `classes` whole numbers >= 0 that sum to n, row by row, the first falling from n to 0. */
export function compositions(who: string, n: number, classes: number): {values: Float32Array; rows: number} {
  const rows = numberOf(n, classes);
  check(rows <= MOST_VALUES, who, `there may be at most ${MOST_VALUES} values`, rows);
  const values = new Float32Array(rows * classes);
  const current = new Array<number>(classes).fill(0);
  let row = 0;
  const place = (at: number, left: number): void => {
    if (at === classes - 1) {
      current[at] = left;
      values.set(current, row++ * classes);
      return;
    }
    for (let k = left; k >= 0; k--) {
      current[at] = k;
      place(at + 1, left - k);
    }
  };
  place(0, n);
  return {values, rows};
}
