/** A box in a valley, as rllab's Box2D had it. */
import {Contact} from './contactSolver.js';
import {poseBetween, poseOf, timeOfImpact, type Pose} from './impact.js';
import {GRAVITY} from './jointedWorld.js';
import {RigidBody} from './rigidBody.js';
import {cornersOf, heightOver, SKIN, touch, type PlanePoint, type TrackPiece} from './trackContact.js';

const HALF_WIDTH = 0.2;
const HALF_HEIGHT = 0.1;
const MASS = 5 * 4 * HALF_WIDTH * HALF_HEIGHT;
const TIMESTEP = 0.05;
const FRICTION = Math.sqrt(0.0005 * 0.2);
const LINEAR_SLOP = 0.005;
const ITERATIONS = 8;
/** A box so far above the line of a piece at both ends of its way does not meet it in between. */
const CLEAR = 0.012;
/** How often one piece may be met within a step. */
const MOST_SUBSTEPS = 8;
/** Of the track, on either side of its middle. */
const PIECES = 100;

/** A box of 0.4 × 0.2 m and density 5 on the track y = 1 − cos(2πx/w), |x| <= w/2, of 200 straight pieces. */
export class CarOnTrack {
  readonly car = new RigidBody({
    mass: MASS,
    inertia: (MASS * 4 * (HALF_WIDTH ** 2 + HALF_HEIGHT ** 2)) / 12,
    center: 0,
  });
  private readonly pieces: readonly TrackPiece[];
  private contacts = new Map<number, Contact>();

  /** @param width of the track, w, m */
  constructor(private readonly width: number) {
    this.pieces = trackOf(width);
  }

  /** Puts the box into the middle of the valley, below where it will rest, with a velocity along x. */
  place(velocity: number): void {
    this.car.place(0, 0.05, 0);
    this.car.vx = velocity;
    this.contacts = new Map();
  }

  /** Takes a step of 0.05 s with a force along the box. */
  push(force: number): void {
    const {car} = this;
    const start = poseOf(car);
    const before = this.contacts;
    this.contacts = this.findContacts(before);
    const contacts = [...this.contacts.values()];
    car.vx += TIMESTEP * car.invMass * force * Math.cos(car.angle);
    car.vy += TIMESTEP * (car.invMass * force * Math.sin(car.angle) - GRAVITY);
    for (const contact of contacts) contact.warmStart();
    for (let i = 0; i < ITERATIONS; i++) for (const contact of contacts) contact.solveVelocities();
    this.move(TIMESTEP);
    pushOut(contacts, 3, 3);
    this.resolveImpacts(start);
  }

  /** Goes back to where the car came too near to the track on its way, pushes it off there, and goes on. */
  private resolveImpacts(start: Pose): void {
    const {car} = this;
    const tried = new Map<number, number>();
    let [from, done] = [start, 0];
    for (;;) {
      const end = poseOf(car);
      const [piece, t] = this.firstImpact(from, end, tried);
      if (t >= 1) return;
      tried.set(piece, (tried.get(piece) ?? 0) + 1);
      Object.assign(car, poseBetween(from, end, t));
      const found = this.findContacts(new Map());
      const first = found.get(piece);
      if (first === undefined) {
        Object.assign(car, end);
        tried.set(piece, Infinity);
        continue;
      }
      found.delete(piece);
      pushOut([first, ...found.values()], 20, 1.5, 0.75);
      done += t * (1 - done);
      from = poseOf(car);
      const contacts = [...this.findContacts(new Map()).values()];
      for (let i = 0; i < ITERATIONS; i++) for (const contact of contacts) contact.solveVelocities();
      this.move((1 - done) * TIMESTEP);
    }
  }

  /** Which piece is met first on the way, and after which part of it; 1 where none is. */
  private firstImpact(from: Pose, end: Pose, tried: ReadonlyMap<number, number>): [piece: number, t: number] {
    const cornersAt = (pose: Pose): PlanePoint[] => cornersOf(pose, HALF_WIDTH, HALF_HEIGHT);
    const [before, after] = [cornersAt(from), cornersAt(end)];
    const isClear = (i: number): boolean =>
      Math.min(heightOver(this.pieces[i]!, before), heightOver(this.pieces[i]!, after)) > CLEAR;
    let [piece, least] = [-1, 1];
    for (const i of this.piecesUnder([...before, ...after])) {
      if (isClear(i) || (tried.get(i) ?? 0) > MOST_SUBSTEPS) continue;
      const t = timeOfImpact(this.pieces[i]!, from, end, cornersAt);
      if (t < least) [piece, least] = [i, t];
    }
    return [piece, least];
  }

  private move(time: number): void {
    const {car} = this;
    car.x += time * car.vx;
    car.y += time * car.vy;
    car.angle += time * car.spin;
  }

  /** The pieces below some points, from left to right. */
  private piecesUnder(points: readonly PlanePoint[]): number[] {
    const xs = points.map(({x}) => x);
    const at = (x: number): number => Math.floor((x / this.width) * 2 * PIECES) + PIECES;
    const first = Math.max(at(Math.min(...xs) - SKIN), 0);
    const last = Math.min(at(Math.max(...xs) + SKIN), 2 * PIECES - 1);
    return Array.from({length: Math.max(last - first + 1, 0)}, (_, i) => first + i);
  }

  private findContacts(before: ReadonlyMap<number, Contact>): Map<number, Contact> {
    const {car, pieces} = this;
    const corners = cornersOf(car, HALF_WIDTH, HALF_HEIGHT);
    const [cos, sin] = [Math.cos(car.angle), Math.sin(car.angle)];
    const normals = [
      {x: sin, y: -cos},
      {x: cos, y: sin},
      {x: -sin, y: cos},
      {x: -cos, y: -sin},
    ];
    const found = new Map<number, Contact>();
    for (const i of this.piecesUnder(corners)) {
      const manifold = touch(pieces[i]!, corners, normals);
      if (manifold !== null) found.set(i, new Contact(car, manifold, FRICTION, before.get(i)));
    }
    return found;
  }
}

/** Moves the car out of the track, until it is no deeper than some slops, or as often as is allowed. */
function pushOut(contacts: readonly Contact[], iterations: number, slops: number, share?: number): void {
  for (let i = 0; i < iterations; i++) {
    let deepest = 0;
    for (const contact of contacts) deepest = Math.min(deepest, contact.solvePositions(share));
    if (deepest >= -slops * LINEAR_SLOP) return;
  }
}

function trackOf(width: number): TrackPiece[] {
  const points = Array.from({length: 2 * PIECES + 1}, (_, k): PlanePoint => {
    const i = k - PIECES;
    return {x: (0.5 / PIECES) * i * width, y: 1 + Math.sin((i / PIECES - 0.5) * Math.PI)};
  });
  const normals = points.slice(1).map((to, i): PlanePoint => {
    const [dx, dy] = [to.x - points[i]!.x, to.y - points[i]!.y];
    const length = Math.hypot(dx, dy);
    return {x: -dy / length, y: dx / length};
  });
  const turnsUp = (i: number): boolean => normals[i]!.x * normals[i + 1]!.y - normals[i]!.y * normals[i + 1]!.x >= 0;
  return normals.map((normal, i) => ({
    from: points[i]!,
    to: points[i + 1]!,
    normal,
    // where the track turns upwards nothing but the piece's own normal may push; elsewhere the neighbour's as well
    left: i === 0 ? null : turnsUp(i - 1) ? normal : normals[i - 1]!,
    right: i === normals.length - 1 ? null : turnsUp(i) ? normal : normals[i + 1]!,
  }));
}
