/** Functions that optimizers are compared on, in double precision; the least value of each is 0. */
import * as st from 'tfjs-stochastic';

export type TestFunction = (x: ArrayLike<number>) => number;

/** Σ 100(x_{i+1} − x_i²)² + (1 − x_i)², least at (1, …, 1). */
export const rosenbrock: TestFunction = x => {
  let sum = 0;
  for (let i = 0; i + 1 < x.length; i++) sum += 100 * (x[i + 1]! - x[i]! ** 2) ** 2 + (1 - x[i]!) ** 2;
  return sum;
};

/** 10n + Σ xᵢ² − 10 cos 2πxᵢ, least at 0, with another local minimum near each point of whole numbers. */
export const rastrigin: TestFunction = x => {
  let sum = 10 * x.length;
  for (let i = 0; i < x.length; i++) sum += x[i]! ** 2 - 10 * Math.cos(2 * Math.PI * x[i]!);
  return sum;
};

/** Rosenbrock's function of BBOB, f8 (Hansen et al. 2009, RR-6829): its optimum is uniform in [−3, 3]ⁿ. */
export function bbobRosenbrock(n: number, key: st.random.Key): TestFunction {
  const optimum = uniform(n, -3, 3, key);
  const scale = Math.max(1, Math.sqrt(n) / 8);
  return x => rosenbrock(optimum.map((o, i) => scale * (x[i]! - o) + 1));
}

/**
 * Rastrigin's function of BBOB, f15 (the same report): rotated twice, its axes of different lengths, oscillating and
 * asymmetric; its optimum is uniform in [−4, 4]ⁿ.
 */
export function bbobRastrigin(n: number, key: st.random.Key): TestFunction {
  const [forOptimum, forR, forQ] = st.random.split(key, 3) as [st.random.Key, st.random.Key, st.random.Key];
  const optimum = uniform(n, -4, 4, forOptimum);
  const [r, q] = [rotation(n, forR), rotation(n, forQ)];
  return x => {
    const shifted = rotated(
      r,
      optimum.map((o, i) => x[i]! - o),
    ).map(oscillate);
    const uneven = shifted.map((v, i) => (v > 0 ? v ** (1 + ((0.2 * i) / (n - 1)) * Math.sqrt(v)) : v));
    return rastrigin(
      rotated(
        r,
        rotated(q, uneven).map((v, i) => 10 ** ((0.5 * i) / (n - 1)) * v),
      ),
    );
  };
}

/** T_osz of the report. */
function oscillate(x: number): number {
  if (x === 0) return 0;
  const log = Math.log(Math.abs(x));
  const [a, b] = x > 0 ? [10, 7.9] : [5.5, 3.1];
  return Math.sign(x) * Math.exp(log + 0.049 * (Math.sin(a * log) + Math.sin(b * log)));
}

export function uniform(n: number, least: number, most: number, key: st.random.Key): number[] {
  const drawn = st.random.uniform([n], {key});
  const values = Array.from(drawn.dataSync(), u => least + (most - least) * u);
  drawn.dispose();
  return values;
}

/** Rows of a random rotation: normal rows made orthonormal one after another. */
function rotation(n: number, key: st.random.Key): number[][] {
  const drawn = st.random.normal([n, n], {key});
  const values = drawn.dataSync();
  drawn.dispose();
  const rows: number[][] = [];
  for (let i = 0; i < n; i++) {
    let row = Array.from(values.slice(i * n, (i + 1) * n));
    for (const other of rows) {
      const along = dot(row, other);
      row = row.map((v, j) => v - along * other[j]!);
    }
    const length = Math.sqrt(dot(row, row));
    rows.push(row.map(v => v / length));
  }
  return rows;
}

const rotated = (rows: readonly number[][], x: readonly number[]): number[] => rows.map(row => dot(row, x));

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, v, i) => sum + v * b[i]!, 0);
}
