/** A cart on a rail with a pole on top, as rllab's first release built it in Box2D. */
import {JointedWorld} from './jointedWorld.js';
import {PivotJoint, RailJoint} from './joints.js';
import {RigidBody} from './rigidBody.js';

const WIDTH = 4 / Math.sqrt(12);
const HEIGHT = 3 / Math.sqrt(12);
const POLE_WIDTH = 0.1;
/** Where the rail is: a cart that begins above it falls onto it in the first step. */
const RAIL = -0.1;

/**
 * The cart is a box of density 1, mass 1; the pole one of density 1, 0.1 wide, held at its lower end by the cart's top.
 * The force acts on the cart along x.
 */
export class CartAndPole {
  readonly cart = new RigidBody({mass: WIDTH * HEIGHT, inertia: (WIDTH ** 2 + HEIGHT ** 2) / 12, center: 0});
  readonly pole: RigidBody;
  private readonly world: JointedWorld;

  /** @param length of the pole, m */
  constructor(length: number) {
    const mass = POLE_WIDTH * length;
    this.pole = new RigidBody({mass, inertia: (mass * (POLE_WIDTH ** 2 + length ** 2)) / 12, center: length / 2});
    const config = {timestep: 0.05, velocityIterations: 8, positionIterations: 3};
    const pivot = new PivotJoint(this.cart, HEIGHT / 2, this.pole);
    this.world = new JointedWorld(config, [this.cart, this.pole], [pivot, new RailJoint(this.cart, RAIL)]);
  }

  /**
   * Puts the cart at x and the pole at its angle, 0 when upright. The foot of the pole stays at x = 0 and its centre of
   * mass at rest, as in rllab, and the joint brings the two together in the first step.
   */
  place(x: number, velocity: number, angle: number, spin: number): void {
    this.world.forget();
    this.cart.place(x, HEIGHT / 2, 0);
    this.cart.vx = velocity;
    this.pole.place(0, HEIGHT, angle);
    this.pole.spin = spin;
  }

  /** Takes a step of 0.05 s. */
  push(force: number): void {
    this.cart.force = force;
    this.world.step();
  }
}
