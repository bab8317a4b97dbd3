import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {
  findLatents,
  findNodes,
  logPrior,
  priorFollowsDraw,
  registerPrior,
  type Latent,
} from '../../src/objectives/latents.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';

describeBackends(
  'the latents of an objective',
  () => {
    const prior = new st.Normal({loc: 0, scale: 1});
    let w: tf.Variable;
    beforeEach(() => (w = tf.tidy(() => tf.variable(tf.tensor1d([0.3, -0.4])))));
    afterEach(() => w.dispose());

    /** Runs `f` in a gradient scope; the loss is what comes back. */
    const inScope = (f: () => tf.Tensor | void): void => {
      tf.dispose(tf.variableGrads(() => tf.add<tf.Scalar>(tf.sum(f() ?? tf.scalar(0)), tf.sum(w)), [w]));
    };
    const node = (name: string, loc: tf.Tensor = w): st.DistributionTensor =>
      new st.DistributionTensor(new st.Normal({loc, scale: 1}), {name, estimator: null});
    const names = (latents: ReadonlyArray<Latent<st.Distribution | null>>): string[] =>
      latents.map(latent => latent.node.name);

    it('are those upstream of the model and of the priors, the first made first, with the priors registered last', () =>
      inScope(() => {
        const [a, b, aside] = [node('a'), node('b'), node('aside')];
        registerPrior(a, prior);
        registerPrior(b, prior);
        const ofB = new st.Normal({loc: tf.mul(a.value, 2), scale: 1});
        registerPrior(b, ofB);
        registerPrior(aside, prior);
        expect(names(findLatents('f', tf.square(tf.add(a.value, b.value)), undefined))).toEqual(['a', 'b']);
        // the model depends on b alone, the prior of b on a
        const latents = findLatents('f', tf.square(b.value), undefined);
        expect(names(latents)).toEqual(['a', 'b']);
        expect(latents[0]!.prior).toBe(prior);
        expect(latents[1]!.prior.name).toBe('Normal');
        expect(Object.keys(latents[1]!.prior.tensors())).toEqual(['loc']);
        expect(names(findNodes('f', tf.square(b.value), undefined))).toEqual(['b']);
        expect(findNodes('f', tf.square(b.value), undefined)[0]!.prior).toBeNull();
      }));

    it('are those listed, in the order of the list, wherever they are', () => {
      const [a, b] = [node('a'), node('b')];
      for (const listed of [
        new Map([
          [b, prior],
          [a, prior],
        ]),
        [
          [b, prior],
          [a, prior],
        ] as const,
      ])
        expect(findLatents('f', tf.scalar(0), listed)).toEqual([
          {node: b, prior},
          {node: a, prior},
        ]);
      expect(names(findNodes('f', tf.scalar(0), [b, a]))).toEqual(['b', 'a']);
      tf.dispose([a.value, b.value]);
    });

    it('keep priors whose tensors a tidy has disposed of', () =>
      inScope(() => {
        const a = node('a');
        tf.tidy(() => registerPrior(a, new st.Normal({loc: tf.tensor1d([5, 6]), scale: 1})));
        const [latent] = findLatents('f', tf.square(a.value), undefined);
        expect(latent!.prior.tensors()['loc']!.isDisposed).toBeFalse();
      }));

    it('are refused where they are none, or no prior goes with them', () => {
      const a = node('a');
      const observed = new st.ObservedStochasticTensor(prior, 1);
      const at = (f: () => unknown) => expect(f);
      const bad = (x: unknown) => x as never; // what a JavaScript user may pass
      for (const none of [3, observed, null])
        at(() => registerPrior(bad(none), prior)).toThrowError(
          /^registerPrior: a latent must be a DistributionTensor, got /,
        );
      at(() => registerPrior(a, bad(3))).toThrowError(
        'registerPrior: the prior of node "a" must be a distribution, got 3',
      );
      for (const event of [new st.Independent({distribution: new st.Normal({loc: [0, 0], scale: 1})}), bad(new Map())])
        at(() => registerPrior(a, event)).toThrowError(/^registerPrior: the prior of node "a" must /);
      const pair = new st.Independent({distribution: new st.Normal({loc: [0, 0], scale: 1})});
      const vector = new st.DistributionTensor(pair, {name: 'v'});
      at(() =>
        registerPrior(vector, new st.Independent({distribution: new st.Normal({loc: [0, 0, 0], scale: 1})})),
      ).toThrowError('registerPrior: the prior of node "v" must have its event shape [2], got [3]');
      at(() => registerPrior(vector, pair)).not.toThrow();
      vector.value.dispose();
      for (const listed of [3, [], new Map(), [3], 'ab'])
        at(() => findLatents('f', tf.scalar(0), bad(listed))).toThrowError(
          /^f: variationalWithPrior must be a Map from node to prior or a list of \[node, prior\], not empty, got /,
        );
      for (const listed of [3, [], new Map()])
        at(() => findNodes('f', tf.scalar(0), bad(listed))).toThrowError(
          /^f: variational must be a list of nodes, not empty, got /,
        );
      at(() => findNodes('f', tf.scalar(0), [bad(observed)])).toThrowError(/^f: a latent must be a DistributionTensor/);
      at(() => findLatents('f', tf.scalar(0), undefined)).toThrowError(
        'f: outside a gradient scope the latents cannot be found: list them in variationalWithPrior',
      );
      at(() => findNodes('f', tf.scalar(0), undefined)).toThrowError(/list them in variational$/);
      inScope(() => {
        at(() => findLatents('f', tf.square(w), undefined)).toThrowError(
          'f: there must be a DistributionTensor upstream of the model: make it in the same gradient scope, or list the ' +
            'latents in variationalWithPrior',
        );
        const b = node('b');
        at(() => findLatents('f', tf.square(b.value), undefined)).toThrowError(
          'f: node "b" needs a prior: call registerPrior, or list the latents in variationalWithPrior',
        );
      });
      tf.dispose([a.value, observed.value]);
    });

    it('have a prior that follows their own draw where a tensor of it was made from that', () => {
      inScope(() => {
        const [a, b] = [node('a'), node('b')];
        const of = (x: st.DistributionTensor, loc: tf.Tensor): Latent => ({
          node: x,
          prior: new st.Normal({loc, scale: 1}),
        });
        expect(priorFollowsDraw(of(a, tf.mul(a.value, 2)), 1)).toBeTrue();
        expect(priorFollowsDraw(of(a, tf.mul(b.value, 2)), 2)).toBeFalse();
        expect(priorFollowsDraw(of(b, tf.mul(a.value, 2)), 2)).toBeFalse();
        expect(priorFollowsDraw({node: a, prior}, 2)).toBeFalse();
      });
      // without a tape: it may, where a tensor is younger than the draw and there are others
      const old = tf.tensor1d([0, 0]);
      const a = node('a');
      const young = tf.tensor1d([0, 0]);
      const of = (loc: tf.Tensor): Latent => ({node: a, prior: new st.Normal({loc, scale: 1})});
      expect([priorFollowsDraw(of(old), 2), priorFollowsDraw(of(young), 1), priorFollowsDraw(of(young), 2)]).toEqual([
        false,
        false,
        true,
      ]);
      tf.dispose([old, young, a.value]);
    });

    it('have ln p(z) at their draw, of a softened one by the formula as it stands', async () => {
      const z = new st.DistributionTensor(new st.Normal({loc: [0.2, -3], scale: 2}));
      const values = await z.value.data();
      expectNear(
        await read(tf.tidy(() => logPrior({node: z, prior}))),
        Array.from(values, v => -0.5 * v * v - 0.5 * Math.log(2 * Math.PI)),
        'normal',
      );
      // outside the support of another family the density is 0
      const positive = new st.Exponential({rate: 1});
      expectNear(
        await read(tf.tidy(() => logPrior({node: z, prior: positive}))),
        Array.from(values, v => (v < 0 ? -Infinity : -v)),
        'exponential',
      );
      const soft = new st.DistributionTensor(new st.Bernoulli({logits: [0.3, -1]}), {
        estimator: st.gumbelSoftmax(),
        key: st.random.key(4),
      });
      const inside = tf.tidy(() => logPrior({node: soft, prior: new st.Bernoulli({probs: 0.25})}));
      expectNear(
        await read(inside),
        Array.from(await soft.value.data(), b => b * Math.log(0.25) + (1 - b) * Math.log(0.75)),
        'softened',
      );
      tf.dispose([z.value, soft.value]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
