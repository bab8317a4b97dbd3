/** The impulses between a box and a piece of the track, as Box2D 2.3 solves for them. */
import type {RigidBody} from './rigidBody.js';
import {SKIN, type Manifold, type PlanePoint} from './trackContact.js';

/** A point of contact in a step. */
interface ContactPoint {
  readonly feature: number;
  /** From the centre of mass. */
  readonly rx: number;
  readonly ry: number;
  readonly normalMass: number;
  readonly tangentMass: number;
  /** In the frame of the body: the point, or where the box's own face is touched, nothing. */
  readonly localX: number;
  readonly localY: number;
  readonly x: number;
  readonly y: number;
  push: number;
  rub: number;
}

const BAUMGARTE = 0.2;
const LINEAR_SLOP = 0.005;
const MOST_CORRECTION = 0.2;

/** Contact of a box with one piece, for one step. */
export class Contact {
  private readonly points: readonly ContactPoint[];
  /** Those whose velocities are solved for. */
  private readonly solved: readonly ContactPoint[];
  /** Upwards: from the track to the box. */
  private readonly nx: number;
  private readonly ny: number;
  private k12 = 0;
  private readonly localNormal: PlanePoint;
  private readonly localPlane: PlanePoint;

  /** @param before what the contact with the same piece was in the last step */
  constructor(
    private readonly body: RigidBody,
    private readonly manifold: Manifold,
    private readonly friction: number,
    before: Contact | undefined,
  ) {
    const {normal, plane, isBoxFace} = manifold;
    const [nx, ny] = isBoxFace ? [-normal.x, -normal.y] : [normal.x, normal.y];
    this.nx = nx;
    this.ny = ny;
    this.localNormal = this.turned(normal.x, normal.y);
    this.localPlane = this.turned(plane.x - body.x, plane.y - body.y);
    const {invMass, invInertia} = body;
    this.points = manifold.points.map(p => {
      const s = (p.x - plane.x) * normal.x + (p.y - plane.y) * normal.y;
      const [rx, ry] = [p.x - 0.5 * s * normal.x - body.x, p.y - 0.5 * s * normal.y - body.y];
      const across = rx * ny - ry * nx;
      const along = -rx * nx - ry * ny;
      const local = this.turned(p.x - body.x, p.y - body.y);
      const old =
        before?.manifold.isBoxFace === isBoxFace ? before.points.find(q => q.feature === p.feature) : undefined;
      return {
        feature: p.feature,
        rx,
        ry,
        normalMass: 1 / (invMass + invInertia * across * across),
        tangentMass: 1 / (invMass + invInertia * along * along),
        localX: local.x,
        localY: local.y,
        x: p.x,
        y: p.y,
        push: old?.push ?? 0,
        rub: old?.rub ?? 0,
      };
    });
    this.solved = this.points;
    const [p, q] = this.points;
    if (p === undefined || q === undefined) return;
    this.k12 = invMass + invInertia * (p.rx * ny - p.ry * nx) * (q.rx * ny - q.ry * nx);
    const [k11, k22] = [1 / p.normalMass, 1 / q.normalMass];
    // two points that are nearly one count once
    if (k11 * k11 >= 1000 * (k11 * k22 - this.k12 * this.k12)) this.solved = [p];
  }

  /** Applies the impulses of the last step. */
  warmStart(): void {
    for (const p of this.solved) this.apply(p, p.push, p.rub);
  }

  /** Applies the impulses that keep the box from moving into the track, and friction. */
  solveVelocities(): void {
    const {solved, nx, ny, friction} = this;
    for (const p of solved) {
      const most = friction * p.push;
      const rub = Math.min(Math.max(p.rub - p.tangentMass * this.speed(p, ny, -nx), -most), most);
      this.apply(p, 0, rub - p.rub);
      p.rub = rub;
    }
    if (solved.length === 2) {
      this.solveBoth(solved[0]!, solved[1]!);
      return;
    }
    for (const p of solved) {
      const push = Math.max(p.push - p.normalMass * this.speed(p, nx, ny), 0);
      this.apply(p, push - p.push, 0);
      p.push = push;
    }
  }

