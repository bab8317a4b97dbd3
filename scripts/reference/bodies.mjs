/**
 * Makes test/control/reference/bodies.ts: how bodies move in planck (Box2D 2.3 in JavaScript) and in MuJoCo 3.3.8. Neither
 * is a dependency; in a folder of its own:
 *
 *     npm install planck@1.4.2 mujoco-js@0.0.7
 *     node bodies.mjs > bodies.ts
 *
 * Each row has the state after so many steps. What acts is a fixed sequence of numbers, `pushes` below.
 */
import load from 'mujoco-js';
import {Box, Chain, Polygon, PrismaticJoint, RevoluteJoint, Vec2, World} from 'planck';

/** What acts in step t: whole numbers from −most to most in turn. */
const pushes = (t, most, pace) => ((t * pace) % (2 * most + 1)) - most;

const box = (from, to, half = 0.05) => Polygon([Vec2(-half, from), Vec2(half, from), Vec2(half, to), Vec2(-half, to)]);

function cartAndPole(length, [x, velocity, angle, spin]) {
  const [width, height] = [4 / Math.sqrt(12), 3 / Math.sqrt(12)];
  const world = new World({gravity: Vec2(0, -10), allowSleep: false});
  const cart = world.createBody({type: 'dynamic', position: Vec2(0, height / 2)});
  cart.createFixture({shape: Box(width / 2, height / 2), density: 1});
  const pole = world.createBody({type: 'dynamic', position: Vec2(0, height)});
  pole.createFixture({shape: box(0, length), density: 1, filterGroupIndex: -1});
  const track = world.createBody({type: 'static', position: Vec2(0, -0.1)});
  track.createFixture({shape: Box(100, 0.1), filterGroupIndex: -1});
  world.createJoint(new RevoluteJoint({}, cart, pole, Vec2(0, height)));
  const rail = {localAnchorA: Vec2(0, 0), localAnchorB: Vec2(0, 0), localAxisA: Vec2(1, 0)};
  world.createJoint(new PrismaticJoint(rail, track, cart));
  cart.setTransform(Vec2(x, height / 2), 0);
  cart.setLinearVelocity(Vec2(velocity, 0));
  pole.setTransform(Vec2(0, height), angle);
  pole.setAngularVelocity(spin);
  const rows = [];
  for (let t = 0; t < 60; t++) {
    cart.applyForce(Vec2(pushes(t, 10, 37), 0), cart.getPosition(), true);
    world.step(0.05, 8, 3);
    if ([1, 2, 10, 30, 60].includes(t + 1))
      rows.push([
        t + 1,
        cart.getPosition().x,
        cart.getLinearVelocity().x,
        cart.getPosition().y,
        pole.getAngle(),
        pole.getAngularVelocity(),
      ]);
  }
  return rows;
}

function twoLinks(length, [angle1, angle2, spin1, spin2]) {
  const world = new World({gravity: Vec2(0, -10), allowSleep: false});
  const link = at => {
    const body = world.createBody({type: 'dynamic', position: Vec2(0, at)});
    body.createFixture({shape: box(-length, 0), density: 5, filterGroupIndex: -1});
    return body;
  };
  const [upper, lower] = [link(0), link(-length)];
  const track = world.createBody({type: 'static', position: Vec2(0, -0.1)});
  const base = world.createJoint(new RevoluteJoint({enableMotor: true}, track, upper, Vec2(0, 0)));
  const elbow = world.createJoint(new RevoluteJoint({enableMotor: true}, upper, lower, Vec2(0, -length)));
  upper.setTransform(Vec2(0, 0), angle1);
  lower.setTransform(Vec2(0, -length), angle2);
  upper.setAngularVelocity(spin1);
  lower.setAngularVelocity(spin2);
  const rows = [];
  for (let t = 0; t < 100; t++) {
    for (const [joint, torque] of [
      [base, pushes(t, 3, 37)],
      [elbow, pushes(t, 3, 23)],
    ]) {
      joint.setMotorSpeed(torque > 0 ? 1e5 : -1e5);
      joint.setMaxMotorTorque(Math.abs(torque));
    }
    world.step(0.01, 20, 20);
    if ([1, 2, 20, 50, 100].includes(t + 1))
      rows.push([
        t + 1,
        upper.getAngle(),
        upper.getAngularVelocity(),
        lower.getAngle(),
        lower.getAngularVelocity(),
        lower.getPosition().x,
        lower.getPosition().y,
      ]);
  }
  return rows;
}

