/** How bodies move: as in planck and MuJoCo, and as closed forms say. */
import {CartAndPole} from '../../control/bodies/cartAndPole.js';
import {CarOnTrack} from '../../control/bodies/carOnTrack.js';
import {PolesOnCart} from '../../control/bodies/polesOnCart.js';
import {TwoLinks} from '../../control/bodies/twoLinks.js';
import {carPaths, cartPaths, linkPaths, polePaths, type ReferencePath} from './reference/bodies.js';

/** What acts in step t: the sequence of scripts/reference/bodies.mjs. */
const pushes = (t: number, most: number, pace: number): number => ((t * pace) % (2 * most + 1)) - most;

/** The state after each number of steps that the reference has, compared with it. */
function follow({rows}: ReferencePath, step: (t: number) => void, state: () => number[], tolerance: number): void {
  let t = 0;
  for (const [steps, ...expected] of rows) {
    while (t < steps!) step(t++);
    const got = state();
    expect(got.length).toBe(expected.length);
    const off = Math.max(...got.map((x, i) => Math.abs(x - expected[i]!)));
    expect(off).withContext(`after ${steps} steps: ${got.join()} for ${expected.join()}`).toBeLessThan(tolerance);
  }
}

describe('a cart with a pole', () => {
  const place = ({of, start}: ReferencePath): CartAndPole => {
    const system = new CartAndPole(of[0]!);
    const [x, velocity, angle, spin] = start as [number, number, number, number];
    system.place(x, velocity, angle, spin);
    return system;
  };
  const state = ({cart, pole}: CartAndPole): number[] => [cart.x, cart.vx, cart.y, pole.angle, pole.spin];

  it('moves as in planck', () => {
    for (const path of cartPaths) {
      const system = place(path);
      follow(
        path,
        t => system.push(pushes(t, 10, 37)),
        () => state(system),
        1e-9,
      );
    }
  });

  it('moves the same way when it is placed again', () => {
    const system = place(cartPaths[2]!);
    for (let t = 0; t < 7; t++) system.push(5);
    const again = new CartAndPole(0.6);
    for (const one of [system, again]) {
      one.place(0.2, 0.3, 0.1, -0.4);
      for (let t = 0; t < 20; t++) one.push(pushes(t, 10, 37));
    }
    expect(state(system)).toEqual(state(again));
  });

  it('keeps its momentum along the rail where nothing pushes', () => {
    const system = new CartAndPole(1);
    system.place(0, 0.4, 2, 3);
    system.push(0);
    const momentum = (): number => system.cart.vx / system.cart.invMass + system.pole.vx / system.pole.invMass;
    expect(momentum()).toBeCloseTo(0.4, 12);
    for (let t = 0; t < 40; t++) system.push(0);
    expect(momentum()).toBeCloseTo(0.4, 12);
  });

  it('swings about hanging as often as the linearised equations say, and falls from upright as fast', () => {
    const [M, m, half, inertia] = [1, 0.1, 0.5, 0.1 * (0.01 + 1)];
    const square = (m * half * 10) / (inertia / 12 + m * half ** 2 - (m * half) ** 2 / (M + m));
    const system = new CartAndPole(1);
    system.place(0, 0, Math.PI + 0.02, 0);
    let crossings = 0;
    let last = 0;
    let before = system.pole.angle - Math.PI;
    for (let t = 1; t <= 600; t++) {
      system.push(0);
      const now = system.pole.angle - Math.PI;
      if (before > 0 && now <= 0) {
        crossings++;
        last = (t - now / (now - before)) * 0.05; // by a line between the steps
      }
      before = now;
    }
    // the first crossing is a quarter of a period from the start
    const period = last / (crossings - 0.75);
    expect(Math.abs(period / ((2 * Math.PI) / Math.sqrt(square)) - 1)).toBeLessThan(0.02);

    const falling = new CartAndPole(1);
    falling.place(0, 0, 1e-4, 0);
    for (let t = 0; t < 20; t++) falling.push(0);
    const early = falling.pole.angle;
    for (let t = 0; t < 10; t++) falling.push(0);
    const rate = Math.log(falling.pole.angle / early) / 0.5;
    expect(Math.abs(rate / Math.sqrt(square) - 1)).toBeLessThan(0.12); // steps of 0.05 s lag behind
  });
});

