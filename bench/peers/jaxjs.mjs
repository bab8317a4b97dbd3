/**
 * The steps of bench/step.ts in jax-js, compiled as a whole: `node bench/peers/jaxjs.mjs FOLDER BACKEND`, FOLDER where
 * `@jax-js/jax` is installed. See peer.ts for what is asked and answered. jax-js consumes its arguments: `.ref` keeps
 * one for another use.
 */
import {createRequire} from 'node:module';
import {join, resolve} from 'node:path';
import process from 'node:process';
import {createInterface} from 'node:readline';
import {pathToFileURL} from 'node:url';

const [folder, backend] = process.argv.slice(2);
const path = createRequire(join(resolve(folder), 'x.js')).resolve('@jax-js/jax');
const {
  blockUntilReady,
  defaultDevice,
  grad,
  init,
  jit,
  lax,
  nn,
  numpy: np,
  random,
} = await import(pathToFileURL(path).href);
await init(backend);
defaultDevice(backend);

const [pixels, hidden] = [784, 200];
let seed = 0;
const normal = (shape, deviation) => random.normal(random.key(++seed), shape).mul(deviation);
const refs = tree => Object.fromEntries(Object.entries(tree).map(([name, x]) => [name, x.ref]));
const zerosLike = tree => Object.fromEntries(Object.entries(tree).map(([name, x]) => [name, np.zeros(x.shape)]));

/** ln p(b | logits), summed over the last axis. */
const logBernoulli = (b, logits) => b.mul(logits.ref).sub(nn.softplus(logits)).sum(-1);

/** −ELBO of each example. */
function cost(b, logits, {w2, b2, prior}, x) {
  const decoded = np.matmul(b.ref.mul(2).sub(1), w2).add(b2);
  return logBernoulli(b.ref, logits).sub(logBernoulli(x, decoded)).sub(logBernoulli(b, prior));
}

/** The mean surrogate of p, the autoencoder, and f, the baseline. */
const losses = {
  scoreFunction(p, x, u) {
    const logits = np.matmul(x.ref.sub(0.13), p.w1).add(p.b1);
    const b = drawn(logits, u);
    const costs = cost(b.ref, logits.ref, p, x);
    const held = lax.stopGradient(costs.ref);
    return costs.add(logBernoulli(b, logits).mul(held)).mean();
  },
  nvil(p, x, u) {
    const centred = x.ref.sub(0.13);
    const logits = np.matmul(centred.ref, p.w1).add(p.b1);
    const b = drawn(logits, u);
    const costs = cost(b.ref, logits.ref, p, x);
    const h = np.tanh(np.matmul(centred, p.v1).add(p.c1));
    const predicted = np.matmul(h, p.v2).add(p.c2).reshape([costs.shape[0]]);
    const residual = lax.stopGradient(costs.ref).sub(predicted);
    const advantage = lax.stopGradient(residual.ref);
    return costs.add(logBernoulli(b, logits).mul(advantage)).add(np.square(residual)).mean();
  },
};

function drawn(logits, u) {
  return lax.stopGradient(np.where(np.less(u, nn.sigmoid(logits.ref)), 1, 0).astype(np.float32));
}

/** Adam, for one parameter: what it becomes, and its two moments. */
function adam(x, gradient, mean, square, t) {
  const m = mean.mul(0.9).add(gradient.ref.mul(0.1));
  const v = square.mul(0.999).add(np.square(gradient).mul(0.001));
  const unbiasedMean = m.ref.div(np.subtract(1, np.power(0.9, t.ref)));
  const unbiasedSquare = v.ref.div(np.subtract(1, np.power(0.999, t)));
  return [x.sub(unbiasedMean.mul(1e-3).div(np.sqrt(unbiasedSquare).add(1e-7))), m, v];
}

function makeStep(name, batch) {
  const loss = losses[name];
  if (loss === undefined) return null;
  const data = new Float32Array(batch * pixels).map(() => (Math.random() < 0.13 ? 1 : 0));
  const x = np.array(data).reshape([batch, pixels]);
  const p = {
    w1: normal([pixels, hidden], 0.05),
    b1: np.zeros([hidden]),
    w2: normal([hidden, pixels], 0.05),
    b2: np.zeros([pixels]),
    prior: np.zeros([hidden]),
  };
  if (name === 'nvil') {
    const baseline = {v1: normal([pixels, 100], 0.05), c1: np.zeros([100])};
    Object.assign(p, baseline, {v2: np.zeros([100, 1]), c2: np.zeros([1])});
  }
  let state = {m: zerosLike(p), v: zerosLike(p), p, t: np.array(1)};
  const step = jit((s, pixelsOfBatch, key) => {
    const u = random.uniform(key, [batch, hidden]);
    const gradients = grad(q => loss(q, pixelsOfBatch, u))(refs(s.p));
    const next = {p: {}, m: {}, v: {}, t: s.t.ref.add(1)};
    for (const k of Object.keys(s.p))
      [next.p[k], next.m[k], next.v[k]] = adam(s.p[k], gradients[k], s.m[k], s.v[k], s.t.ref);
    s.t.dispose();
    return next;
  });
  return async () => {
    state = step(state, x.ref, random.key(++seed));
    await blockUntilReady(state);
  };
}

/** As in bench/measure.ts. */
const now = () => {
  if (process.env.BENCH_CLOCK !== 'cpu') return performance.now();
  const {user, system} = process.cpuUsage();
  return (user + system) / 1000;
};

const steps = new Map();
process.stdout.write('ready\n');
for await (const line of createInterface({input: process.stdin})) {
  const [repeats, kind, name, batch] = line.trim().split(' ');
  const id = `${kind} ${name} ${batch}`;
  if (!steps.has(id)) steps.set(id, kind === 'step' ? makeStep(name, Number(batch)) : null);
  const step = steps.get(id);
  if (step === null) {
    process.stdout.write('none\n');
    continue;
  }
  const start = now();
  for (let i = 0; i < Number(repeats); i++) await step();
  process.stdout.write(`${(now() - start) / Number(repeats)}\n`);
}
process.exit(0); // its threads would keep it