  /** The impulses x >= 0 of two points with velocities K·x + b >= 0, one of each pair 0. */
  private solveBoth(p: ContactPoint, q: ContactPoint): void {
    const {nx, ny, k12} = this;
    const [k11, k22] = [1 / p.normalMass, 1 / q.normalMass];
    const b1 = this.speed(p, nx, ny) - k11 * p.push - k12 * q.push;
    const b2 = this.speed(q, nx, ny) - k12 * p.push - k22 * q.push;
    const det = k11 * k22 - k12 * k12;
    let x1 = (k12 * b2 - k22 * b1) / det;
    let x2 = (k12 * b1 - k11 * b2) / det;
    if (x1 < 0 || x2 < 0) {
      [x1, x2] = [-b1 / k11, 0];
      if (x1 < 0 || k12 * x1 + b2 < 0) [x1, x2] = [0, -b2 / k22];
      if (x2 < 0 || (x1 === 0 && k12 * x2 + b1 < 0)) [x1, x2] = [0, 0];
      if (x1 === 0 && x2 === 0 && (b1 < 0 || b2 < 0)) return;
    }
    this.apply(p, x1 - p.push, 0);
    this.apply(q, x2 - q.push, 0);
    [p.push, q.push] = [x1, x2];
  }

  /** Moves the box a share of the way out of the track; how deep it was, as a number <= 0. */
  solvePositions(share = BAUMGARTE): number {
    const {body} = this;
    const {isBoxFace, normal, plane} = this.manifold;
    let deepest = 0;
    for (const p of this.points) {
      const [cos, sin] = [Math.cos(body.angle), Math.sin(body.angle)];
      const world = (x: number, y: number): [number, number] => [cos * x - sin * y, sin * x + cos * y];
      let [x, y, nx, ny] = [p.x, p.y, normal.x, normal.y];
      let separation: number;
      if (isBoxFace) {
        [nx, ny] = world(this.localNormal.x, this.localNormal.y);
        const [px, py] = world(this.localPlane.x, this.localPlane.y);
        separation = (x - px - body.x) * nx + (y - py - body.y) * ny - SKIN;
        [nx, ny] = [-nx, -ny];
      } else {
        [x, y] = world(p.localX, p.localY);
        [x, y] = [x + body.x, y + body.y];
        separation = (x - plane.x) * nx + (y - plane.y) * ny - SKIN;
      }
      deepest = Math.min(deepest, separation);
      const correction = Math.min(Math.max(share * (separation + LINEAR_SLOP), -MOST_CORRECTION), 0);
      const across = (x - body.x) * ny - (y - body.y) * nx;
      const impulse = -correction / (body.invMass + body.invInertia * across * across);
      body.x += body.invMass * impulse * nx;
      body.y += body.invMass * impulse * ny;
      body.angle += body.invInertia * across * impulse;
    }
    return deepest;
  }

  /** Of a point of the box, along a direction. */
  private speed(p: ContactPoint, x: number, y: number): number {
    const {vx, vy, spin} = this.body;
    return (vx - spin * p.ry) * x + (vy + spin * p.rx) * y;
  }

  private apply(p: ContactPoint, push: number, rub: number): void {
    const {body, nx, ny} = this;
    const [x, y] = [push * nx + rub * ny, push * ny - rub * nx];
    body.vx += body.invMass * x;
    body.vy += body.invMass * y;
    body.spin += body.invInertia * (p.rx * y - p.ry * x);
  }

  /** A vector in the frame of the body. */
  private turned(x: number, y: number): PlanePoint {
    const [cos, sin] = [Math.cos(this.body.angle), Math.sin(this.body.angle)];
    return {x: cos * x + sin * y, y: cos * y - sin * x};
  }
}
