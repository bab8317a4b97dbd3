/** Two links that hang one below the other, as in rllab's Box2D. */
import {JointedWorld} from './jointedWorld.js';
import {PivotJoint} from './joints.js';
import {RigidBody} from './rigidBody.js';

const WIDTH = 0.1;
const DENSITY = 5;

/** Two boxes of density 5, 0.1 wide, held at their upper ends: the first at the origin, the second by the first's end. */
export class TwoLinks {
  readonly upper: RigidBody;
  readonly lower: RigidBody;
  private readonly world: JointedWorld;

  /** @param length of each, m */
  constructor(readonly length: number) {
    const mass = DENSITY * WIDTH * length;
    const link = {mass, inertia: (mass * (WIDTH ** 2 + length ** 2)) / 12, center: -length / 2};
    this.upper = new RigidBody(link);
    this.lower = new RigidBody(link);
    const config = {timestep: 0.01, velocityIterations: 20, positionIterations: 20};
    const elbow = new PivotJoint(this.upper, -length, this.lower);
    this.world = new JointedWorld(config, [this.upper, this.lower], [elbow, new PivotJoint(null, 0, this.upper)]);
  }

  /**
   * Puts the links at their angles, 0 when hanging. The upper end of the second stays below the origin, and the centres of
   * mass at rest, as in rllab; the joints bring them together in the first step.
   */
  place(angle1: number, angle2: number, spin1: number, spin2: number): void {
    this.world.forget();
    this.upper.place(0, 0, angle1);
    this.lower.place(0, -this.length, angle2);
    this.upper.spin = spin1;
    this.lower.spin = spin2;
  }

  /** Takes a step of 0.01 s, with a torque at the origin on the first link and one at the elbow on the second. */
  turn(torque1: number, torque2: number): void {
    this.upper.torque = torque1 - torque2;
    this.lower.torque = torque2;
    this.world.step();
  }
}
