/** Bodies in the plane that are held together by joints, under gravity. */
import type {Joint} from './joints.js';
import type {RigidBody} from './rigidBody.js';

/** What rllab's Box2D had by default, m/s². */
export const GRAVITY = 10;

/** Of the steps of a world. */
export interface WorldConfig {
  /** The length of a step, s. */
  readonly timestep: number;
  /** How often the joints are gone through, in a step, for velocities. */
  readonly velocityIterations: number;
  /** And for positions, unless they are near enough before. */
  readonly positionIterations: number;
}

/** No body moves or turns further in one step. */
const MOST_MOTION = 2;
const MOST_TURN = Math.PI / 2;

/** Steps as Box2D 2.3 takes them: velocities first, then positions by them, then what the joints ask. */
export class JointedWorld {
  /** @param joints in the order in which they are solved */
  constructor(
    private readonly config: WorldConfig,
    private readonly bodies: readonly RigidBody[],
    private readonly joints: readonly Joint[],
  ) {}

  /** Forgets the impulses of earlier steps, for bodies that were put elsewhere. */
  forget(): void {
    for (const joint of this.joints) joint.forget();
  }

  /** Takes a step, in which the forces and torques of the bodies act, and sets those to 0. */
  step(): void {
    const {bodies, joints} = this;
    const {timestep: h, velocityIterations, positionIterations} = this.config;
    for (const body of bodies) {
      body.vx += h * body.invMass * body.force;
      body.vy -= h * GRAVITY;
      body.spin += h * body.invInertia * body.torque;
      body.force = body.torque = 0;
    }
    for (const joint of joints) joint.prepare();
    for (let i = 0; i < velocityIterations; i++) for (const joint of joints) joint.solveVelocities();
    for (const body of bodies) move(body, h);
    for (let i = 0; i < positionIterations; i++) {
      let areNear = true;
      for (const joint of joints) areNear = joint.solvePositions() && areNear;
      if (areNear) break;
    }
  }
}

function move(body: RigidBody, h: number): void {
  const motion = h * Math.sqrt(body.vx * body.vx + body.vy * body.vy);
  if (motion > MOST_MOTION) {
    body.vx *= MOST_MOTION / motion;
    body.vy *= MOST_MOTION / motion;
  }
  const turn = Math.abs(h * body.spin);
  if (turn > MOST_TURN) body.spin *= MOST_TURN / turn;
  body.x += h * body.vx;
  body.y += h * body.vy;
  body.angle += h * body.spin;
}
