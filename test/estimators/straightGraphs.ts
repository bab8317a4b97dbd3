/**
 * What biased estimators should estimate: programs of soft or straightened draws in plain numbers, with forward
 * derivatives, averaged over every outcome of every draw in double precision.
 */
import {sigmoid} from '../helpers/estimates.js';
import type {Values} from './problems.js';

/** A number and its derivatives with respect to every parameter. */
export interface Dual {
  readonly x: number;
  readonly d: readonly number[];
}

/**
 * One outcome of a draw from given logits: its probability, the value and what the estimator takes for ∂value/∂logits.
 */
export interface Outcome {
  readonly p: number;
  readonly value: readonly number[];
  readonly slope: readonly (readonly number[])[];
}
export type Law = (logits: readonly number[]) => Outcome[];

/** The mean cost of a program on parameters and draws. */
export type Straight = (p: Record<string, Dual[]>, draw: (logits: Dual[]) => Dual[]) => Dual;

/** Each dual times a factor, and a constant. */
export const linear = (terms: ReadonlyArray<readonly [number, Dual]>, constant = 0): Dual => ({
  x: terms.reduce((sum, [w, a]) => sum + w * a.x, constant),
  d: terms[0]![1].d.map((_, i) => terms.reduce((sum, [w, a]) => sum + w * a.d[i]!, 0)),
});
export const sum = (...terms: Dual[]): Dual => linear(terms.map(t => [1, t]));
export const apply = (f: (x: number) => number, slope: (x: number) => number, a: Dual): Dual => ({
  x: f(a.x),
  d: a.d.map(v => slope(a.x) * v),
});
/** w(a − target)². */
export const square = (a: Dual, target = 0, w = 1): Dual =>
  apply(
    x => w * (x - target) ** 2,
    x => 2 * w * (x - target),
    a,
  );
export const exp = (a: Dual): Dual => apply(Math.exp, Math.exp, a);

/** The expected gradient of a program whose draws follow `law`, by running it on every combination of outcomes. */
export function expectedGradient(parameters: Values, program: Straight, law: Law): Values {
  const names = Object.keys(parameters);
  const size = names.reduce((n, name) => n + parameters[name]!.length, 0);
  let at = 0;
  const duals = Object.fromEntries(
    names.map(name => [
      name,
      parameters[name]!.map((x): Dual => {
        const own = at++;
        return {x, d: Array.from({length: size}, (_, i) => (i === own ? 1 : 0))};
      }),
    ]),
  );
  const total = new Array<number>(size).fill(0);
  const memo = new Map<string, Outcome[]>();
  const outcomesOf = (logits: number[]): Outcome[] => {
    const key = logits.join();
    if (!memo.has(key)) memo.set(key, law(logits));
    return memo.get(key)!;
  };
  const chosen: number[] = [];
  const counts: number[] = [];
  do {
    let [place, weight] = [0, 1];
    const {d} = program(duals, logits => {
      const outcomes = outcomesOf(logits.map(l => l.x));
      const k = place++;
      chosen[k] ??= 0;
      counts[k] = outcomes.length;
      const {p, value, slope} = outcomes[chosen[k]]!;
      weight *= p;
      return value.map((x, i) => ({...linear(logits.map((l, j) => [slope[i]![j]!, l] as const)), x}));
    });
    d.forEach((v, i) => (total[i]! += weight * v));
    while (chosen.length > 0 && ++chosen[chosen.length - 1]! >= counts[chosen.length - 1]!) chosen.pop();
  } while (chosen.length > 0);
  at = 0;
  return Object.fromEntries(names.map(name => [name, parameters[name]!.map(() => total[at++]!)]));
}

