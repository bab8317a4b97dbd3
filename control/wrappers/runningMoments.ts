/** The mean and the variance of all that was seen so far. */

/** Mean and variance (that of the population) of each of some numbers, by Welford's update, in double precision. */
export class RunningMoments {
  /** How many were seen. */
  count = 0;
  readonly mean: Float64Array;
  private readonly squares: Float64Array;

  constructor(numbers: number) {
    this.mean = new Float64Array(numbers);
    this.squares = new Float64Array(numbers);
  }

  /** Takes in the row of `values` that begins at `at`. */
  add(values: ArrayLike<number>, at: number): void {
    const {mean, squares} = this;
    this.count++;
    for (let j = 0; j < mean.length; j++) {
      const off = values[at + j]! - mean[j]!;
      mean[j]! += off / this.count;
      squares[j]! += off * (values[at + j]! - mean[j]!);
    }
  }

  /** The variance of number j; 1 before anything was seen. */
  variance(j: number): number {
    return this.count === 0 ? 1 : this.squares[j]! / this.count;
  }
}
