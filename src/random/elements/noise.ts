/** Standard noise from a stream of words; noiseShader.ts uses the same words in the same way. */
import type {ElementStream} from '../../keys/elementStream.js';

/** The smallest normal float32: what takes the place of a zero that is none. */
export const TINY = 2 ** -126;
/** The largest float32 below 1. */
export const ALMOST_ONE = 1 - 2 ** -24;
/** The largest finite float32. */
export const HUGE = (2 - 2 ** -23) * 2 ** 127;
/** The largest float32 not above π. */
export const PI_BELOW = 13176794 * 2 ** -22;
/** Beyond, an angle of a von Mises draw is less than a rounding; its square still is a float32. */
export const LARGEST_CONCENTRATION = 1e18;
/** Beyond, √(a² + 4) is a. */
export const FAR = 1e9;
/** A bound on rounds of rejection, far beyond what occurs: parameters that are no numbers must not run for ever. */
export const ROUNDS = 200;

/** Uniform on (0, 1), from one word: (w + 1/2) / 2^32. */
export const openUniform = (stream: ElementStream): number => (stream.next() + 0.5) * 2 ** -32;

/** Uniform on (0, 1), from one word; with 64 bits where it is small, from two. */
export function fineUniform(stream: ElementStream): number {
  const w = stream.next();
  return w === 0 ? (stream.next() + 0.5) * 2 ** -64 : (w + 0.5) * 2 ** -32;
}

/** −ln(1 − v): standard exponential of a fine uniform number v. */
export const exponentialOfFine = (v: number): number => (v < 0.01 ? -Math.log1p(-v) : -Math.log(1 - v));

/** Standard exponential. */
export const nextExponential = (stream: ElementStream): number => exponentialOfFine(fineUniform(stream));

/** Standard normal by Box and Muller (1958), of which the cosine is used. */
export function nextNormal(stream: ElementStream): number {
  const radius = Math.sqrt(2 * nextExponential(stream));
  return radius * Math.cos(2 * Math.PI * 2 ** -32 * stream.next());
}

/**
 * The mean from which counts are drawn by transformed rejection, made for means of at least 10. No round number, so
 * that means such as 40·¼ are on one side however they are rounded.
 */
export const LARGE_MEAN = 10.03;
