/** A rigid body in the plane. */

/** What a body is made of, in its own frame. */
export interface BodyConfig {
  /** kg */
  readonly mass: number;
  /** About the centre of mass, kg·m². */
  readonly inertia: number;
  /** The centre of mass, from the origin of the body along its own y axis, m. */
  readonly center: number;
}

/** A body whose centre of mass lies on its own y axis. Angles grow counter-clockwise, in radians; lengths in metres. */
export class RigidBody {
  /** The centre of mass. */
  x = 0;
  y = 0;
  angle = 0;
  /** The velocity of the centre of mass. */
  vx = 0;
  vy = 0;
  spin = 0;
  /** What acts on it during the next step. */
  force = 0;
  torque = 0;
  readonly center: number;
  readonly invMass: number;
  readonly invInertia: number;

  constructor({mass, inertia, center}: BodyConfig) {
    this.center = center;
    this.invMass = 1 / mass;
    this.invInertia = 1 / inertia;
  }

  /** Puts its origin at (x, y), at rest. */
  place(x: number, y: number, angle: number): void {
    this.x = x - this.center * Math.sin(angle);
    this.y = y + this.center * Math.cos(angle);
    this.angle = angle;
    this.vx = this.vy = this.spin = this.force = this.torque = 0;
  }

  /** Where its origin is. */
  get originX(): number {
    return this.x + this.center * Math.sin(this.angle);
  }

  get originY(): number {
    return this.y - this.center * Math.cos(this.angle);
  }
}
