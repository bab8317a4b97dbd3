/** DiCE: derivatives of every order against exact ones by enumeration, and what is wrong without it. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, itInNode, sizeFor} from '../helpers/backends.js';
import {MANY, type Moments, momentsOf, sigmoid, worstZ} from '../helpers/estimates.js';

type Exact = (theta: readonly number[]) => number;
/** From parameters `[n, size]` to expected costs `[n]`. */
type Program = (p: tf.Tensor) => tf.Tensor;

const column = (p: tf.Tensor, i: number): tf.Tensor => tf.squeeze(tf.slice(p, [0, i], [-1, 1]), [1]);
const over = (p: number, f: (bit: number) => number): number => p * f(1) + (1 - p) * f(0);
const bernoulli = (logits: tf.Tensor): st.Distribution => new st.Bernoulli({logits});

/** ∂ⁿ/∂θ_{i₁}…∂θ_{iₙ} in double precision by central differences of central differences. */
function exactDerivative(exact: Exact, theta: readonly number[], indices: readonly number[], h = 0.01): number {
  const [first, ...rest] = indices;
  if (first === undefined) return exact(theta);
  const at = (d: number): number =>
    exactDerivative(
      exact,
      theta.map((x, j) => (j === first ? x + d : x)),
      rest,
      h,
    );
  return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
}

/**
 * Moments, over n batch elements, of the gradient of (directional derivatives of `program` along each of `directions`).
 */
async function derivativeMoments(
  program: Program,
  theta: readonly number[],
  directions: readonly number[][],
  n: number,
): Promise<Moments> {
  const p = tf.tidy(() => tf.tile(tf.tensor2d([[...theta]]), [n, 1]));
  const along = directions.reduce<Program>((f, v) => x => tf.sum(tf.mul(tf.grad(f)(x), v), -1), program);
  const gradient = tf.grad(along)(p);
  const moments = momentsOf(await gradient.data(), n);
  tf.dispose([p, gradient]);
  return moments;
}

/** The worst z-score of derivatives of the order that `directions` and one gradient make. */
async function zOf(
  program: Program,
  exact: Exact,
  theta: readonly number[],
  directions: readonly number[][],
  n: number,
): Promise<number> {
  st.random.setSeed(41);
  const moments = await derivativeMoments(program, theta, directions, n);
  const wanted = theta.map((_, i) => {
    const contract = (rest: readonly number[][], indices: readonly number[]): number => {
      const [v, ...others] = rest;
      return v === undefined
        ? exactDerivative(exact, theta, indices)
        : v.reduce((sum, x, j) => (x === 0 ? sum : sum + x * contract(others, [...indices, j])), 0);
    };
    return contract(directions, [i]);
  });
  return worstZ({theta: moments}, {theta: wanted});
}

/**
 * Two rounds of the prisoner's dilemma: in the second each player answers the other's first move. Parameters: the
 * logits of the first moves, then for each player of the answer and how much the other's move shifts it. The cost is
 * that of the first player.
 */
const gameTheta = [0.3, -0.4, 0.2, 0.9, -0.1, -0.7];
const years = (a: number, b: number): number => 1 + 2 * b - a + 0.5 * a * b;
const yearsOf = (a: tf.Tensor, b: tf.Tensor): tf.Tensor =>
  tf.add(tf.sub(tf.add(1, tf.mul(b, 2)), a), tf.mul(0.5, tf.mul(a, b)));
const gameExact: Exact = t =>
  over(sigmoid(t[0]!), a =>
    over(
      sigmoid(t[1]!),
      b =>
        years(a, b) + over(sigmoid(t[2]! + t[3]! * b), c => over(sigmoid(t[4]! + t[5]! * a), d => 0.9 * years(c, d))),
    ),
  );

type Draw = (q: st.Distribution) => tf.Tensor;
function gameCosts(p: tf.Tensor, draw: Draw): tf.Tensor[] {
  const [a, b] = [draw(bernoulli(column(p, 0))), draw(bernoulli(column(p, 1)))];
  const c = draw(bernoulli(tf.add(column(p, 2), tf.mul(column(p, 3), b))));
  const d = draw(bernoulli(tf.add(column(p, 4), tf.mul(column(p, 5), a))));
  return [yearsOf(a, b), tf.mul(0.9, yearsOf(c, d))];
}
const drawWith =
  (estimator: st.Estimator): Draw =>
  q =>
    new st.DistributionTensor(q, {estimator}).value;
