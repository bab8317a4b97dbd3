/** Gamma draws, and draws made of them. */
import * as tf from '@tensorflow/tfjs-core';
import {positive} from '../constraints/numberSets.js';
import {hostParam, isHostParam, readElementParam, type ElementParam} from './elements/elementParam.js';
import {drawElements, hostDraws} from './elements/drawElements.js';
import type {Shape} from '../util/shapes.js';
import {betaSampler, gammaSampler, logGammaSampler, studentTSampler} from './elements/gamma.js';
import {TINY} from './elements/noise.js';
import type {Key} from '../keys/key.js';
import {drawnOnHost} from './drawnOnHost.js';
import {startDraw, type RandomOptions, type RandomParam} from './drawOptions.js';

/**
 * Gamma of the given concentration and rate, no checks: float32, at least 2^-126 in place of a smaller draw. A
 * constant.
 */
export function drawGamma(
  concentration: ElementParam,
  shape: Shape,
  key: Key,
  rate: ElementParam = hostParam(1),
): tf.Tensor {
  return drawElements(gammaSampler, [concentration, rate], shape, key);
}

/**
 * The logarithm of the draw that `drawGamma` makes with this key and rate 1; finite, however small the concentration.
 */
export function drawLogGamma(concentration: ElementParam, shape: Shape, key: Key): tf.Tensor {
  return drawElements(logGammaSampler, [concentration], shape, key);
}

/** Beta, no checks: in [2^-126, 1 − 2^-24]. A constant. */
export function drawBeta(
  concentration1: ElementParam,
  concentration0: ElementParam,
  shape: Shape,
  key: Key,
): tf.Tensor {
  return drawElements(betaSampler, [concentration1, concentration0], shape, key);
}

/** Student's t of `df` degrees of freedom, location 0 and scale 1, no checks: finite. A constant. */
export function drawStudentT(df: ElementParam, shape: Shape, key: Key): tf.Tensor {
  return drawElements(studentTSampler, [df], shape, key);
}

/**
 * Dirichlet, no checks: `shape` with the classes as its last axis, to which the concentration broadcasts; at least
 * 2^-126. A constant.
 */
export function drawDirichlet(concentration: ElementParam, shape: Shape, key: Key): tf.Tensor {
  if (isHostParam(concentration)) {
    return drawnOnHost([key], shape, 'float32', own => {
      const points = hostDraws(logGammaSampler, [concentration], shape, own);
      const classes = shape[shape.length - 1]!;
      for (let i = 0; i < points.length; i += classes) normalise(points.subarray(i, i + classes));
      return points;
    });
  }
  return tf.tidy(() => {
    const logs = drawLogGamma(concentration, shape, key);
    const powers = tf.exp(tf.sub(logs, tf.max(logs, -1, true)));
    return tf.maximum(tf.div(powers, tf.sum(powers, -1, true)), TINY);
  });
}

/** From logarithms to shares of their powers' sum, in place. */
function normalise(logs: Float32Array): void {
  const greatest = logs.reduce((a, b) => Math.max(a, b));
  const total = logs.reduce((sum, l) => sum + Math.exp(l - greatest), 0);
  for (let i = 0; i < logs.length; i++) logs[i] = Math.max(Math.exp(logs[i]! - greatest) / total, TINY);
}

/** Parameters of `gamma` and `logGamma`; they broadcast to the shape that is drawn, and draws are constants. */
export interface GammaOptions extends RandomOptions {
  /** Greater than 0. */
  concentration: RandomParam;
  /** Greater than 0; default 1. */
  rate?: RandomParam;
}

/**
 * Gamma of density proportional to x^(concentration − 1)·e^(−rate·x), float32 of `shape`, to which the parameters
 * broadcast. Never 0: a draw below the smallest normal float32 (concentrations below about 0.1 have them) gives 2^-126.
 * Marsaglia and Tsang (2000).
 */
export function gamma(shape: number | number[], options: GammaOptions): tf.Tensor {
  const who = 'random.gamma';
  const at = startDraw(who, shape, options, ['concentration', 'rate']);
  const {concentration, rate = 1} = options;
  return tf.tidy(() =>
    drawGamma(
      readElementParam(who, 'concentration', concentration, at.shape, positive),
      at.shape,
      at.key,
      readElementParam(who, 'rate', rate, at.shape, positive),
    ),
  );
}

/** ln g of gamma draws g of rate 1, float32 of `shape`: finite for any concentration > 0. */
export function logGamma(shape: number | number[], options: Omit<GammaOptions, 'rate'>): tf.Tensor {
  const who = 'random.logGamma';
  const at = startDraw(who, shape, options, ['concentration']);
  return tf.tidy(() =>
    drawLogGamma(readElementParam(who, 'concentration', options.concentration, at.shape, positive), at.shape, at.key),
  );
}

/** Parameters of `beta`; they broadcast to the shape that is drawn, and draws are constants. */
export interface BetaOptions extends RandomOptions {
  /** Greater than 0: what x^(concentration1 − 1) is raised by. */
  concentration1: RandomParam;
  /** Greater than 0: what (1 − x)^(concentration0 − 1) is raised by. */
  concentration0: RandomParam;
}

/** Beta, float32 of `shape`, to which the parameters broadcast: the share of one gamma draw of two. Never 0 or 1. */
export function beta(shape: number | number[], options: BetaOptions): tf.Tensor {
  const who = 'random.beta';
  const at = startDraw(who, shape, options, ['concentration1', 'concentration0']);
  return tf.tidy(() =>
    drawBeta(
      readElementParam(who, 'concentration1', options.concentration1, at.shape, positive),
      readElementParam(who, 'concentration0', options.concentration0, at.shape, positive),
      at.shape,
      at.key,
    ),
  );
}

/** The parameter of `studentT`; it broadcasts to the shape that is drawn, and draws are constants. */
export interface StudentTOptions extends RandomOptions {
  /** Degrees of freedom, greater than 0. */
  df: RandomParam;
}

/**
 * Student's t, float32 of `shape`, to which `df` broadcasts: n·√(df / 2g), n normal and g gamma of concentration df/2.
 * Finite.
 */
export function studentT(shape: number | number[], options: StudentTOptions): tf.Tensor {
  const who = 'random.studentT';
  const at = startDraw(who, shape, options, ['df']);
  return tf.tidy(() => drawStudentT(readElementParam(who, 'df', options.df, at.shape, positive), at.shape, at.key));
}

/** The parameter of `dirichlet`; draws are constants. */
export interface DirichletOptions extends RandomOptions {
  /** Greater than 0; the last axis holds the classes, the others broadcast to the shape that is drawn. */
  concentration: RandomParam;
}

/**
 * Dirichlet: float32 of [...shape, classes], > 0 and of sum 1 along the last axis. Normalised in log space, so that
 * small concentrations give points near the corners and not 0/0.
 */
export function dirichlet(shape: number | number[], options: DirichletOptions): tf.Tensor {
  const who = 'random.dirichlet';
  const at = startDraw(who, shape, options, ['concentration']);
  return tf.tidy(() => {
    const concentration = readElementParam(who, 'concentration', options.concentration, at.shape, positive, 1);
    const full = [...at.shape, concentration.shape[concentration.shape.length - 1]!];
    return drawDirichlet(concentration, full, at.key);
  });
}
