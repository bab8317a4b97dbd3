/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../kernels/elementwise/apply.js';
import {
  studentTLogDensity,
  studentTQuantile,
  studentTSampleDerivative,
  studentTScore,
  studentTSlope,
} from './functions.js';
import * as density from './densityScalar.js';
import * as cdf from './scalar.js';
import type {FunctionKernel} from '../../kernels/elementwise/definition.js';
import * as densityShader from './densityShader.js';
import * as cdfShader from './shader.js';

type Binary = (z: tf.Tensor, df: tf.Tensor) => tf.Tensor;

const inputs = ['z', 'df'] as const;
const call =
  (kernel: () => FunctionKernel<'z' | 'df'>): Binary =>
  (z, df) =>
    apply('StudentT', kernel(), {z, df});

/** 1/(ν + z²) and z/(ν + z²); z² may overflow. */
function shares(z: tf.Tensor, df: tf.Tensor): [tf.Tensor, tf.Tensor] {
  const u = tf.reciprocal(tf.add(df, tf.square(z)));
  return [u, tf.mul(z, u)];
}

/** z (1 − z²)/(ν + z²)², the derivative of the logarithm of the density by z and ν. */
function mixed(z: tf.Tensor, df: tf.Tensor): tf.Tensor {
  const [u, v] = shares(z, df);
  return tf.mul(v, tf.sub(u, tf.mul(z, v)));
}

export const studentTLogDensityKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTLogDensity',
  inputs,
  scalar: density.studentTLogDensity,
  shader: densityShader.studentTLogDensityShader,
  partials: {z: studentTSlope, df: studentTScore},
};

export const studentTSlopeKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTSlope',
  inputs,
  scalar: density.studentTSlope,
  shader: densityShader.studentTSlopeShader,
  partials: {
    z: (z, df) => {
      const [u, v] = shares(z, df);
      return tf.mul(tf.mul(tf.add(df, 1), u), tf.sub(tf.mul(z, v), tf.mul(df, u)));
    },
    df: mixed,
  },
};

export const studentTScoreKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTScore',
  inputs,
  scalar: density.studentTScore,
  shader: densityShader.studentTScoreShader,
  partials: {
    z: mixed,
    df: call(() => studentTScoreByDfKernel),
  },
};

export const studentTScoreByDfKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTScoreByDf',
  inputs,
  scalar: density.studentTScoreByDf,
  shader: cdfShader.studentTScoreByDfShader,
  partials: {z: 'none', df: 'none'},
};

const p: Binary = (z, df) => tf.exp(studentTLogDensity(z, df));
const hazard = call(() => studentTHazardKernel);
const logSlope = call(() => studentTLogCdfSlopeKernel);

export const studentTCdfKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTCdf',
  inputs,
  scalar: cdf.studentTCdf,
  shader: cdfShader.studentTCdfShader,
  partials: {z: p, df: call(() => studentTCdfSlopeKernel)},
};

export const studentTCdfSlopeKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTCdfSlope',
  inputs,
  scalar: cdf.studentTCdfSlope,
  shader: cdfShader.studentTCdfSlopeShader,
  partials: {z: (z, df) => tf.mul(p(z, df), studentTScore(z, df)), df: call(() => studentTCdfBendKernel)},
};

export const studentTCdfBendKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTCdfBend',
  inputs,
  scalar: cdf.studentTCdfBend,
  shader: cdfShader.studentTCdfBendShader,
  partials: {z: 'none', df: 'none'},
};

export const studentTLogCdfKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTLogCdf',
  inputs,
  scalar: cdf.studentTLogCdf,
  shader: cdfShader.studentTLogCdfShader,
  partials: {z: hazard, df: logSlope},
};

export const studentTHazardKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTHazard',
  inputs,
  scalar: cdf.studentTHazard,
  shader: cdfShader.studentTHazardShader,
  partials: {
    z: (z, df) => tf.mul(hazard(z, df), tf.sub(studentTSlope(z, df), hazard(z, df))),
    df: (z, df) => tf.mul(hazard(z, df), tf.sub(studentTScore(z, df), logSlope(z, df))),
  },
};

export const studentTLogCdfSlopeKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTLogCdfSlope',
  inputs,
  scalar: cdf.studentTLogCdfSlope,
  shader: cdfShader.studentTLogCdfSlopeShader,
  partials: {
    z: (z, df) => tf.mul(hazard(z, df), tf.sub(studentTScore(z, df), logSlope(z, df))),
    df: call(() => studentTLogCdfBendKernel),
  },
};

export const studentTLogCdfBendKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTLogCdfBend',
  inputs,
  scalar: cdf.studentTLogCdfBend,
  shader: cdfShader.studentTLogCdfBendShader,
  partials: {z: 'none', df: 'none'},
};

export const studentTQuantileKernel: FunctionKernel<'p' | 'df'> = {
  kernelName: 'StStudentTQuantile',
  inputs: ['p', 'df'],
  scalar: cdf.studentTQuantile,
  shader: cdfShader.studentTQuantileShader,
  partials: {
    p: (q, df) => tf.exp(tf.neg(studentTLogDensity(studentTQuantile(q, df), df))),
    df: (q, df) => studentTSampleDerivative(df, studentTQuantile(q, df)),
  },
};

export const studentTSampleDerivativeKernel: FunctionKernel<'df' | 'z'> = {
  // D = −F_ν/p, so that D_z = −∂ ln p/∂ν − D ∂ ln p/∂z and D_ν = −F_νν/p − D ∂ ln p/∂ν
  kernelName: 'StStudentTSampleDerivative',
  inputs: ['df', 'z'],
  scalar: cdf.studentTSampleDerivative,
  shader: cdfShader.studentTSampleDerivativeShader,
  partials: {
    df: (df, z) =>
      tf.neg(
        tf.add(
          call(() => studentTRelativeBendKernel)(z, df),
          tf.mul(studentTSampleDerivative(df, z), studentTScore(z, df)),
        ),
      ),
    z: (df, z) => tf.neg(tf.add(studentTScore(z, df), tf.mul(studentTSampleDerivative(df, z), studentTSlope(z, df)))),
  },
};

export const studentTRelativeBendKernel: FunctionKernel<'z' | 'df'> = {
  kernelName: 'StStudentTRelativeBend',
  inputs,
  scalar: cdf.studentTRelativeBend,
  shader: cdfShader.studentTRelativeBendShader,
  partials: {z: 'none', df: 'none'},
};