const game =
  (estimator: st.Estimator): Program =>
  p =>
    st.surrogateLoss(gameCosts(p, drawWith(estimator)));
/** The mean over the axes of an estimator's own samples: one for each round. */
const gameOfSamples =
  (estimator: st.Estimator): Program =>
  p =>
    tf.mean(st.surrogateLoss(gameCosts(p, drawWith(estimator))), [0, 1]);

const one: Exact = ([t]) => over(sigmoid(t!), b => 3 * (b - 0.3) ** 2 + b * Math.sin(t!));
const oneProgram =
  (estimator: st.Estimator): Program =>
  p =>
    st.expectation(
      b => tf.add(tf.mul(3, tf.square(tf.sub(b, 0.3))), tf.mul(b, tf.sin(column(p, 0)))),
      bernoulli(column(p, 0)),
      {estimator},
    );

const directions = [[1, -0.5, 0.3, 0.8, -0.2, 0.6]];

describeBackends(
  'dice',
  () => {
    const n = sizeFor({cpu: 4000, wasm: MANY, webgl: 4000, webgpu: 4000});

    it('has the gradient of the score function', async () => {
      expect(await zOf(game(st.dice()), gameExact, gameTheta, [], n)).toBeLessThan(4.5);
    });

    itInNode('has Hessian-vector products of the two-round game as its mean', async () => {
      expect(await zOf(game(st.dice()), gameExact, gameTheta, directions, n)).toBeLessThan(4.5);
    });

    itInNode('has the whole Hessian of it as its mean', async () => {
      for (let i = 0; i < gameTheta.length; i++) {
        const unit = gameTheta.map((_, j) => (j === i ? 1 : 0));
        expect(await zOf(game(st.dice()), gameExact, gameTheta, [unit], n / 4))
          .withContext(`row ${i}`)
          .toBeLessThan(4.5);
      }
    });

    for (const [title, baseline] of [
      ['constant', st.constant({value: 1.5})],
      ['movingAverage', st.movingAverage()],
    ] as const) {
      itInNode(`keeps them with the baseline ${title}`, async () => {
        const estimator = st.dice({baseline});
        await zOf(game(estimator), gameExact, gameTheta, [], 100); // the average has seen something
        expect(await zOf(game(estimator), gameExact, gameTheta, directions, n)).toBeLessThan(4.5);
        estimator.dispose?.();
      });
    }

    itInNode('keeps them with leave-one-out samples', async () => {
      const estimator = st.dice({baseline: st.leaveOneOut({samples: 3})});
      expect(await zOf(gameOfSamples(estimator), gameExact, gameTheta, directions, n / 4)).toBeLessThan(4.5);
    });

    it('has three orders of derivatives of a function of one parameter', async () => {
      for (let order = 1; order <= 3; order++) {
        const z = await zOf(
          oneProgram(st.dice()),
          one,
          [0.4],
          Array.from({length: order - 1}, () => [1]),
          n,
        );
        expect(z).withContext(`order ${order}`).toBeLessThan(4.5);
      }
    });

    itInNode('has three orders with a baseline in expectations within expectations', async () => {
      const exact: Exact = ([t]) => over(sigmoid(t!), a => over(sigmoid(0.7 * t! + a), b => (a - 2 * b + 0.5) ** 2));
      const program: Program = p =>
        st.expectation(
          a =>
            st.expectation(
              b => tf.square(tf.add(tf.sub(a, tf.mul(2, b)), 0.5)),
              bernoulli(tf.add(tf.mul(0.7, column(p, 0)), a)),
              {estimator: st.dice({baseline: st.constant({value: 2})})},
            ),
          bernoulli(column(p, 0)),
          {estimator: st.dice({baseline: st.constant({value: 1})})},
        );
      for (let order = 1; order <= 3; order++) {
        expect(
          await zOf(
            program,
            exact,
            [0.4],
            Array.from({length: order - 1}, () => [1]),
            n,
          ),
        )
          .withContext(`order ${order}`)
          .toBeLessThan(4.5);
      }
    });

    itInNode('goes together with pathwise values', async () => {
      // x ~ N(t, 1), b ~ Bernoulli(σ(0.5 t)): E (x − b)² + x·b
      const exact: Exact = ([t]) => t! ** 2 + 1 + over(sigmoid(0.5 * t!), b => b - 2 * t! * b + t! * b);
      const program: Program = p => {
        const x = new st.DistributionTensor(new st.Normal({loc: column(p, 0), scale: 1}), {estimator: 'pathwise'})
          .value;
        const b = new st.DistributionTensor(bernoulli(tf.mul(0.5, column(p, 0))), {estimator: 'dice'}).value;
        return st.surrogateLoss([tf.square(tf.sub(x, b)), tf.mul(x, b)]);
      };
      expect(await zOf(program, exact, [0.4], [], n)).toBeLessThan(4.5);
      expect(await zOf(program, exact, [0.4], [[1]], n)).toBeLessThan(4.5);
    });

    itInNode('leaves no tensor behind', async () => {
      const before = tf.memory().numTensors;
      await derivativeMoments(game(st.dice({baseline: st.constant({value: 1})})), gameTheta, directions, 10);
      expect(tf.memory().numTensors).toBe(before);
    });
  },
  {inBrief: ['webgl'], inNode: ['wasm']},
);

