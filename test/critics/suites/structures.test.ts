/**
 * The structures of Xu et al. 2018: one node with one cost, a chain, a fork into two costs, nodes in parallel, a
 * recurrent chain. On each a table learns the exact Q from every target, gives the exact gradient alone, and any critic
 * is an unbiased control variate; a target or a signal with a mistake in it is caught.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';
import {exactGradient, gradientMoments, sigmoid, worstZ} from '../../helpers/estimates.js';
import {averaging} from '../chain.js';
import {column} from '../../estimators/problems.js';

const full = process.env.FULL === '1';
type Values = Record<string, number[]>;
/** Makes a Bernoulli node of a name, whose critic sees a context of 0, 1, …. */
type Make = (name: string, logits: tf.Tensor, context?: tf.Tensor) => tf.Tensor;

interface Structure {
  readonly title: string;
  readonly theta: number[];
  readonly contexts?: number;
  /** How far the gradient of a table may be off, after so few rounds. */
  readonly tolerance: number;
  /** The variance as a control variate, as a part of that of the plain score function. */
  readonly varies: number;
  costs(theta: tf.Tensor, make: Make): tf.Tensor[];
  expectation(theta: number[]): number;
}

const over = (p: number, f: (b: number) => number): number => p * f(1) + (1 - p) * f(0);
const square = (x: tf.Tensor, t: number): tf.Tensor => tf.square(tf.sub(x, t));
const affine = (x: tf.Tensor, a: number, b: number): tf.Tensor => tf.add(tf.mul(x, a), b);
/** Steps of the recurrent chain. */
const T = 20;

/** a, b given a, and c given `parent`. */
function threeBits(
  p: tf.Tensor,
  make: Parameters<Structure['costs']>[1],
  parent: 'a' | 'b',
): Record<'a' | 'b' | 'c', tf.Tensor> {
  const a = make('a', column(p));
  const b = make('b', tf.add(column(p, 1), affine(a, 1.2, -0.6)));
  return {a, b, c: make('c', tf.add(column(p, 2), affine(parent === 'a' ? a : b, -1.4, 0.7)))};
}

const structures: Structure[] = [
  {
    title: 'one node with one cost',
    theta: [0.4],
    tolerance: 0.002,
    varies: 0.05,
    costs: (p, make) => [square(make('a', column(p)), 0.3)],
    expectation: ([a]) => over(sigmoid(a!), x => (x - 0.3) ** 2),
  },
  {
    title: 'a chain with its cost at the end',
    theta: [0.4, -0.6, 0.3],
    tolerance: 0.002,
    varies: 0.05,
    costs(p, make) {
      const {c} = threeBits(p, make, 'b');
      return [tf.mul(square(c, 0.2), 2)];
    },
    expectation: ([i, j, k]) =>
      over(sigmoid(i!), a =>
        over(sigmoid(j! + 1.2 * a - 0.6), b => over(sigmoid(k! - 1.4 * b + 0.7), c => 2 * (c - 0.2) ** 2)),
      ),
  },
  {
    title: 'a fork into two costs',
    theta: [0.4, -0.6, 0.3],
    tolerance: 0.002,
    varies: 0.05,
    costs(p, make) {
      const {a, b, c} = threeBits(p, make, 'a');
      return [square(b, 0.2), tf.mul(square(c, 0.7), 3), tf.mul(a, 0.4)];
    },
    expectation: ([i, j, k]) =>
      over(
        sigmoid(i!),
        a =>
          0.4 * a +
          over(sigmoid(j! + 1.2 * a - 0.6), b => (b - 0.2) ** 2) +
          over(sigmoid(k! - 1.4 * a + 0.7), c => 3 * (c - 0.7) ** 2),
      ),
  },
  {
    title: 'nodes in parallel that share a cost',
    theta: [0.4, -0.6, 0.3],
    tolerance: 0.02,
    varies: 0.6, // no critic knows what its neighbour will draw
    contexts: 2,
    costs(p, make) {
      const a = make('a', column(p));
      const b = make('b', tf.add(column(p, 1), affine(a, 1.2, -0.6)), a);
      const c = make('c', tf.add(column(p, 2), affine(a, -1.4, 0.7)), a);
      return [square(tf.add(b, tf.mul(c, 2)), 0.7), tf.mul(c, 0.5)];
    },
    expectation: ([i, j, k]) =>
      over(sigmoid(i!), a =>
        over(sigmoid(j! + 1.2 * a - 0.6), b =>
          over(sigmoid(k! - 1.4 * a + 0.7), c => (b + 2 * c - 0.7) ** 2 + 0.5 * c),
        ),
      ),
  },
  {
    title: 'a recurrent chain of 20 steps with one critic, the time in its context',
    theta: [0.3],
    tolerance: 0.002,
    varies: 0.05,
    contexts: T,
    costs(p, make) {
      let x: tf.Tensor = tf.zeros([p.shape[0]]);
      return Array.from({length: T}, (_, t) => {
        x = make('x', tf.add(column(p), affine(x, 0.8, -0.4)), tf.scalar(t));
        return tf.mul(square(x, 0.25), 0.2);
      });
    },
    expectation([theta]) {
      let [one, total] = [0, 0];
      for (let t = 0; t < T; t++) {
        one = over(one, x => sigmoid(theta! + 0.8 * x - 0.4));
        total += 0.2 * over(one, x => (x - 0.25) ** 2);
      }
      return total;
    },
  },
];

