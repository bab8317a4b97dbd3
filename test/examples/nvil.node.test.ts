import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {scoped, seeded} from '../../examples/frame/scope.js';
import {BeliefNetwork} from '../../examples/nvil.js';
import {relaxLayer} from '../../examples/nvil/relax.js';
import {runHere} from './helpers.js';

describe('the belief network', () => {
  it('raises its bound', async () => {
    const {report} = await runHere('nvil', ['--smoke', '--estimator', 'disarm', '--steps', '60', '--batch', '100']);
    const points = report!.curves['ELBO']!['disarm']!;
    expect(points.at(-1)![1]).toBeGreaterThan(points[0]![1] + 3);
  });

  it('of two layers has the exact gradient on average under RELAX with the control variate of its paper', async () => {
    await tf.setBackend('wasm');
    await seeded(1, () =>
      scoped(() => {
        const net = new BeliefNetwork(3, 2, tf.fill([784], 0.3));
        const [rows, repeats] = [100, 12];
        const x = tf.tile(tf.cast(tf.less(tf.reshape(tf.linspace(0, 1, 784), [1, 784]), 0.4), 'float32'), [rows, 1]);
        const biases = Object.values(tf.engine().registeredVariables).filter(v => v.rank === 1 && v.size === 3);
        const gradient = (estimators: readonly st.Estimator[], variables = biases): number[] =>
          tf.tidy(() => {
            const {grads} = st.withFrozenState(() => st.variableGrads(() => net.costs(x, estimators), variables));
            return variables.flatMap(v => Array.from(grads[v.name]!.dataSync()));
          });
        const exact = gradient([st.enumerate(), st.enumerate()]);
        const relax = [relaxLayer(net, 0), relaxLayer(net, 1)];
        const estimates = Array.from({length: repeats}, () => gradient(relax));
        exact.forEach((value, i) => {
          const mean = estimates.reduce((sum, g) => sum + g[i]!, 0) / repeats;
          const variance = estimates.reduce((sum, g) => sum + (g[i]! - mean) ** 2, 0) / (repeats - 1);
          expect(Math.abs(mean - value))
            .withContext(`component ${i}`)
            .toBeLessThan(4.5 * Math.sqrt(variance / repeats) + 1e-5);
          expect(variance).toBeGreaterThan(0);
        });
      }),
    );
  });

  it('credits a layer with the terms alone that it bears on', async () => {
    await tf.setBackend('wasm');
    await seeded(1, () =>
      scoped(() => {
        const net = new BeliefNetwork(5, 2, tf.fill([784], 0.3));
        const x = tf.cast(tf.less(tf.linspace(0, 1, 784), tf.reshape(tf.linspace(0, 1, 7), [7, 1])), 'float32');
        const credited = new Map<string, number[]>();
        const relaxed: number[] = [];
        const plain = st.scoreFunction();
        const watch: st.Estimator = {
          ...plain,
          combine(node, cost, downstream) {
            credited.set(node.name, Array.from(cost.total.dataSync()));
            if (node.name === 'h2')
              relaxed.push(...net.relaxedCost(1, node.value, node.distribution.tensors()['logits']!).dataSync());
            return plain.combine(node, cost, downstream);
          },
        };
        let costs: number[][] = [];
        st.variableGrads(() => {
          const terms = net.costs(x, [watch, watch]);
          costs = terms.map(term => Array.from(term.dataSync()));
          return terms;
        });
        expect(costs.length).toBe(5);
        const without = (...left: number[]): number[] =>
          Array.from({length: 7}, (_, row) =>
            costs.reduce((total, term, i) => total + (left.includes(i) ? 0 : term[row]!), 0),
          );
        // ln q(h₁|x), ln q(h₂|h₁), −ln p(x|h₁), −ln p(h₁|h₂), −ln p(h₂)
        const apart = (a: number[], b: number[]): number => Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));
        expect(apart(credited.get('h1')!, without())).toBeLessThan(1e-3);
        expect(apart(credited.get('h2')!, without(0, 2))).toBeLessThan(1e-3);
        // and so does its control variate, at bits
        expect(relaxed.length).toBe(7);
        expect(apart(relaxed, credited.get('h2')!)).toBeLessThan(1e-3);
      }),
    );
  });
});