describeBackends(
  'the tests of dice can fail',
  () => {
    const n = 100_000;

    it('the score function has no second derivative', async () => {
      expect(await zOf(game(st.scoreFunction()), gameExact, gameTheta, [], n)).toBeLessThan(4.5);
      expect(await zOf(game(st.scoreFunction()), gameExact, gameTheta, directions, n)).toBeGreaterThan(4.5);
    });

    it('costs that are held constant miss what parameters do to them beside the draw', async () => {
      const halved =
        (estimator: st.Estimator): Program =>
        p => {
          const b = new st.DistributionTensor(bernoulli(column(p, 0)), {estimator}).value;
          const cost = tf.add(tf.mul(3, tf.square(tf.sub(b, 0.3))), tf.mul(b, tf.sin(column(p, 0))));
          return tf.add(st.surrogateLoss(st.stopGradient(cost)), tf.sub(cost, st.stopGradient(cost)));
        };
      expect(await zOf(halved(st.dice()), one, [0.4], [], n)).toBeLessThan(4.5);
      expect(await zOf(halved(st.dice()), one, [0.4], [[1]], n)).toBeGreaterThan(4.5);
    });

    it('a box for each node instead of one for each cost misses mixed derivatives', async () => {
      const apart = (p: tf.Tensor): tf.Tensor => {
        const nodes: st.DistributionTensor[] = [];
        const costs = gameCosts(p, q => {
          const node = new st.DistributionTensor(q, {estimator: null}); // its terms are made by hand
          nodes.push(node);
          return node.value;
        });
        const total = costs.reduce((a, b) => tf.add(a, b));
        return nodes
          .map(node => tf.mul(total, tf.sub(tf.exp(tf.sub(node.logProb(), st.stopGradient(node.logProb()))), 1)))
          .reduce((a, b) => tf.add(a, b), total);
      };
      expect(await zOf(apart, gameExact, gameTheta, [], n)).toBeLessThan(4.5);
      expect(await zOf(apart, gameExact, gameTheta, directions, n)).toBeGreaterThan(4.5);
    });

    it('the self-including baseline is caught in both orders', async () => {
      const own = st.baselineFunction((_, __, cost) => tf.mul(0.5, cost));
      expect(await zOf(game(st.dice({baseline: own})), gameExact, gameTheta, [], n)).toBeGreaterThan(4.5);
      expect(await zOf(game(st.dice({baseline: own})), gameExact, gameTheta, directions, n)).toBeGreaterThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'the variance of dice',
  () => {
    const spread = async (estimator: st.Estimator, along: readonly number[][]): Promise<number> => {
      st.random.setSeed(43);
      const {variance} = await derivativeMoments(game(estimator), gameTheta, along, 20_000);
      return variance.reduce((a, b) => a + b, 0);
    };

    it('falls with a baseline in the first and in the second derivative', async () => {
      const [plain, controlled] = [st.dice(), st.dice({baseline: st.constant({value: 2.6})})];
      expect(await spread(controlled, [])).toBeLessThan(0.6 * (await spread(plain, [])));
      expect(await spread(controlled, directions)).toBeLessThan(0.6 * (await spread(plain, directions)));
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