describe('two links', () => {
  it('move as in planck', () => {
    for (const path of linkPaths) {
      const links = new TwoLinks(path.of[0]!);
      const [a, b, da, db] = path.start as [number, number, number, number];
      links.place(a, b, da, db);
      const {upper, lower} = links;
      // motors of planck are solved between the joints; what is left of it is of the size of the tolerance
      follow(
        path,
        t => links.turn(pushes(t, 3, 37), pushes(t, 3, 23)),
        () => [upper.angle, upper.spin, lower.angle, lower.spin, lower.originX, lower.originY],
        1e-6,
      );
    }
  });

  it('swing as slowly as the linearised equations say', () => {
    const [m, L, c, I] = [0.5, 1, 0.5, (0.5 * (1 + 0.01)) / 12];
    const [aa, ab, bb] = [I + m * c * c + m * L * L, m * L * c, I + m * c * c];
    const [ka, kb] = [(m * c + m * L) * 10, m * c * 10];
    // det(K − ω²M) = 0, the smaller root, and its mode
    const [p, q, r] = [aa * bb - ab * ab, -(aa * kb + bb * ka), ka * kb];
    const square = (-q - Math.sqrt(q * q - 4 * p * r)) / (2 * p);
    const ratio = (ka - square * aa) / (square * ab);
    const links = new TwoLinks(1);
    links.place(0.01, 0.01 * ratio, 0, 0);
    links.lower.place(L * Math.sin(0.01), -L * Math.cos(0.01), 0.01 * ratio); // where the joint has it
    let t = 0;
    while (links.upper.angle > 0) {
      links.turn(0, 0);
      t += 0.01;
    }
    expect(Math.abs(t / (Math.PI / 2 / Math.sqrt(square)) - 1)).toBeLessThan(0.03);
  });
});

describe('a car on a track', () => {
  it('moves as in planck, and nearly so after it has met the track within a step', () => {
    for (const [i, path] of carPaths.entries()) {
      const system = new CarOnTrack(path.of[0]!);
      system.place(path.start[0]!);
      const {car} = system;
      follow(
        path,
        t => system.push(pushes(t, 10, 37) / 10),
        () => [car.x, car.y, car.angle, car.vx, car.vy, car.spin],
        i === 2 ? 0.06 : 1e-8,
      );
    }
  });

  it('comes to rest upright, with two corners on the track but for its skin', () => {
    const system = new CarOnTrack(4);
    system.place(0.05);
    for (let t = 0; t < 2000; t++) system.push(-4 * system.car.vx); // brakes
    const {x, y, angle, vx} = system.car;
    expect(Math.max(Math.abs(x), Math.abs(angle), Math.abs(vx))).toBeLessThan(0.08);
    const corners = 1 - Math.cos(Math.PI * 0.1) + 0.1;
    expect(y - corners).toBeGreaterThan(0.01);
    expect(y - corners).toBeLessThan(0.02 / Math.cos(Math.atan((Math.PI / 2) * Math.sin(Math.PI * 0.1))) + 1e-3);
  });

  it('gains no height where nothing pushes', () => {
    const system = new CarOnTrack(4);
    system.place(1);
    const energy = (): number => {
      const {car} = system;
      return 0.4 * (0.5 * (car.vx ** 2 + car.vy ** 2) + 10 * car.y) + (0.5 * car.spin ** 2) / car.invInertia;
    };
    for (let t = 0; t < 20; t++) system.push(0); // until it is out of the ground that it begins in
    const start = energy();
    let most = 0;
    for (let t = 0; t < 400; t++) {
      system.push(0);
      most = Math.max(most, energy());
    }
    expect(most).toBeLessThan(start + 0.01);
    expect(energy()).toBeLessThan(start);
  });
});

describe('two poles on a cart', () => {
  const place = ({of, start}: ReferencePath): PolesOnCart => {
    const poles = new PolesOnCart(of[0]!, of[1]!);
    poles.state.set([0, start[0]!, start[1]!]);
    return poles;
  };

  it('move as in MuJoCo', () => {
    for (const path of polePaths) {
      const poles = place(path);
      follow(
        path,
        t => poles.push(50 * pushes(t, 10, 37)),
        () => [...poles.state],
        1e-8,
      );
    }
  });

  it('gain and lose the energy that the force and the damping give and take', () => {
    const poles = place(polePaths[1]!);
    const power = (force: number): number => {
      const [, , , v, da, db] = poles.state as unknown as [number, number, number, number, number, number]; // six
      return force * v - 0.05 * (v ** 2 + da ** 2 + (db - da) ** 2);
    };
    const start = poles.energy();
    let work = 0;
    let largest = 0;
    for (let t = 0; t < 200; t++) {
      const force = 20 * Math.sin(t / 20);
      const before = power(force);
      poles.push(force);
      work += (0.01 * (before + power(force))) / 2;
      largest = Math.max(largest, Math.abs(work));
    }
    expect(largest).toBeGreaterThan(2);
    expect(Math.abs(poles.energy() - start - work)).toBeLessThan(2e-3 * largest);
  });
});