/** The costs of a structure with one estimator for all nodes. */
class Program {
  readonly #contexts = new Map<string, tf.Tensor>();
  readonly #structure: Structure;
  readonly context = ({slot}: st.NodeView): tf.Tensor => this.#contexts.get(slot) ?? tf.scalar(0);

  constructor(structure: Structure) {
    this.#structure = structure;
  }

  costs(theta: tf.Tensor, estimator: st.Estimator): tf.Tensor[] {
    const counts = new Map<string, number>();
    return this.#structure.costs(theta, (name, logits, context) => {
      const count = counts.get(name) ?? 0;
      counts.set(name, count + 1);
      this.#contexts.set(`${name}#${count}`, context ?? tf.scalar(0));
      return new st.DistributionTensor(new st.Bernoulli({logits}), {estimator, name}).value;
    });
  }

  train(estimator: st.Estimator, rounds: number, n: number): void {
    const {optimizer, before} = averaging();
    const p = tf.tidy(() => tf.variable(tf.tile(tf.tensor2d([this.#structure.theta]), [n, 1])));
    const both = st.stochasticOptimizer(tf.train.sgd(0), {controlVariateOptimizer: optimizer});
    for (let i = 0; i < rounds; i++) {
      before(i);
      both.minimize(() => this.costs(p, estimator), false, [p]);
    }
    both.dispose();
    p.dispose();
  }

  async moments(estimator: st.Estimator, n: number) {
    return gradientMoments({theta: this.#structure.theta}, n, ({theta}) => this.costs(theta!, estimator));
  }

  get exact(): Values {
    return exactGradient({theta: this.#structure.theta}, ({theta}) => this.#structure.expectation(theta!));
  }
}

const targets = {'Monte Carlo': 'monteCarlo', 'TD(0)': 'td', 'TD(1/2)': st.temporalDifference({lambda: 0.5})} as const;

describeBackends(
  'critics on the structures of Backprop-Q',
  () => {
    for (const [i, structure] of structures.entries()) {
      const long = structure.contexts === T;
      it(`${structure.title}: a table gives the exact gradient alone, and varies little as a control variate`, async () => {
        const program = new Program(structure);
        const {exact} = program;
        const plain = await program.moments(st.scoreFunction(), 1000);
        // without FULL=1 the first has every target, and the others, which take long, one each in turn
        const chosen = Object.entries(targets).filter((_, t) => i === 0 || full || t === i % 3);
        for (const [title, target] of chosen) {
          const network = st.tabular(structure.contexts === undefined ? {} : {contexts: structure.contexts});
          const config = {target, network, context: program.context, shared: long};
          const alone = st.critic({...config, use: 'alone'});
          program.train(alone, long ? 30 : 40, long ? 50 : 400);
          const biased = await program.moments(alone, long ? 1000 : 4000);
          const control = st.critic(config);
          const moments = await program.moments(control, long ? 1000 : 4000);
          expect(worstZ(moments, exact)).withContext(title).toBeLessThan(4.5);
          biased['theta']!.mean.forEach((g, i) => {
            const noise = 4.5 * biased['theta']!.standardError[i]!;
            expect(Math.abs(g - exact['theta']![i]!))
              .withContext(`${title}, ${i}`)
              .toBeLessThan(structure.tolerance + noise);
            expect(moments['theta']!.variance[i]!)
              .withContext(`${title}, variance ${i}`)
              .toBeLessThan(structure.varies * plain['theta']!.variance[i]!);
          });
          control.dispose!();
          alone.dispose!();
          network.dispose();
        }
      });
    }
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'a mistake is caught',
  () => {
    /** A critic whose answers about the costs below go through `change`. */
    const changed = (inner: st.Estimator, change: (frontier: st.Frontier) => Partial<st.Frontier>): st.Estimator => {
      const seen = new WeakMap<st.Downstream, st.Downstream>();
      const outer: st.Estimator = {
        ...inner,
        combine: (node, cost, downstream) => inner.combine(node, cost, wrap(downstream)),
      };
      const wrap = (downstream: st.Downstream): st.Downstream => {
        let wrapped = seen.get(downstream);
        if (wrapped === undefined) {
          wrapped = {
            ...downstream,
            frontier() {
              const found = downstream.frontier(estimator => estimator === outer);
              const nodes = found.nodes.map(node => ({...node, estimator: inner, downstream: wrap(node.downstream)}));
              return {nodes, direct: () => found.direct(), ...change(found)};
            },
          };
          seen.set(downstream, wrapped);
        }
        return wrapped;
      };
      return outer;
    };
    const [one, , fork] = structures as [Structure, Structure, Structure]; // the list above

    it('in a target that leaves out the costs before the next critics', async () => {
      const worst = async (change: (frontier: st.Frontier) => Partial<st.Frontier>): Promise<number> => {
        const program = new Program(fork);
        const network = st.tabular();
        const critic = changed(st.critic({target: 'td', network, context: program.context, use: 'alone'}), change);
        program.train(critic, 40, 400);
        const {theta} = await program.moments(critic, 1000);
        critic.dispose!();
        network.dispose();
        return Math.max(...theta!.mean.map((g, i) => Math.abs(g - program.exact['theta']![i]!)));
      };
      expect(await worst(() => ({}))).toBeLessThan(0.01);
      expect(await worst(() => ({direct: () => null}))).toBeGreaterThan(0.05);
    });

    it('in the sign of what Q compensates', async () => {
      const program = new Program(one);
      const network = st.tabular();
      const config = {target: 'monteCarlo', network, context: program.context} as const;
      const [control, alone] = [st.critic(config), st.critic({...config, use: 'alone'})];
      program.train(alone, 20, 100);
      const wrong: st.Estimator = {
        ...control,
        combine(...args) {
          const {surrogate, ...rest} = control.combine(...args);
          return {...rest, surrogate: tf.sub(surrogate, tf.mul(alone.combine(...args).surrogate, 2))};
        },
      };
      expect(worstZ(await program.moments(control, 2000), program.exact)).toBeLessThan(4.5);
      expect(worstZ(await program.moments(wrong, 2000), program.exact)).toBeGreaterThan(4.5);
      [control, alone].forEach(critic => critic.dispose!());
      network.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
