/** Whom the terms are of, what each is told of the costs, and what it may ask; the numbers are sums done by hand. */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {surrogateTerms, type Surrogate} from '../../src/graph/terms.js';
import type {Credited} from '../../src/graph/credited.js';
import {serve} from '../../src/graph/nodeLink.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';
import {coin, link, upstream, withTape} from './upstream.js';

const logits = [0.3, -0.4];

/** What an estimator was given, by node. */
type Told = Map<string, {total: tf.Tensor; perSample: tf.Tensor | null; downstream: st.Downstream}>;

/** The score function, which notes what it is given and asks. */
function spy(told: Told, more: Partial<st.Estimator> = {}): st.Estimator {
  return {
    ...st.scoreFunction(),
    name: 'spy',
    combine(view, {total, perSample}, downstream) {
      const copies = [total, perSample].map(t => (t === null ? null : tf.keep(tf.clone(t))));
      told.set(view.name, {total: copies[0]!, perSample: copies[1]!, downstream});
      return {surrogate: tf.mul(view.logProb(), total)};
    },
    ...more,
  };
}

const terms = (costs: tf.Tensor[], more: Partial<Credited> = {}): Surrogate => {
  const influenced = upstream(...costs);
  serve(influenced.map(({link: one}) => one)); // derivatives may pass
  return surrogateTerms({credits: costs, influenced, ...more});
};
const namesOf = ({terms: all}: Surrogate): Array<string | undefined> => all.map(({node}) => node?.link.node.name);
const numbers = async (t: tf.Tensor): Promise<number[]> => Array.from(await t.data());

