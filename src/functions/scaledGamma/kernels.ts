/** The kernels of this folder's functions, each with its scalar, its shader and its derivatives. */
import * as tf from '@tensorflow/tfjs-core';
import {logMinusDigamma} from '../gamma/index.js';
import {
  igammaShapeDerivative,
  logGammaSampleDerivative,
  logIgammacShapeDerivative,
  logIgammaShapeDerivative,
} from '../incompleteGamma/index.js';
import {select} from '../../math/numerics.js';
import {gammaLogDensity} from '../gamma/scalar.js';
import {igammacInv, igammaInv} from '../incompleteGamma/quantileScalar.js';
import {igamma, igammac, logIgamma, logIgammac} from '../incompleteGamma/scalar.js';
import {scaledGamma, scaledGammaDraw, scaledGammaQuantile, type GammaScale, type GammaQuantity} from './functions.js';
import type {FunctionKernel, ShaderFunction} from '../../kernels/elementwise/definition.js';
import {constantWhere} from '../constantWhere.js';
import {gammaLogDensityShader, gammaScoreShader} from '../gamma/densityShader.js';
import {igammacInvShader, igammaInvShader} from '../incompleteGamma/quantileShader.js';
import {igammacShader, igammaShader, logIgammacShader, logIgammaShader} from '../incompleteGamma/shader.js';
import {productRestShader} from './productShader.js';

/** What a scaling does to x by the parameter b, for one number. */
type ScalarScaling = (x: number, b: number) => number;
/** What a scaling does to x by the parameter b, for tensors. */
type TensorScaling = (x: tf.Tensor, b: tf.Tensor) => tf.Tensor;

