/** Sums of many numbers in double precision. */

/** Numbers that one call adds: in one that is much longer, V8 replaces the running function by a slower form. */
const PART = 4096;

/**
 * Adds `n` numbers from `at` on, its halves side by side and in each eight at a time: the processor need not wait for
 * one sum to begin the next, and reads ahead twice.
 */
function addUp(values: Float32Array, at: number, n: number): number {
  let a = 0;
  let b = 0;
  let i = at;
  const middle = at + (n >> 1);
  let j = middle;
  for (; i < middle - 7; i += 8, j += 8) {
    a +=
      values[i]! +
      values[i + 1]! +
      (values[i + 2]! + values[i + 3]!) +
      (values[i + 4]! + values[i + 5]! + (values[i + 6]! + values[i + 7]!));
    b +=
      values[j]! +
      values[j + 1]! +
      (values[j + 2]! + values[j + 3]!) +
      (values[j + 4]! + values[j + 5]! + (values[j + 6]! + values[j + 7]!));
  }
  for (; i < middle; i++) a += values[i]!;
  for (; j < at + n; j++) b += values[j]!;
  return a + b;
}

/** The sum of `n` numbers from `at` on. Of float32 numbers it is finite where all of them are. */
export function total(values: Float32Array, at = 0, n = values.length - at): number {
  let sum = 0;
  for (let i = 0; i < n; i += PART) sum += addUp(values, at + i, Math.min(PART, n - i));
  return sum;
}
