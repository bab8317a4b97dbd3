/**
 * Steps of optimizers, all in one pass over memory: x is the variable, g its gradient, the others what the optimizer
 * keeps; each is read, and its new form written elsewhere. The last one to three numbers go lane by lane.
 */

import {part, set} from './lanes';

// @ts-ignore: decorator
@inline
function scaled(x: v128, by: f32): v128 {
  return f32x4.mul(x, f32x4.splat(by));
}

/** x + rate·m′ / (√(v′·second) + epsilon), m′ = β₁m + (1 − β₁)g, v′ = β₂v + (1 − β₂)g². */
export function adam(
  toX: usize, toM: usize, toV: usize, x: usize, g: usize, m: usize, v: usize, n: i32,
  beta1: f32, rest1: f32, beta2: f32, rest2: f32, rate: f32, second: f32, epsilon: f32,
): void {
  for (let i: usize = 0; n > 0; n -= 4, i += 16) {
    const gradient = part(g + i, n);
    const newM = f32x4.add(scaled(part(m + i, n), beta1), scaled(gradient, rest1));
    const newV = f32x4.add(scaled(part(v + i, n), beta2), scaled(f32x4.mul(gradient, gradient), rest2));
    const below = f32x4.add(f32x4.sqrt(scaled(newV, second)), f32x4.splat(epsilon));
    set(toM + i, newM, n);
    set(toV + i, newV, n);
    set(toX + i, f32x4.add(f32x4.div(scaled(newM, rate), below), part(x + i, n)), n);
  }
}

/** x + rate·m′ / (u′ + epsilon), m′ = β₁m + (1 − β₁)g, u′ = max(β₂u, |g|). */
export function adamax(
  toX: usize, toM: usize, toU: usize, x: usize, g: usize, m: usize, u: usize, n: i32,
  beta1: f32, rest1: f32, beta2: f32, rate: f32, epsilon: f32,
): void {
  for (let i: usize = 0; n > 0; n -= 4, i += 16) {
    const gradient = part(g + i, n);
    const newM = f32x4.add(scaled(part(m + i, n), beta1), scaled(gradient, rest1));
    const newU = f32x4.max(scaled(part(u + i, n), beta2), f32x4.abs(gradient));
    set(toM + i, newM, n);
    set(toU + i, newU, n);
    set(toX + i, f32x4.add(scaled(f32x4.div(newM, f32x4.add(newU, f32x4.splat(epsilon))), rate), part(x + i, n)), n);
  }
}

/**
 * x − a′, a′ = momentum·a + rate·g / √(s′ + epsilon), s′ = decay·s + (1 − decay)g²; where `mean` is not 0, the root is
 * of s′ − (μ′² + epsilon), μ′ = decay·μ + (1 − decay)g.
 */
export function rmsProp(
  toX: usize, toS: usize, toA: usize, toMean: usize, x: usize, g: usize, s: usize, a: usize, mean: usize, n: i32,
  decay: f32, rest: f32, momentum: f32, rate: f32, epsilon: f32,
): void {
  for (let i: usize = 0; n > 0; n -= 4, i += 16) {
    const gradient = part(g + i, n);
    const newS = f32x4.add(scaled(part(s + i, n), decay), scaled(f32x4.mul(gradient, gradient), rest));
    let below: v128;
    if (mean != 0) {
      const newMean = f32x4.add(scaled(part(mean + i, n), decay), scaled(gradient, rest));
      set(toMean + i, newMean, n);
      below = f32x4.sub(newS, f32x4.add(f32x4.mul(newMean, newMean), f32x4.splat(epsilon)));
    } else {
      below = f32x4.add(newS, f32x4.splat(epsilon));
    }
    const newA = f32x4.add(scaled(part(a + i, n), momentum), f32x4.div(scaled(gradient, rate), f32x4.sqrt(below)));
    set(toS + i, newS, n);
    set(toA + i, newA, n);
    set(toX + i, f32x4.sub(part(x + i, n), newA), n);
  }
}

/** x + rate·a′, a′ = momentum·a + g; with Nesterov's look ahead x + rate·(g + momentum·a′). */
export function momentum(
  toX: usize, toA: usize, x: usize, g: usize, a: usize, n: i32, by: f32, rate: f32, looksAhead: i32,
): void {
  for (let i: usize = 0; n > 0; n -= 4, i += 16) {
    const gradient = part(g + i, n);
    const newA = f32x4.add(scaled(part(a + i, n), by), gradient);
    const step = looksAhead ? f32x4.add(gradient, scaled(newA, by)) : newA;
    set(toA + i, newA, n);
    set(toX + i, f32x4.add(scaled(step, rate), part(x + i, n)), n);
  }
}

/** x + rate·g. */
export function sgd(toX: usize, x: usize, g: usize, n: i32, rate: f32): void {
  for (let i: usize = 0; n > 0; n -= 4, i += 16) {
    set(toX + i, f32x4.add(scaled(part(g + i, n), rate), part(x + i, n)), n);
  }
}

/** x + rate·g / √(a′ + epsilon), a′ = a + g². */
export function adagrad(
  toX: usize, toA: usize, x: usize, g: usize, a: usize, n: i32, rate: f32, epsilon: f32,
): void {
  for (let i: usize = 0; n > 0; n -= 4, i += 16) {
    const gradient = part(g + i, n);
    const newA = f32x4.add(part(a + i, n), f32x4.mul(gradient, gradient));
    set(toA + i, newA, n);
    const step = f32x4.div(gradient, f32x4.sqrt(f32x4.add(newA, f32x4.splat(epsilon))));
    set(toX + i, f32x4.add(scaled(step, rate), part(x + i, n)), n);
  }
}