describeBackends(
  'the surrogate terms',
  () => {
    it('are of the nodes below which there is a cost, the last made first, each told the sum of its own', async () => {
      const told: Told = new Map();
      withTape(logits, w => {
        const estimator = spy(told);
        const a = coin('a', w, {estimator});
        const b = coin('b', tf.mul(a.value, w), {estimator});
        coin('none', w, {estimator});
        const costs = [
          tf.add(tf.mul(a.value, 0), 3), // of a
          tf.add(tf.mul(b.value, 0), [10, 20]), // of b, and through it of a
          tf.square(w), // of none
        ];
        expect(namesOf(terms(costs))).toEqual(['b', 'a']);
      });
      expect([...told.keys()].sort()).toEqual(['a', 'b']);
      expect(await read(told.get('a')!.total)).toEqual([13, 23]);
      expect(await read(told.get('b')!.total)).toEqual([10, 20]);
      for (const {perSample} of told.values()) perSample?.dispose();
    });

    it('are of nodes that were asked for, not of those with a path of derivatives or without parameters', () => {
      withTape(logits, w => {
        const [a, b] = [coin('a', w), coin('b', w)];
        const fixed = coin('fixed', tf.tensor1d(logits));
        const fixedByNumber = new st.DistributionTensor(new st.Bernoulli({logits: 0.5}), {
          estimator: st.scoreFunction(),
          name: 'number',
        });
        const smooth = new st.DistributionTensor(new st.Normal({loc: w, scale: 1}), {estimator: st.pathwise()});
        const cost = tf.addN([a, b, fixed, smooth].map(node => node.value));
        expect(namesOf(terms([tf.add(cost, fixedByNumber.value)])).sort()).toEqual(['a', 'b', 'fixed']);
        expect(namesOf(terms([cost], {only: [link(b)]}))).toEqual(['b']);
        expect(namesOf(terms([cost], {only: []}))).toEqual([]);
      });
    });

    it('have the scores times constant costs as derivatives, and the sums of costs are let go', async () => {
      let drawn: tf.Tensor | null = null;
      let totals: tf.Tensor[] = [];
      const [slope] = withTape(logits, w => [
        tf.grad(t => {
          const estimator = spy(new Map(), {
            combine(view, {total}) {
              totals = [total];
              return {surrogate: tf.mul(view.logProb(), total)};
            },
          });
          const a = coin('a', t, {estimator});
          drawn = tf.keep(tf.clone(a.value));
          const cost = tf.add(tf.mul(a.value, 2), tf.exp(t)); // which has derivatives of its own
          const [term] = terms([cost]).terms;
          expect(totals[0]!.isDisposed).toBeTrue();
          expect(cost.isDisposed).toBeFalse();
          return tf.sum(term!.surrogate);
        })(w),
      ]);
      const x = await read(drawn!);
      expectNear(
        await read(slope!),
        logits.map((t, i) => (2 * x[i]! + Math.exp(t)) * (x[i]! - 1 / (1 + Math.exp(-t)))),
        'scores',
      );
    });

    it('are told the part of the costs that keeps the sample axis, which is all, some or none', async () => {
      for (const [make, total, perSample] of [
        [(x: tf.Tensor) => [tf.add(tf.mul(x, 0), [[1], [2], [3]])], [1, 1, 2, 2, 3, 3], [1, 1, 2, 2, 3, 3]],
        // over all samples together each draw bears on the whole, and 3 draws share one element
        [(x: tf.Tensor) => [tf.add(tf.mean(tf.mul(x, 0), 0), [1, 5])], [3, 15], null],
      ] as const) {
        const told: Told = new Map();
        withTape(logits, w => {
          const a = coin('a', w, {estimator: spy(told), valueType: st.sampleValue([3])});
          terms(make(a.value));
        });
        const given = told.get('a')!;
        const shown = Array.from(await given.total.data());
        expect(shown).toEqual(total);
        expect(given.perSample === null ? null : Array.from(await given.perSample.data())).toEqual(
          perSample as unknown as number[] | null,
        );
        tf.dispose([given.total, ...(given.perSample === null ? [] : [given.perSample])]);
      }
    });

    it('come with the objectives of estimators, in the order of the nodes, and none where there is none', () => {
      withTape(logits, w => {
        const loss = tf.square(w);
        const trains: st.Estimator = {
          ...st.scoreFunction(),
          combine: view => ({surrogate: view.logProb(), objective: {loss, variables: [w]}}),
        };
        const a = coin('a', w, {estimator: trains});
        const b = coin('b', w);
        const {objectives} = terms([tf.add(a.value, b.value)]);
        expect(objectives).toEqual([{loss, variables: [w]}]);
        expect(terms([b.value]).objectives).toEqual([]);
      });
    });

    it('of estimators of any order stand first, one for each cost, of the shapes of the costs', () => {
      withTape(logits, w => {
        const a = coin('a', w, {estimator: st.dice()});
        const b = coin('b', w);
        const {terms: all} = terms([tf.mul(a.value, 2), tf.add(a.value, b.value)]);
        expect(all.map(({node}) => node?.link.node.name)).toEqual([undefined, undefined, 'b', 'a']);
        expect(all.slice(0, 2).map(({surrogate}) => surrogate.shape)).toEqual([[2], [2]]);
      });
    });

    it('may ask for the slope of the costs at the draw, whether they are coupled, and which draws cut them off', async () => {
      const told: Told = new Map();
      const warn = spyOn(console, 'warn');
      const kept: tf.Tensor[] = [];
      withTape(logits, w => {
        const estimator = spy(told);
        const a = coin('a', w, {estimator});
        const b = coin('b', tf.mul(a.value, w), {estimator});
        terms([tf.mul(tf.square(tf.add(a.value, 1)), [2, 3]), tf.mul(b.value, 7)]);
        const {downstream} = told.get('a')!;
        kept.push(tf.keep(downstream.gradient()));
        expect([downstream.isCoupled(), downstream.cuts()]).toEqual([false, ['b']]);
        expect([told.get('b')!.downstream.isCoupled(), told.get('b')!.downstream.cuts()]).toEqual([false, []]);
        kept.push(tf.keep(tf.clone(a.value)));
        expect(() => downstream.at(a.value)).toThrowError(
          'estimator "spy" at node "a": needs the cost at another value of the node: give the costs as a function, to ' +
            'st.variableGrads or st.stochasticOptimizer',
        );
        const c = coin('c', w, {estimator});
        terms([tf.sub(c.value, tf.mean(c.value))]);
        expect(told.get('c')!.downstream.isCoupled()).toBeTrue();
      });
      expect(warn.calls.count()).toBeLessThan(2);
      const [slope, x] = [await numbers(kept[0]!), await numbers(kept[1]!)];
      expectNear(slope, [4 * (x[0]! + 1), 6 * (x[1]! + 1)], 'slope'); // through the draw of b no derivative leads
      tf.dispose(kept);
      for (const {total, perSample} of told.values()) tf.dispose(perSample === null ? [total] : [total, perSample]);
    });

    it('know of a cost that couples examples along one axis of several, beside costs that do not', () => {
      const told: Told = new Map();
      const warn = spyOn(console, 'warn');
      withTape([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], w => {
        const c = coin('c', tf.reshape(w, [2, 3]), {estimator: spy(told)});
        terms([tf.sub(c.value, tf.mean(c.value, 1, true)), tf.mul(c.value, 2)]);
        expect(told.get('c')!.downstream.isCoupled()).toBeTrue();
      });
      expect(warn.calls.count()).toBeLessThan(2);
      for (const {total, perSample} of told.values()) tf.dispose(perSample === null ? [total] : [total, perSample]);
    });

    it('tell a node of weighted samples the costs without its own weights, with those of the nodes above', async () => {
      const told: Told = new Map();
      const weighted = (factor: number): st.Estimator =>
        spy(told, {
          draw: (q, shape, key) => ({value: q.sample(shape, {key}), weights: tf.tensor1d([factor, 3 * factor])}),
        });
      withTape(logits, w => {
        const a = coin('a', w, {estimator: weighted(5)});
        const b = coin('b', tf.mul(a.value, w), {estimator: weighted(7)});
        terms([tf.add(tf.mul(a.value, 0), 1), tf.add(tf.mul(b.value, 0), 1)]);
      });
      const totals = await Promise.all(['a', 'b'].map(name => numbers(told.get(name)!.total)));
      expect(totals).toEqual([
        [8, 22], // 1 + b's
        [5, 15], // a's
      ]);
      for (const {total, perSample} of told.values()) tf.dispose(perSample === null ? [total] : [total, perSample]);
    });

    it('are asked as one, whoever asks: a node above sees what the node itself is given', () => {
      const told: Told = new Map();
      withTape(logits, w => {
        let seen: st.Downstream | null = null;
        const above = spy(told, {
          combine(view, {total}, downstream) {
            seen = downstream.frontier(() => true).nodes[0]!.downstream;
            return {surrogate: tf.mul(view.logProb(), total)};
          },
        });
        const a = coin('a', w, {estimator: above});
        terms([coin('b', tf.mul(a.value, w), {estimator: spy(told)}).value]);
        expect(seen!).toBe(told.get('b')!.downstream);
      });
      for (const {total, perSample} of told.values()) tf.dispose(perSample === null ? [total] : [total, perSample]);
    });
  },
  {only: ['cpu'], inBrief: []},
);
