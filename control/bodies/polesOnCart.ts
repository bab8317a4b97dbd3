/** A cart with two poles, one on top of the other, as MuJoCo computes them. */

const GRAVITY_X = 1e-5;
const GRAVITY_Z = 9.81;
const DAMPING = 0.05;
const TIMESTEP = 0.01;
const DENSITY = 1000;

const CART = {radius: 0.1, length: 0.2};
const POLE_RADIUS = 0.045;

/** The state and its rate of change: x, the angles a and b of the poles from upright, and their velocities. */
const SIZE = 6;

/**
 * A capsule's mass, and its inertia about its centre across its axis: of a cylinder that is longer by the radius, as
 * MuJoCo 1 had it. (As a true capsule, of MuJoCo 3, the pole would be heavier by 2.3%.)
 */
function capsule(radius: number, length: number): {mass: number; inertia: number} {
  const height = length + radius;
  const mass = DENSITY * Math.PI * radius ** 2 * height;
  return {mass, inertia: (mass * (3 * radius ** 2 + height ** 2)) / 12};
}

/**
 * The cart slides along x, driven by a force; the poles turn freely; each joint is damped by 0.05. Angles are from
 * upright, towards +x, both absolute. A step is 0.01 s of the classical Runge-Kutta method of order 4.
 */
export class PolesOnCart {
  /** x, a, b, ẋ, ȧ, ḃ. */
  readonly state = new Float64Array(SIZE);
  private readonly total: number;
  private readonly first: number;
  private readonly second: number;
  private readonly turnA: number;
  private readonly turnB: number;
  private readonly cross: number;
  private readonly rates = [0, 1, 2, 3].map(() => new Float64Array(SIZE));
  private readonly between = new Float64Array(SIZE);

  /**
   * @param length1 of the lower pole, m
   * @param length2 of the upper one
   */
  constructor(
    readonly length1: number,
    readonly length2: number,
  ) {
    const [one, two] = [capsule(POLE_RADIUS, length1), capsule(POLE_RADIUS, length2)];
    const [c1, c2] = [length1 / 2, length2 / 2];
    this.total = capsule(CART.radius, CART.length).mass + one.mass + two.mass;
    this.first = one.mass * c1 + two.mass * length1;
    this.second = two.mass * c2;
    this.turnA = one.inertia + one.mass * c1 ** 2 + two.mass * length1 ** 2;
    this.turnB = two.inertia + two.mass * c2 ** 2;
    this.cross = two.mass * length1 * c2;
  }

  /** Takes a step with a force on the cart. */
  push(force: number): void {
    const {state, between} = this;
    const [k1, k2, k3, k4] = this.rates as [Float64Array, Float64Array, Float64Array, Float64Array]; // four
    this.rate(state, force, k1);
    for (let i = 0; i < SIZE; i++) between[i] = state[i]! + (TIMESTEP / 2) * k1[i]!;
    this.rate(between, force, k2);
    for (let i = 0; i < SIZE; i++) between[i] = state[i]! + (TIMESTEP / 2) * k2[i]!;
    this.rate(between, force, k3);
    for (let i = 0; i < SIZE; i++) between[i] = state[i]! + TIMESTEP * k3[i]!;
    this.rate(between, force, k4);
    for (let i = 0; i < SIZE; i++) state[i]! += (TIMESTEP / 6) * (k1[i]! + 2 * k2[i]! + 2 * k3[i]! + k4[i]!);
  }

  /** Kinetic and potential energy, J; without damping and force it is kept. */
  energy(): number {
    const [x, a, b, v, da, db] = this.state as unknown as [number, number, number, number, number, number]; // six
    const {total, first, second, turnA, turnB, cross} = this;
    const across = first * Math.cos(a) * da + second * Math.cos(b) * db;
    const turning = turnA * da * da + turnB * db * db + 2 * cross * Math.cos(a - b) * da * db;
    const height = first * Math.cos(a) + second * Math.cos(b);
    const side = total * x + first * Math.sin(a) + second * Math.sin(b);
    return 0.5 * (total * v * v + turning) + v * across + GRAVITY_Z * height - GRAVITY_X * side;
  }

  /** M(q)·q̈ = forces, Lagrange's equations in absolute angles. */
  private rate(s: Float64Array, force: number, out: Float64Array): void {
    const {total, first, second, turnA, turnB, cross} = this;
    const [a, b, v, da, db] = [s[1]!, s[2]!, s[3]!, s[4]!, s[5]!];
    const [sinA, cosA, sinB, cosB] = [Math.sin(a), Math.cos(a), Math.sin(b), Math.cos(b)];
    const xa = first * cosA;
    const xb = second * cosB;
    const ab = cross * (cosA * cosB + sinA * sinB);
    const bend = cross * (sinA * cosB - cosA * sinB);
    const elbow = DAMPING * (db - da);
    const fx = force - DAMPING * v + GRAVITY_X * total + first * sinA * da * da + second * sinB * db * db;
    const fa = first * (GRAVITY_Z * sinA + GRAVITY_X * cosA) - bend * db * db - DAMPING * da + elbow;
    const fb = second * (GRAVITY_Z * sinB + GRAVITY_X * cosB) + bend * da * da - elbow;
    // the symmetric 3 × 3 system, x taken out first
    const aa = turnA - (xa * xa) / total;
    const bb = turnB - (xb * xb) / total;
    const mixed = ab - (xa * xb) / total;
    const ga = fa - (xa * fx) / total;
    const gb = fb - (xb * fx) / total;
    const det = aa * bb - mixed * mixed;
    const accelerationA = (bb * ga - mixed * gb) / det;
    const accelerationB = (aa * gb - mixed * ga) / det;
    out[0] = v;
    out[1] = da;
    out[2] = db;
    out[3] = (fx - xa * accelerationA - xb * accelerationB) / total;
    out[4] = accelerationA;
    out[5] = accelerationB;
  }
}
