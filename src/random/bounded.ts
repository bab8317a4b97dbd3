/** Draws of bounded numbers: angles, and a normal between two bounds. */
import * as tf from '@tensorflow/tfjs-core';
import {hostParam, isHostParam, readElementParam, type ElementParam} from './elements/elementParam.js';
import {nonNegative, positive, real} from '../constraints/numberSets.js';
import {drawElements} from './elements/drawElements.js';
import {aboveMinusInfinity, belowInfinity} from '../constraints/limits.js';
import {checkOrder} from '../constraints/check.js';
import type {Shape} from '../util/shapes.js';
import {truncatedNormalSampler} from './elements/truncatedNormal.js';
import {vonMisesSampler} from './elements/vonMises.js';
import type {Key} from '../keys/key.js';
import {startDraw, type RandomOptions, type RandomParam} from './drawOptions.js';

/** Von Mises of the given concentration around `loc`, no checks: in [−π, π]. A constant. */
export function drawVonMises(
  concentration: ElementParam,
  shape: Shape,
  key: Key,
  loc: ElementParam = hostParam(0),
): tf.Tensor {
  return drawElements(vonMisesSampler, [loc, concentration], shape, key);
}

/** Standard normal truncated to [low, high], no checks; NaN where low > high. A constant. */
export function drawTruncatedNormal(low: ElementParam, high: ElementParam, shape: Shape, key: Key): tf.Tensor {
  return drawElements(truncatedNormalSampler, [hostParam(0), hostParam(1), low, high], shape, key);
}

/** Parameters of `vonMises`; they broadcast to the shape that is drawn, and draws are constants. */
export interface VonMisesOptions extends RandomOptions {
  /** The mean direction in radians; default 0. */
  loc?: RandomParam;
  /** >= 0: 0 is the uniform distribution on the circle, large ones are nearly normal of variance 1/concentration. */
  concentration: RandomParam;
}

/**
 * Angles in [−π, π] of density proportional to e^(concentration·cos(x − loc)), float32 of `shape`. Best and Fisher
 * (1979).
 */
export function vonMises(shape: number | number[], options: VonMisesOptions): tf.Tensor {
  const who = 'random.vonMises';
  const at = startDraw(who, shape, options, ['loc', 'concentration']);
  const {loc = 0, concentration} = options;
  return tf.tidy(() =>
    drawVonMises(
      readElementParam(who, 'concentration', concentration, at.shape, nonNegative),
      at.shape,
      at.key,
      readElementParam(who, 'loc', loc, at.shape, real),
    ),
  );
}

/** Parameters of `truncatedNormal`; they broadcast to the shape that is drawn, and draws are constants. */
export interface TruncatedNormalOptions extends RandomOptions {
  /** Mean of the normal before truncation; default 0. */
  loc?: RandomParam;
  /** Its standard deviation, > 0; default 1. */
  scale?: RandomParam;
  /** Default -Infinity. */
  low?: RandomParam;
  /** Greater than low; default Infinity. */
  high?: RandomParam;
}

/**
 * Normal conditioned on [low, high], float32 of `shape`, to which the parameters broadcast; exact however far in the
 * tail the bounds are. By rejection (Robert 1995).
 */
export function truncatedNormal(shape: number | number[], options: TruncatedNormalOptions): tf.Tensor {
  const who = 'random.truncatedNormal';
  const at = startDraw(who, shape, options, ['loc', 'scale', 'low', 'high']);
  const {loc = 0, scale = 1, low = -Infinity, high = Infinity} = options;
  return tf.tidy(() => {
    const parameters = [
      readElementParam(who, 'loc', loc, at.shape, real),
      readElementParam(who, 'scale', scale, at.shape, positive),
      readElementParam(who, 'low', low, at.shape, belowInfinity),
      readElementParam(who, 'high', high, at.shape, aboveMinusInfinity),
    ] as const;
    const [, , least, most] = parameters;
    if (isHostParam(least) && isHostParam(most)) checkOrder(who, least, most);
    return drawElements(truncatedNormalSampler, [...parameters], at.shape, at.key);
  });
}
