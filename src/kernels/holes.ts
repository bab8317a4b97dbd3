/** Kernels that the wasm backend lacks, gradients that tfjs lacks, and what those need mended. */
import type * as tf from '@tensorflow/tfjs-core';
import {scatterOnCopy} from './cpu/tensorScatterUpdate.js';
import {ensure, type Mends} from './ensure.js';
import {convolutionGradients} from './gradients/convolutions.js';
import {cropGradients} from './gradients/crop.js';
import {cumprodGradients} from './gradients/cumprod.js';
import {einsumGradients} from './gradients/einsum.js';
import {layoutGradients} from './gradients/layout.js';
import {rowGradients} from './gradients/rows.js';
import {restWithoutElements} from './noElements.js';
import {ensureKernels} from './programs.js';
import {cropOfNamedImages} from './webgl/crop.js';
import {conv2DBackpropFilter} from './wasm/conv2d.js';
import {nearestCrop} from './wasm/crop.js';
import {depthwiseDerivatives} from './wasm/depthwise.js';
import {einsum} from './wasm/einsum.js';
import {unsortedSegmentSum} from './wasm/segmentSum.js';

const gradients: readonly tf.GradConfig[] = [
  ...convolutionGradients,
  ...cropGradients,
  ...cumprodGradients,
  ...einsumGradients,
  ...layoutGradients,
  ...rowGradients,
];

export const holes: Mends = {
  gradients,
  kernels: {
    cpu: [scatterOnCopy],
    wasm: [nearestCrop],
    webgl: [cropOfNamedImages, ...restWithoutElements],
    webgpu: restWithoutElements,
  },
  missing: {wasm: [conv2DBackpropFilter, ...depthwiseDerivatives, einsum, unsortedSegmentSum]},
};

/**
 * Registers with tfjs what it lacks: on wasm the derivatives of convolutions in their filters, of depthwise ones in
 * both, `einsum` and `unsortedSegmentSum`; everywhere gradients of convolutions with dilations, `cropAndResize` (in image
 * and boxes), `einsum`, `cumprod`, `stridedSlice`, `gatherND`, `scatterND`, `topk`, `depthToSpace` and more. The main entry
 * does so by itself; this is for programs with `tfjs-stochastic/core` alone that need one of them. Calling it again
 * changes nothing.
 */
export function completeKernels(): void {
  ensure(holes);
  ensureKernels();
}
