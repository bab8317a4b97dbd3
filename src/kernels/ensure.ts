import * as tf from '@tensorflow/tfjs-core';
import {accurateSums} from './accurateSums.js';
import {ensureGradients} from './gradients.js';
import {accurateCumsum} from './hostCumsum.js';
import {binaryRanks, pointwiseRanks} from './ranks/elementwise.js';
import {moveRanks} from './ranks/moves.js';
import {productRanks} from './ranks/products.js';
import {reductionRanks} from './ranks/reductions.js';
import {putInPlace, type Replacement} from './replacement.js';
import {conv3DGradients} from './wasm/conv3d.js';
import {batchedGather} from './wasm/gather.js';
import {maxPools} from './wasm/maxPool.js';
import {broadcastPrelu} from './wasm/prelu.js';
import {wideBools} from './wasm/bool.js';
import {accurateMean, accurateSum} from './wasm/sum.js';
import {floatFloorDiv} from './webgl/floorDiv.js';
import {turnedMin} from './webgl/min.js';
import {groupedAddN} from './webgpu/addN.js';
import {bools} from './webgpu/bool.js';
import {exactCast} from './webgpu/cast.js';
import {turnedCumulative} from './webgpu/cumulative.js';
import {shapedReductions} from './webgpu/reductions.js';
import {wholeTranspose} from './webgpu/transpose.js';

const ranks: readonly Replacement[] = [...binaryRanks, ...reductionRanks, ...moveRanks, ...productRanks];

/**
 * The kernels that tfjs has wrong, by backend. What mends a kernel at ranks that it knows comes before what gives it
 * those ranks.
 */
const mended: Readonly<Record<string, readonly Replacement[]>> = {
  cpu: [...productRanks, accurateCumsum],
  wasm: [
    batchedGather,
    ...wideBools,
    ...ranks,
    accurateSum,
    accurateMean,
    accurateCumsum,
    broadcastPrelu,
    ...maxPools,
    ...conv3DGradients,
  ],
  webgl: [floatFloorDiv, turnedMin, ...accurateSums, ...ranks, ...pointwiseRanks],
  webgpu: [
    groupedAddN,
    exactCast,
    ...bools,
    ...turnedCumulative,
    ...shapedReductions,
    wholeTranspose,
    ...accurateSums,
    ...ranks,
    ...pointwiseRanks,
  ],
};

let isFirst = true;

/**
 * Puts the library's gradients in place, and kernels that tfjs has wrong; a fraction of a microsecond when they already
 * are.
 *
 * It runs when the package loads and again at its entries, since tfjs's own gradients and a backend's kernels may be
 * registered later.
 */
export function ensureKernels(): void {
  ensureGradients();
  for (const name of isFirst ? Object.keys(mended) : []) ensureBackend(name);
  isFirst = false;
  const active = tf.getBackend() as string | undefined; // none before tfjs has been initialised
  if (active !== undefined) ensureBackend(active);
}

/** As `ensureKernels` for one backend, without the gradients. */
export function ensureBackend(backendName: string): void {
  putInPlace(mended[backendName] ?? [], backendName);
}
