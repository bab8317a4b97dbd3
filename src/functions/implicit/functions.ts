/**
 * Draws as functions of their parameters at a fixed quantile (Figurnov, Mohamed & Mnih 2018, "Implicit
 * reparameterization gradients", equation 5): the value is a given draw, the derivatives are −(∂F/∂θ)/p there.
 */
import * as tf from '@tensorflow/tfjs-core';
import {madeBy} from '../../math/axisRule.js';
import {grow} from '../../math/grow.js';
import {betaSampleDerivativeA, betaSampleDerivativeB} from '../incompleteBeta/index.js';
import {gammaSampleDerivative, logGammaSampleDerivative} from '../incompleteGamma/index.js';
import {studentTSampleDerivative} from '../studentT/index.js';

/** The derivative of a draw by one of the parameters. */
type SampleSlope = (...parametersThenDraw: tf.Tensor[]) => tf.Tensor;

/**
 * z as a function of `parameters`, all of z's shape, whose derivatives are `slopes`; those take the draw as the same
 * function again, so that its own dependence is in higher derivatives too.
 */
export function implicit(z: tf.Tensor, parameters: tf.Tensor[], slopes: readonly SampleSlope[]): tf.Tensor {
  const draw = tf.customGrad((...args: Array<tf.Tensor | tf.GradSaveFunc>) => {
    const inputs = args.slice(0, -1) as tf.Tensor[]; // tfjs passes the tensors and then the saving function
    const save = args[args.length - 1] as tf.GradSaveFunc;
    save([...inputs, z]);
    return {
      value: tf.clone(z),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        const given = saved.slice(0, -1);
        const again = implicit(saved[saved.length - 1]!, given, slopes);
        return slopes.map(slope => tf.mul(dy, slope(...given, again)));
      },
    };
  });
  return madeBy('elementwise', draw(...parameters));
}

/** A beta draw z as a function of a and b, which broadcast to its shape. */
export function implicitBeta(a: tf.Tensor, b: tf.Tensor, z: tf.Tensor): tf.Tensor {
  return implicit(z, [grow(a, z.shape), grow(b, z.shape)], [betaSampleDerivativeA, betaSampleDerivativeB]);
}

/** A draw z of Student's t as a function of the degrees of freedom, which broadcast to its shape. */
export function implicitStudentT(df: tf.Tensor, z: tf.Tensor): tf.Tensor {
  return implicit(z, [grow(df, z.shape)], [studentTSampleDerivative]);
}

/** A draw z of Gamma(a, 1) as a function of a, which broadcasts to its shape. */
export function implicitGamma(a: tf.Tensor, z: tf.Tensor): tf.Tensor {
  return implicit(z, [grow(a, z.shape)], [gammaSampleDerivative]);
}

/**
 * The logarithm of a draw of Gamma(a, 1), of which the draw itself may be too small for a number, as a function of a,
 * which broadcasts to its shape.
 */
export function implicitLogGamma(a: tf.Tensor, logZ: tf.Tensor): tf.Tensor {
  return implicit(logZ, [grow(a, logZ.shape)], [logGammaSampleDerivative]);
}
