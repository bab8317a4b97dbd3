/** Kernels of src/math/studentT.ts. */
import * as tf from '@tensorflow/tfjs-core';
import {apply} from '../../math/apply.js';
import {studentTScore, studentTSlope} from '../../math/studentT.js';
import * as density from '../../math/scalar/studentDensity.js';
import type {FunctionKernel} from '../elementwise/definition.js';
import * as densityShader from '../shaders/studentDensity.js';

const inputs = ['z', 'df'];

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

export const studentTKernels: readonly FunctionKernel[] = [
  {
    kernelName: 'StStudentTLogDensity', inputs, scalar: density.studentTLogDensity, shader: densityShader.studentTLogDensityShader,
    partials: {z: studentTSlope, df: studentTScore},
  },
  {
    kernelName: 'StStudentTSlope', inputs, scalar: density.studentTSlope, shader: densityShader.studentTSlopeShader,
    partials: {
      z: (z, df) => {
        const [u, v] = shares(z, df);
        return tf.mul(tf.mul(tf.add(df, 1), u), tf.sub(tf.mul(z, v), tf.mul(df, u)));
      },
      df: mixed,
    },
  },
  {
    kernelName: 'StStudentTScore', inputs, scalar: density.studentTScore, shader: densityShader.studentTScoreShader,
    partials: {
      z: mixed,
      df: (z, df) => {
        const [, v] = shares(z, df);
        const share = tf.mul(z, v); // z²/(ν + z²)
        const r = tf.reciprocal(df);
        const rest = tf.sub(tf.mul(share, share), tf.mul(r, tf.mul(share, tf.sub(2, share))));
        return tf.add(tf.mul(apply('halfStepBend', 'StStudentTHalfStepBend', {df}), 0.25), tf.mul(tf.mul(rest, r), 0.5));
      },
    },
  },
  {kernelName: 'StStudentTHalfStepBend', inputs: ['df'], scalar: density.halfStepBend, shader: densityShader.halfStepBendShader, partials: {}},
];