interface Scaling {
  /** y and its inverse; x <= 0 counts as 0. */
  argument: ScalarScaling;
  inverse: ScalarScaling;
  /** ln |dy/dx|. */
  logSlope: ScalarScaling;
  /** The same in shaders, and what rounding has taken from the argument y. */
  shader: {argument: string; rest: string; inverse: string; logSlope: string};
  /** The sign of dy/dx. */
  sign: 1 | -1;
  /** y, ln y and, for y kept as it is, dx/db. */
  tensors: {argument: TensorScaling; logArgument: TensorScaling; follow: TensorScaling};
  /** The derivatives of the logarithm of the density by x and by b. */
  scores: {
    x: (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
    b: (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
  };
}

/** (a − 1)/x, the slope of x^{a−1}'s logarithm: 0 where a is 1, at x = 0 too. */
const power = (a: tf.Tensor, x: tf.Tensor): tf.Tensor => tf.div(tf.sub(a, 1), select(tf.equal(a, 1), 1, x));

const SCALINGS: Record<GammaScale, Scaling> = {
  Rate: {
    argument: (x, b) => (x <= 0 ? 0 : x * b),
    inverse: (y, b) => y / b,
    logSlope: (_, b) => Math.log(b),
    sign: 1,
    shader: {argument: 'max(x, 0.0) * b', rest: 'productRest(x, b, y)', inverse: 'y / b', logSlope: 'log(b)'},
    tensors: {
      argument: (x, b) => tf.mul(x, b),
      logArgument: (x, b) => tf.add(tf.log(x), tf.log(b)),
      follow: (x, b) => tf.neg(tf.div(x, b)),
    },
    scores: {x: (x, a, b) => tf.sub(power(a, x), b), b: (x, a, b) => tf.div(tf.sub(a, tf.mul(x, b)), b)},
  },
  LogRate: {
    argument: (x, b) => (x <= 0 ? 0 : x * Math.exp(b)),
    inverse: (y, b) => y * Math.exp(-b),
    logSlope: (_, b) => b,
    sign: 1,
    shader: {argument: 'max(x, 0.0) * exp(b)', rest: '0.0', inverse: 'y * exp(-b)', logSlope: 'b'},
    tensors: {
      argument: (x, b) => tf.mul(x, tf.exp(b)),
      logArgument: (x, b) => tf.add(tf.log(x), b),
      follow: x => tf.neg(x),
    },
    scores: {x: (x, a, b) => tf.sub(power(a, x), tf.exp(b)), b: (x, a, b) => tf.sub(a, tf.mul(x, tf.exp(b)))},
  },
  Scale: {
    argument: (x, b) => (x <= 0 ? Infinity : b / x),
    inverse: (y, b) => b / y,
    logSlope: (x, b) => Math.log(b) - 2 * Math.log(x),
    sign: -1,
    shader: {
      argument: 'select(INFINITY, b / x, x > 0.0)',
      rest: '-productRest(x, y, b) / x',
      inverse: 'select(INFINITY, b / y, y > 0.0)',
      logSlope: 'log(b) - 2.0 * log(x)',
    },
    tensors: {
      argument: (x, b) => tf.div(b, x),
      logArgument: (x, b) => tf.sub(tf.log(b), tf.log(x)),
      follow: (x, b) => tf.div(x, b),
    },
    scores: {
      x: (x, a, b) => tf.div(tf.sub(tf.div(b, x), tf.add(a, 1)), x),
      b: (x, a, b) => tf.div(tf.sub(a, tf.div(b, x)), b),
    },
  },
};

/** One tail of the scaled gamma distribution, of which a kernel is made. */
interface ScaledTail {
  of: Exclude<GammaQuantity, 'LogDensity'>;
  scalar: (a: number, y: number) => number;
  shader: ShaderFunction;
  upper: boolean;
  logarithm: boolean;
  /** Its derivative by a at given y. */
  byShape: (a: tf.Tensor, y: tf.Tensor) => tf.Tensor;
}

const TAILS: Readonly<Record<ScaledTail['of'], ScaledTail>> = {
  Lower: {
    of: 'Lower',
    scalar: igamma,
    shader: igammaShader,
    upper: false,
    logarithm: false,
    byShape: (a, y) => igammaShapeDerivative(1, a, y),
  },
  Upper: {
    of: 'Upper',
    scalar: igammac,
    shader: igammacShader,
    upper: true,
    logarithm: false,
    byShape: (a, y) => tf.neg(igammaShapeDerivative(1, a, y)),
  },
  LogLower: {
    of: 'LogLower',
    scalar: logIgamma,
    shader: logIgammaShader,
    upper: false,
    logarithm: true,
    byShape: (a, y) => logIgammaShapeDerivative(1, a, y),
  },
  LogUpper: {
    of: 'LogUpper',
    scalar: logIgammac,
    shader: logIgammacShader,
    upper: true,
    logarithm: true,
    byShape: (a, y) => logIgammacShapeDerivative(1, a, y),
  },
};

const inputs = ['x', 'a', 'b'] as const;

type ScaledKernels = Readonly<
  Record<GammaQuantity | 'Draw', FunctionKernel<'x' | 'a' | 'b'>> & {Quantile: FunctionKernel<'p' | 'a' | 'b'>}
>;

function kernelsBy(by: GammaScale): ScaledKernels {
  const nameOf = (of: GammaQuantity | 'Quantile' | 'Draw'): string => `StGamma${of}By${by}`;
  const {argument, inverse, logSlope, shader, sign, tensors, scores} = SCALINGS[by];
  const named = (of: string, uses: ShaderFunction[], first: string, body: string): ShaderFunction => {
    const name = `gamma${of}By${by}`;
    return {name, uses, source: () => `fn ${name}(${first}: f32, a: f32, b: f32) -> f32 { ${body} }`};
  };
  /** x, 1 where it is not inside of the support, and value there alone. */
  const inside = (x: tf.Tensor) => select(tf.greater(x, 0), x, 1);
  const insideOnly = (x: tf.Tensor, value: tf.Tensor) => select(tf.lessEqual(x, 0), 0, value);

  const tail = ({of, scalar, shader: f, upper, logarithm, byShape}: ScaledTail): FunctionKernel<'x' | 'a' | 'b'> => {
    /** Its derivative by x. */
    const slope = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) => {
      const logDensity = scaledGamma('LogDensity', by, x, a, b);
      const density = tf.exp(logarithm ? tf.sub(logDensity, scaledGamma(of, by, x, a, b)) : logDensity);
      return upper === sign < 0 ? density : tf.neg(density);
    };
    return {
      kernelName: nameOf(of),
      inputs,
      scalar: (x, a, b) => scalar(a, argument(x, b)),
      shader: named(
        of,
        [f, gammaLogDensityShader, productRestShader],
        'x',
        `
        let y: f32 = ${shader.argument};
        let value: f32 = ${f.name}(a, y);
        let e: f32 = ${shader.rest};
        if (!(abs(e) > 0.0) || !(y > 0.0)) { return value; }
        return value ${upper ? '-' : '+'} e * exp(gammaLogDensity(y, a)${logarithm ? ' - value' : ''});`,
      ),
      partials: constantWhere(x => (logarithm && upper === sign < 0 ? tf.lessEqual(x, 0) : tf.less(x, 0)), 1, {
        x: slope,
        a: (x, a, b) => insideOnly(x, byShape(a, tensors.argument(inside(x), b))),
        b: (x, a, b) => insideOnly(x, tf.neg(tf.mul(slope(x, a, b), tensors.follow(x, b)))),
      }),
    };
  };
  /** dx/da at a fixed quantile: x moves as y does, or against it. */
  const shift = (x: tf.Tensor, a: tf.Tensor, b: tf.Tensor) =>
    tf.mul(tf.mul(x, sign), logGammaSampleDerivative(a, tensors.logArgument(inside(x), b)));
  const inverseShader = sign > 0 ? igammaInvShader : igammacInvShader;
  const inverseScalar = sign > 0 ? igammaInv : igammacInv;
  return {
    LogDensity: {
      kernelName: nameOf('LogDensity'),
      inputs,
      scalar: (x, a, b) =>
        x < 0 || (sign < 0 && x === 0) ? -Infinity : gammaLogDensity(argument(x, b), a) + logSlope(x, b),
      shader: named(
        'LogDensity',
        [gammaLogDensityShader, gammaScoreShader, productRestShader],
        'x',
        `
        if (x < 0.0 ${sign < 0 ? '|| x == 0.0' : ''}) { return -INFINITY; }
        let y: f32 = ${shader.argument};
        let value: f32 = gammaLogDensity(y, a) + (${shader.logSlope});
        let e: f32 = ${shader.rest};
        if (!(abs(e) > 0.0) || !(y > 0.0)) { return value; }
        return value + e * gammaScore(y, a);`,
      ),
      partials: constantWhere((x, a) => tf.logicalAnd(tf.equal(x, 0), tf.greater(a, sign > 0 ? 1 : 0)), 1, {
        ...scores,
        a: (x, a, b) => logMinusDigamma(tensors.argument(x, b), a),
      }),
    },
    Lower: tail(TAILS.Lower),
    Upper: tail(TAILS.Upper),
    LogLower: tail(TAILS.LogLower),
    LogUpper: tail(TAILS.LogUpper),
    Quantile: {
      kernelName: nameOf('Quantile'),
      inputs: ['p', 'a', 'b'],
      scalar: (p, a, b) => inverse(inverseScalar(a, p), b),
      shader: named(
        'Quantile',
        [inverseShader],
        'p',
        `let y: f32 = ${inverseShader.name}(a, p); return ${shader.inverse};`,
      ),
      partials: {
        p: (p, a, b) => tf.exp(tf.neg(scaledGamma('LogDensity', by, scaledGammaQuantile(by, p, a, b), a, b))),
        ...constantWhere(p => tf.logicalOr(tf.equal(p, 0), tf.equal(p, 1)), 0.5, {
          // 0 and ∞ whatever the parameters
          a: (p, a, b) => shift(scaledGammaQuantile(by, p, a, b), a, b),
          b: (p, a, b) => tensors.follow(scaledGammaQuantile(by, p, a, b), b),
        }),
      },
    },
    Draw: {
      kernelName: nameOf('Draw'),
      inputs,
      scalar: x => x,
      shader: named('Draw', [], 'x', 'return x;'),
      partials: {
        x: 'zero',
        a: (x, a, b) => shift(scaledGammaDraw(by, x, a, b), a, b),
        b: (x, a, b) => tensors.follow(scaledGammaDraw(by, x, a, b), b),
      },
    },
  };
}

export const scaledGammaKernels: Readonly<Record<GammaScale, ScaledKernels>> = {
  Rate: /* @__PURE__ */ kernelsBy('Rate'),
  LogRate: /* @__PURE__ */ kernelsBy('LogRate'),
  Scale: /* @__PURE__ */ kernelsBy('Scale'),
};