/** The program that belongs to a problem of `problems.ts`, by title. */
export const straight: Record<string, Straight> = {
  'one node': ({theta}, draw) => square(draw(theta!)[0]!, 0.3, 3),
  'one node with probs': ({theta}, draw) =>
    square(
      draw([
        apply(
          p => Math.log(p / (1 - p)),
          p => 1 / (p * (1 - p)),
          theta![0]!,
        ),
      ])[0]!,
      -0.6,
    ),
  'a chain of two with a cost at each': ({theta}, draw) => {
    const a = draw([theta![0]!])[0]!;
    const b = draw([
      linear(
        [
          [1, theta![1]!],
          [1.5, a],
        ],
        -0.5,
      ),
    ])[0]!;
    return sum(square(a, 0.2), square(b, -0.4, 2));
  },
  'a fork: costs of which one is not downstream': ({theta}, draw) => {
    const [a, b] = [draw([theta![0]!])[0]!, draw([theta![1]!])[0]!];
    return sum(square(a, 0.3), linear([[1.5, a]]), square(b, 0.8, 4), square(theta![1]!));
  },
  'two nodes in parallel with a joint cost': ({theta}, draw) => {
    const [a, b] = [draw([theta![0]!])[0]!, draw([theta![1]!])[0]!];
    return square(
      linear([
        [1, a],
        [2, b],
      ]),
      0.7,
    );
  },
  'a batch of different elements': ({theta}, draw) =>
    sum(...[0.3, 0.9, -0.4].map((t, i) => square(draw([theta![i]!])[0]!, t, 1 / 3))),
  'an event of three': ({theta}, draw) => {
    const [a, b, c] = theta!.map(t => draw([t])[0]!);
    return square(
      linear([
        [1, a!],
        [-2, b!],
        [0.5, c!],
      ]),
      0.3,
    );
  },
  'one OneHotCategorical': ({theta}, draw) =>
    square(linear(draw(theta!).map((x, k) => [[1.3, -0.4, 2.1, 0.2][k]!, x])), 0.5),
  'an event of two OneHotCategoricals': ({theta}, draw) => {
    const [a, b] = [draw(theta!.slice(0, 3)), draw(theta!.slice(3))];
    return square(
      linear([
        [1, a[1]!],
        [2, a[2]!],
        [-1.5, b[1]!],
        [-3, b[2]!],
      ]),
      0.3,
    );
  },
};

/** A Bernoulli draw by itself with `slope` in the place of its derivative. */
export const hard =
  (slope: (logit: number, b: number) => number): Law =>
  logits => {
    const [a] = logits as [number]; // a Bernoulli has one
    return [0, 1].map(b => ({p: b === 1 ? sigmoid(a) : sigmoid(-a), value: [b], slope: [[slope(a, b)]]}));
  };

/** n equally likely values of standard logistic noise, those below `−logit`, where b is 0, and those above apart. */
function noises(logit: number, n: number): Array<{p: number; z: number; b: number}> {
  return [0, 1].flatMap(b => {
    const [low, width] = b === 0 ? [0, sigmoid(-logit)] : [sigmoid(-logit), sigmoid(logit)];
    return Array.from({length: n}, (_, i) => {
      const u = low + (width * (i + 0.5)) / n;
      return {p: width / n, z: logit + Math.log(u) - Math.log1p(-u), b};
    });
  });
}

/** The soft value of a Bernoulli, with 2n values of the noise. */
export const soft =
  (temperature: number, n: number): Law =>
  logits =>
    noises(logits[0]!, n).map(({p, z}) => {
      const s = sigmoid(z / temperature);
      return {p, value: [s], slope: [[(s * (1 - s)) / temperature]]};
    });

/** The mean slope of the soft value given the hard one. */
export const slopeGiven =
  (temperature: number, n = 2000) =>
  (logit: number, b: number): number => {
    const given = noises(logit, n).filter(noise => noise.b === b);
    return (
      given.reduce((total, {z}) => total + (sigmoid(z / temperature) * sigmoid(-z / temperature)) / temperature, 0) / n
    );
  };

