/** The special functions of st.math on many numbers, and linear algebra on as many. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import type {BenchContext} from './context.js';
import {here, interleaved} from './measure.js';

type Range = readonly [low: number, high: number];
type MathName = Exclude<keyof typeof st.math, LinearAlgebra>;
type LinearAlgebra = 'cholesky' | 'logDet' | 'triangularSolve';

const [above0, shapes, unit, real] = [
  [0.1, 20],
  [0.5, 10],
  [0.01, 0.99],
  [-3, 3],
] as const satisfies Range[];

/** Where the arguments lie; a range of one number is that number. */
const ranges: Readonly<Record<MathName, readonly Range[]>> = {
  betainc: [shapes, shapes, unit],
  betaincInv: [shapes, shapes, unit],
  betaincc: [shapes, shapes, unit],
  digamma: [above0],
  erf: [real],
  erfc: [real],
  erfcx: [real],
  erfinv: [[-0.999, 0.999]],
  expm1: [real],
  i0e: [real],
  i1e: [real],
  igamma: [shapes, above0],
  igammaInv: [shapes, unit],
  igammac: [shapes, above0],
  igammacInv: [shapes, unit],
  lbeta: [shapes, shapes],
  lgamma: [above0],
  log1mexp: [[-3, -0.01]],
  log1p: [above0],
  logAddExp: [real, real],
  logBetainc: [shapes, shapes, unit],
  logBetaincc: [shapes, shapes, unit],
  logIgamma: [shapes, above0],
  logIgammac: [shapes, above0],
  logNdtr: [real],
  ndtr: [real],
  ndtri: [unit],
  polygamma: [[1, 1], above0],
  softplusInverse: [above0],
  xlog1py: [above0, above0],
  xlogy: [above0, above0],
};

export async function benchFunctions({report, peers, effort, size}: BenchContext): Promise<void> {
  const measure = async (name: string, f: () => tf.Tensor): Promise<void> => {
    const columns = await interleaved(
      {ours: here(f), torch: peers.torch?.contender(`functions ${name} ${size}`) ?? null},
      effort(7, 1),
    );
    report({name: `function ${name}`, size, ...columns});
  };
  for (const [name, args] of Object.entries(ranges)) {
    const given = args.map(([low, high], i) =>
      low === high ? low : st.random.uniform([size], {low, high, key: st.random.key(i)}),
    );
    const f = st.math[name as MathName] as (...args: Array<tf.Tensor | number>) => tf.Tensor; // of as many as it has ranges
    await measure(name, () => f(...given));
    tf.dispose(given.filter(x => typeof x !== 'number'));
  }
  const n = 10;
  const matrices = size / n ** 2;
  const [a, l, b] = tf.tidy(() => {
    const root = st.random.normal([matrices, n, n], {key: st.random.key(1)});
    const square = tf.add(tf.matMul(root, root, false, true), tf.eye(n));
    return [square, st.math.cholesky(square), tf.ones([matrices, n, 1])] as const;
  });
  await measure('cholesky', () => st.math.cholesky(a));
  await measure('logDet', () => st.math.logDet(a));
  await measure('triangularSolve', () => st.math.triangularSolve(l, b));
  tf.dispose([a, l, b]);
}
