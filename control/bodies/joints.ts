/**
 * Joints that are kept by sequential impulses, with a correction of positions after each step (Catto, "Iterative dynamics
 * with temporal coherence", 2005; Box2D 2.3), in the order of operations of Box2D. Impulses of a step begin the next one.
 */
import type {RigidBody} from './rigidBody.js';

/** What a world asks of a joint. */
export interface Joint {
  /** Forgets the impulses of the last step. */
  forget(): void;
  /** Reads the positions that a step begins with, and applies the impulses of the last one. */
  prepare(): void;
  /** Applies the impulses that bring the velocities closer to what the joint allows. */
  solveVelocities(): void;
  /** Moves the bodies closer to where the joint has them; whether they were near enough. */
  solvePositions(): boolean;
}

/** Errors of positions that are let be, in metres and radians. */
const LINEAR_SLOP = 0.005;
const ANGULAR_SLOP = (2 / 180) * Math.PI;

/** Holds a body on the line y = `height`, upright: it moves along x alone. `height` is that of its centre of mass. */
export class RailJoint implements Joint {
  private push = 0;
  private turn = 0;

  constructor(
    private readonly body: RigidBody,
    private readonly height: number,
  ) {}

  forget(): void {
    this.push = this.turn = 0;
  }

  prepare(): void {
    this.body.vy += this.body.invMass * this.push;
    this.body.spin += this.body.invInertia * this.turn;
  }

  solveVelocities(): void {
    const {body} = this;
    this.push -= body.vy / body.invMass;
    this.turn -= body.spin / body.invInertia;
    body.vy = body.spin = 0;
  }

  solvePositions(): boolean {
    const {body, height} = this;
    const isNear = Math.abs(body.y - height) <= LINEAR_SLOP && Math.abs(body.angle) <= ANGULAR_SLOP;
    body.y = height;
    body.angle = 0;
    return isNear;
  }
}

/** Holds a point of one body, or of the ground at the origin, at a point of another; both lie on their bodies' y axes. */
export class PivotJoint implements Joint {
  private impulseX = 0;
  private impulseY = 0;
  // from the centres of mass to the joint
  private ax = 0;
  private ay = 0;
  private bx = 0;
  private by = 0;
  private k11 = 0;
  private k12 = 0;
  private k22 = 0;
  private readonly armA: number;
  private readonly armB: number;

  /**
   * @param a the one body, null for the ground
   * @param atA where the joint is, from the origin of `a` along its own y axis
   * @param b the other body, whose origin is held there
   */
  constructor(
    private readonly a: RigidBody | null,
    atA: number,
    private readonly b: RigidBody,
  ) {
    this.armA = a === null ? 0 : atA - a.center;
    this.armB = -b.center;
  }

  forget(): void {
    this.impulseX = this.impulseY = 0;
  }

  prepare(): void {
    this.measure();
    this.apply(this.impulseX, this.impulseY);
  }

  solveVelocities(): void {
    const {a, b} = this;
    let dx = b.vx - b.spin * this.by;
    let dy = b.vy + b.spin * this.bx;
    if (a !== null) {
      dx -= a.vx - a.spin * this.ay;
      dy -= a.vy + a.spin * this.ax;
    }
    const det = 1 / (this.k11 * this.k22 - this.k12 * this.k12);
    const px = -det * (this.k22 * dx - this.k12 * dy);
    const py = -det * (this.k11 * dy - this.k12 * dx);
    this.impulseX += px;
    this.impulseY += py;
    this.apply(px, py);
  }

  solvePositions(): boolean {
    this.measure();
    const {a, b, ax, ay, bx, by} = this;
    let dx = b.x + bx;
    let dy = b.y + by;
    if (a !== null) {
      dx -= a.x + ax;
      dy -= a.y + ay;
    }
    const det = 1 / (this.k11 * this.k22 - this.k12 * this.k12);
    const px = -det * (this.k22 * dx - this.k12 * dy);
    const py = -det * (this.k11 * dy - this.k12 * dx);
    if (a !== null) {
      a.x -= a.invMass * px;
      a.y -= a.invMass * py;
      a.angle -= a.invInertia * (ax * py - ay * px);
    }
    b.x += b.invMass * px;
    b.y += b.invMass * py;
    b.angle += b.invInertia * (bx * py - by * px);
    return Math.sqrt(dx * dx + dy * dy) <= LINEAR_SLOP;
  }

  /** The arms and the inverse of the mass that an impulse at the joint meets, at the present positions. */
  private measure(): void {
    const {a, b} = this;
    const bx = (this.bx = -this.armB * Math.sin(b.angle));
    const by = (this.by = this.armB * Math.cos(b.angle));
    this.k11 = b.invMass + by * by * b.invInertia;
    this.k12 = -by * bx * b.invInertia;
    this.k22 = b.invMass + bx * bx * b.invInertia;
    if (a === null) return;
    const ax = (this.ax = -this.armA * Math.sin(a.angle));
    const ay = (this.ay = this.armA * Math.cos(a.angle));
    this.k11 += a.invMass + ay * ay * a.invInertia;
    this.k12 -= ay * ax * a.invInertia;
    this.k22 += a.invMass + ax * ax * a.invInertia;
  }

  private apply(px: number, py: number): void {
    const {a, b} = this;
    if (a !== null) {
      a.vx -= a.invMass * px;
      a.vy -= a.invMass * py;
      a.spin -= a.invInertia * (this.ax * py - this.ay * px);
    }
    b.vx += b.invMass * px;
    b.vy += b.invMass * py;
    b.spin += b.invInertia * (this.bx * py - this.by * px);
  }
}