const softmax = (z: readonly number[]): number[] => {
  const top = Math.max(...z);
  const e = z.map(x => Math.exp(x - top));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map(x => x / total);
};
/** diag(π) − ππᵀ. */
export const softmaxSlope = (probs: readonly number[], factor = 1): number[][] =>
  probs.map((p, i) => probs.map((q, j) => factor * ((i === j ? p : 0) - p * q)));

/** A one-hot draw by itself with `slope` in the place of its derivative. */
export const hardClasses =
  (slope: (logits: readonly number[], oneHot: readonly number[]) => number[][]): Law =>
  logits =>
    softmax(logits).map((p, k) => {
      const value = logits.map((_, i) => (i === k ? 1 : 0));
      return {p, value, slope: slope(logits, value)};
    });

/**
 * The differences of three Gumbel variables to the first, on a grid whose trapezium rule is exact to rounding for
 * smooth functions.
 */
function differences(step: number): Array<{p: number; u: number; v: number}> {
  const grid = Array.from({length: Math.round(40 / step)}, (_, i) => -18 + (i + 0.37) * step);
  return grid.flatMap(u =>
    grid.map(v => {
      const [e, f] = [Math.exp(-u), Math.exp(-v)];
      return {p: (step * step * 2 * e * f) / (1 + e + f) ** 3, u, v};
    }),
  );
}

/** The soft value of three classes. */
export const softClasses =
  (temperature: number, step = 0.4): Law =>
  ([a, b, c]) =>
    differences(step).map(({p, u, v}) => {
      const value = softmax([a!, b! + u, c! + v].map(x => x / temperature));
      return {p, value, slope: softmaxSlope(value, 1 / temperature)};
    });

/**
 * The mean slope of the soft value of three classes given that class k is the greatest: the others then lie ln(1 +
 * e^w/p_i) below it, with w differences of Gumbel variables (Maddison et al. 2014, the top-down construction).
 */
export const classSlopeGiven =
  (temperature: number, step = 0.4) =>
  (logits: readonly number[], oneHot: readonly number[]): number[][] => {
    const probs = softmax(logits);
    const total = logits.map(() => logits.map(() => 0));
    for (const {p, u, v} of differences(step)) {
      const noise = [-u, -v];
      const z = probs.map((q, i) => (oneHot[i] === 1 ? 0 : -Math.log1p(Math.exp(noise.shift()!) / q)));
      softmaxSlope(softmax(z.map(x => x / temperature)), p / temperature).forEach((row, i) =>
        row.forEach((s, j) => (total[i]![j]! += s)),
      );
    }
    return total;
  };

/** What each estimator takes for ∂b/∂logit of a Bernoulli, given b. */
export const slopes = {
  mean: (a: number): number => sigmoid(a) * sigmoid(-a),
  identity: (): number => 1,
  hardTanh: (a: number): number => (Math.abs(a) <= 1 ? 1 : 0),
  hardSigmoid:
    (slope: number) =>
    (a: number): number =>
      Math.abs(slope * a) <= 1 ? slope / 2 : 0,
  reinMax:
    (temperature: number) =>
    (a: number, b: number): number => {
      const middle = (b + sigmoid(a / temperature)) / 2;
      return 2 * middle * (1 - middle) - 0.5 * sigmoid(a) * sigmoid(-a);
    },
};

/** The same for one-hot vectors. */
export const classSlopes = {
  mean: (logits: readonly number[]): number[][] => softmaxSlope(softmax(logits)),
  reinMax:
    (temperature: number) =>
    (logits: readonly number[], oneHot: readonly number[]): number[][] => {
      const tempered = softmax(logits.map(l => l / temperature));
      const [two, half] = [
        softmaxSlope(
          tempered.map((p, i) => (p + oneHot[i]!) / 2),
          2,
        ),
        softmaxSlope(softmax(logits), 0.5),
      ];
      return two.map((row, i) => row.map((v, j) => v - half[i]![j]!));
    },
};