function carOnTrack(width, [velocity]) {
  const world = new World({gravity: Vec2(0, -10), allowSleep: false});
  const car = world.createBody({type: 'dynamic', position: Vec2(0, 0.05)});
  car.createFixture({shape: Box(0.2, 0.1), density: 5, friction: 0.0005});
  const track = world.createBody({type: 'static', position: Vec2(0, 1)});
  const points = Array.from({length: 201}, (_, k) =>
    Vec2(0.005 * (k - 100) * width, Math.sin(((k - 100) / 100 - 0.5) * Math.PI)),
  );
  track.createFixture({shape: Chain(points), friction: 0.2});
  car.setLinearVelocity(Vec2(velocity, 0));
  const rows = [];
  for (let t = 0; t < 5; t++) {
    const force = pushes(t, 10, 37) / 10;
    const angle = car.getAngle();
    car.applyForce(Vec2(force * Math.cos(angle), force * Math.sin(angle)), car.getPosition(), true);
    world.step(0.05, 8, 3);
    if ([1, 2, 5].includes(t + 1))
      rows.push([
        t + 1,
        car.getPosition().x,
        car.getPosition().y,
        car.getAngle(),
        car.getLinearVelocity().x,
        car.getLinearVelocity().y,
        car.getAngularVelocity(),
      ]);
  }
  return rows;
}

/** Of a capsule, as MuJoCo 1 had it: a cylinder longer by the radius. */
function inertial(radius, length, up) {
  const height = length + radius;
  const mass = 1000 * Math.PI * radius ** 2 * height;
  const across = (mass * (3 * radius ** 2 + height ** 2)) / 12;
  return `<inertial pos="0 0 ${up}" mass="${mass}" diaginertia="${across} ${across} ${(mass * radius ** 2) / 2}"/>`;
}

async function polesOnCart(lengths, [angle1, angle2]) {
  const mujoco = await load();
  const [one, two] = lengths;
  mujoco.FS.writeFile(
    '/poles.xml',
    `<mujoco>
      <default><joint damping="0.05"/></default>
      <option timestep="0.01" gravity="1e-5 0 -9.81" integrator="RK4"/>
      <worldbody><body>
        <joint name="rail" type="slide" axis="1 0 0"/>${inertial(0.1, 0.2, 0)}
        <body><joint type="hinge" axis="0 1 0"/>${inertial(0.045, one, one / 2)}
          <body pos="0 0 ${one}"><joint type="hinge" axis="0 1 0"/>${inertial(0.045, two, two / 2)}</body>
        </body>
      </body></worldbody>
      <actuator><motor joint="rail"/></actuator>
    </mujoco>`,
  );
  const model = mujoco.MjModel.loadFromXML('/poles.xml');
  const data = new mujoco.MjData(model);
  data.qpos.set([0, angle1, angle2 - angle1]);
  const rows = [];
  for (let t = 0; t < 60; t++) {
    data.ctrl[0] = 50 * pushes(t, 10, 37);
    mujoco.mj_step(model, data);
    const [x, a, b] = data.qpos;
    const [v, da, db] = data.qvel;
    if ([1, 2, 10, 30, 60].includes(t + 1)) rows.push([t + 1, x, a, a + b, v, da, da + db]);
  }
  return rows;
}

/** @param cases [made of, start, rows] */
const list = (name, what, cases) =>
  `/** ${what} */\nexport const ${name}: readonly ReferencePath[] = [\n${cases
    .map(
      ([of, start, rows]) =>
        `  {of: ${JSON.stringify(of)}, start: ${JSON.stringify(start)}, rows: [\n${rows.map(row => `    ${JSON.stringify(row)},\n`).join('')}  ]},\n`,
    )
    .join('')}];\n`;

const carts = [
  [1, [0.7, 0.3, 2.8, 1]],
  [1, [-0.1, 0.15, 0.008, -0.2]],
  [0.6, [0.4, -1.5, 3.1, -2.5]],
].map(([length, start]) => [[length], start, cartAndPole(length, start)]);
const links = [
  [1, [0.2, -0.3, 0.1, 0]],
  [1.4, [-0.05, 0.02, 0.01, -0.02]],
].map(([length, start]) => [[length], start, twoLinks(length, start)]);
const cars = [
  [4, [-0.9]],
  [4, [-0.7]],
  [4, [0.5]],
  [3.2, [0.7]],
].map(([width, start]) => [[width], start, carOnTrack(width, start)]);
const poles = [];
for (const [lengths, start] of [
  [
    [0.6, 0.6],
    [0.3, 0.3],
  ],
  [
    [0.55, 0.9],
    [-0.2, 0.4],
  ],
])
  poles.push([lengths, start, await polesOnCart(lengths, start)]);

console.log(`/** Made by scripts/reference/bodies.mjs; do not edit. */

/** Lengths, the state at the start, and rows of the number of steps and the state after them. */
export interface ReferencePath {
  readonly of: readonly number[];
  readonly start: readonly number[];
  readonly rows: ReadonlyArray<readonly number[]>;
}

${list('cartPaths', 'x, its velocity, y of the cart; angle and rate of the pole. By planck.', carts)}
${list('linkPaths', 'Angle and rate of the upper link, of the lower one; where the elbow is. By planck.', links)}
${list('carPaths', 'x, y, the angle of the car, and their velocities. By planck.', cars)}
${list('polePaths', 'x, both absolute angles, and their velocities. By MuJoCo.', poles)}`);
