/**
 * What the library's own operations meet, in distributions and functions: arithmetic, reductions and moves, at any rank
 * and to any order of differentiation.
 */
import {accurateSums} from './accurateSums.js';
import {ensure, type Mends} from './ensure.js';
import {groupedAddN} from './groupedAddN.js';
import {logicalGradients} from './gradients/logical.js';
import {moveGradients} from './gradients/moves.js';
import {piecewiseGradients} from './gradients/piecewise.js';
import {productGradients} from './gradients/products.js';
import {quotientGradients} from './gradients/quotients.js';
import {smoothGradients} from './gradients/smooth.js';
import {accurateCumsum} from './hostCumsum.js';
import {withoutElements} from './noElements.js';
import {binaryRanks, pointwiseRanks} from './ranks/pointwise.js';
import {moveRanks} from './ranks/moves.js';
import {reductionRanks} from './ranks/reductions.js';
import type {Replacement} from './replacement.js';
import {wideBools} from './wasm/bool.js';
import {batchedGather} from './wasm/gather.js';
import {accurateMean, accurateSum} from './wasm/sum.js';
import {turnedMin} from './webgl/min.js';
import {bools} from './webgpu/bool.js';
import {exactCast} from './webgpu/cast.js';
import {turnedCumulative} from './webgpu/cumulative.js';
import {shapedReductions} from './webgpu/reductions.js';
import {wholeTranspose} from './webgpu/transpose.js';

const ranks: readonly Replacement[] = [...binaryRanks, ...reductionRanks, ...moveRanks];
const onGpu: readonly Replacement[] = [...accurateSums, ...ranks, ...pointwiseRanks, ...withoutElements];

/** What mends a kernel at ranks that it knows comes before what gives it those ranks. */
export const baseMends: Mends = {
  gradients: [
    ...smoothGradients,
    ...piecewiseGradients,
    ...logicalGradients,
    ...productGradients,
    ...quotientGradients,
    ...moveGradients,
  ],
  kernels: {
    cpu: [accurateCumsum, ...withoutElements],
    wasm: [
      groupedAddN,
      batchedGather,
      ...wideBools,
      ...ranks,
      accurateSum,
      accurateMean,
      accurateCumsum,
      ...withoutElements,
    ],
    webgl: [turnedMin, ...onGpu],
    webgpu: [groupedAddN, exactCast, ...bools, ...turnedCumulative, ...shapedReductions, wholeTranspose, ...onGpu],
  },
};

/** See `ensure`. */
export function ensureBase(): void {
  ensure(baseMends);
}

// At load too: what is recorded on a tape before the library is first called must have these gradients already.
ensureBase();
