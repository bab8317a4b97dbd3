/** A world of three places in a row and three steps, and what its policy gradient is, by every way through it. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

export const PLACES = 3;
export const STEPS = 3;

/** Where an action leads. */
export const move = (place: number, action: number): number => (place + 1 + action) % PLACES;
/** What an action costs at a place. */
export const priceOf = (place: number, action: number, step: number): number =>
  [0.3, -1.2, 2.1][place]! * (action === 1 ? 1.7 : -0.6) + 0.4 * step * place;

/** All sequences of actions. */
export const ways: readonly number[][] = Array.from({length: 2 ** STEPS}, (_, i) =>
  Array.from({length: STEPS}, (__, t) => (i >> t) & 1),
);

const softmax = ([a, b]: readonly number[]): number[] => {
  const p = 1 / (1 + Math.exp(b! - a!));
  return [p, 1 - p];
};

/** The places and the costs along a way, from place 0. */
export function follow(way: readonly number[]): {places: number[]; costs: number[]} {
  const places = [0];
  way.forEach((a, t) => places.push(move(places[t]!, a)));
  return {places, costs: way.map((a, t) => priceOf(places[t]!, a, t))};
}

/** The probability of a way, of the actions up to step `upTo`. */
export function chanceOf(way: readonly number[], logits: readonly number[][], upTo = STEPS - 1): number {
  const {places} = follow(way);
  return way.slice(0, upTo + 1).reduce((p, a, t) => p * softmax(logits[places[t]!]!)[a]!, 1);
}

/** dJ/dlogits of the expected sum of costs, by central differences of the enumerated J in double precision. */
export function exactGradient(logits: readonly number[][]): number[] {
  const j = (l: readonly number[][]): number =>
    ways.reduce((sum, way) => sum + chanceOf(way, l) * follow(way).costs.reduce((a, b) => a + b), 0);
  return logits.flatMap((row, i) =>
    row.map((_, k) => {
      const at = (h: number): number => j(logits.map((r, m) => r.map((v, n) => (m === i && n === k ? v + h : v))));
      return (at(1e-4) - at(-1e-4)) / 2e-4;
    }),
  );
}

/** The categorical of a place `[batch]` under a table of logits. */
export const policyAt = (logits: tf.Tensor, place: tf.Tensor): st.Categorical =>
  new st.Categorical({
    logits: tf.matMul(tf.oneHot(tf.cast(place, 'int32'), PLACES), logits),
  });
