/** Programs of one to forty nodes: what a kernel binds must not grow with the program past what the device allows. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, sizeFor} from '../../helpers/backends.js';
import {expectNear, read} from '../../helpers/near.js';

const BATCH = 5;
const NODES = [1, 2, 6, 7, 8, 9, 15, 40];

/** A logit for each example of a node. */
const logitsOf = (node: number): number[] =>
  Array.from({length: BATCH}, (_, i) => Math.fround(Math.sin(1 + node + 2 * i)));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
/** What a node's value adds to a cost. */
const weight = (node: number): number => 0.5 + (node % 3) / 4;

interface Outcome {
  /** The values that were drawn, a row for each node. */
  readonly drawn: number[][];
  /** The gradient of each node's parameter. */
  readonly grads: number[][];
}

describeBackends(
  'programs of many nodes',
  () => {
    /** Runs a program of `count` Bernoulli nodes, of which `costs` makes costs of shape [BATCH]. */
    async function run(
      count: number,
      estimator: () => st.Estimator,
      costs: (values: tf.Tensor[]) => tf.Tensor[],
    ): Promise<Outcome> {
      const variables = Array.from({length: count}, (_, i) => tf.tidy(() => tf.variable(tf.tensor1d(logitsOf(i)))));
      const kept: tf.Tensor[] = [];
      const {value, grads} = st.variableGrads(() => {
        const values = variables.map(
          (logits, i) =>
            new st.DistributionTensor(new st.Bernoulli({logits}), {estimator: estimator(), key: st.random.key(i + 1)})
              .value,
        );
        kept.push(...values.map(v => tf.keep(tf.clone(v))));
        return costs(values);
      }, variables);
      const drawn: number[][] = [];
      const found: number[][] = [];
      for (const t of kept) drawn.push(await read(t));
      for (const v of variables) found.push(await read(grads[v.name]!));
      tf.dispose([value, grads, kept, variables]);
      return {drawn, grads: found};
    }

    /** Expects the gradient of node j to be mean over the batch of credit(j, example)·d log p/d logit. */
    function expectScores(
      {drawn, grads}: Outcome,
      credit: (j: number, example: number, drawn: number[][]) => number,
    ): void {
      grads.forEach((g, j) => {
        const exact = g.map((_, i) => (credit(j, i, drawn) * (drawn[j]![i]! - sigmoid(logitsOf(j)[i]!))) / BATCH);
        expectNear(g, exact, `node ${j} of ${grads.length}`, false, 2e-5);
      });
    }

    const square = (x: tf.Tensor, node: number): tf.Tensor => tf.mul(tf.square(tf.sub(x, 0.3)), weight(node));
    const part = (drawn: number[][], node: number, i: number): number => (drawn[node]![i]! - 0.3) ** 2 * weight(node);
    const upTo = (n: number): number[] => [...new Array(n).keys()];

    for (const count of NODES) {
      it(`of ${count} nodes with one cost`, async () => {
        const outcome = await run(
          count,
          () => st.scoreFunction(),
          values => [tf.addN(values.map(square))],
        );
        expectScores(outcome, (_, i, drawn) => upTo(count).reduce((sum, k) => sum + part(drawn, k, i), 0));
      });

      it(`of ${count} nodes with a cost each, on all nodes before it`, async () => {
        const outcome = await run(
          count,
          () => st.scoreFunction(),
          values =>
            values.map((v, i) =>
              tf.add(
                square(v, i),
                tf.mul(
                  values.slice(0, i).reduce((a, b) => tf.add(a, b), tf.scalar(0)),
                  0.1,
                ),
              ),
            ),
        );
        const cost = (k: number, i: number, drawn: number[][]): number =>
          part(drawn, k, i) + upTo(k).reduce((sum, l) => sum + 0.1 * drawn[l]![i]!, 0);
        expectScores(outcome, (j, i, drawn) =>
          upTo(count)
            .filter(k => k >= j)
            .reduce((sum, k) => sum + cost(k, i, drawn), 0),
        );
      });

      it(`of ${count} nodes by dice`, async () => {
        const outcome = await run(
          count,
          () => st.dice(),
          values => [tf.addN(values.map(square)), square(values[0]!, 1)],
        );
        expectScores(
          outcome,
          (j, i, drawn) =>
            upTo(count).reduce((sum, k) => sum + part(drawn, k, i), 0) +
            (j === 0 ? (drawn[0]![i]! - 0.3) ** 2 * weight(1) : 0),
        );
      });

      it(`of ${count} nodes, every other of them pathwise`, async () => {
        const variables = upTo(2 * count).map(i => tf.tidy(() => tf.variable(tf.tensor1d(logitsOf(i)))));
        const kept: tf.Tensor[] = [];
        const {value, grads} = st.variableGrads(() => {
          const values = variables.map(
            (v, i) =>
              new st.DistributionTensor(
                i % 2 === 0 ? new st.Bernoulli({logits: v}) : new st.Normal({loc: v, scale: 1}),
                {estimator: i % 2 === 0 ? st.scoreFunction() : st.pathwise(), key: st.random.key(i + 1)},
              ).value,
          );
          kept.push(...values.map(v => tf.keep(tf.clone(v))));
          return tf.addN(values.map(square));
        }, variables);
        const drawn: number[][] = [];
        for (const t of kept) drawn.push(await read(t));
        for (const [j, v] of variables.entries()) {
          const exact = logitsOf(j).map((logit, i) => {
            const x = drawn[j]![i]!;
            if (j % 2 === 1) return (2 * (x - 0.3) * weight(j)) / BATCH;
            return (upTo(2 * count).reduce((sum, k) => sum + part(drawn, k, i), 0) * (x - sigmoid(logit))) / BATCH;
          });
          expectNear(await read(grads[v.name]!), exact, `node ${j} of ${2 * count}`, false, 2e-5);
        }
        tf.dispose([value, grads, kept, variables]);
      });
    }

    /** The weights after one epoch of a model of `depth` random layers, each with a cost of its own. */
    async function train(depth: number): Promise<number[][]> {
      st.random.setSeed(5);
      const kernel = (i: number): tf.Tensor =>
        tf.tidy(() =>
          tf.tensor2d(
            upTo(9).map(k => Math.sin(i + 2 * k)),
            [3, 3],
          ),
        );
      const kernels = upTo(depth + 1).map(kernel);
      const model = sequential();
      for (const i of upTo(depth)) {
        model.add(
          layers.dense({units: 3, useBias: false, weights: [kernels[i]!], ...(i === 0 ? {inputShape: [3]} : {})}),
        );
        model.add(stl.bernoulli({estimator: 'scoreFunction', seed: i + 1}));
      }
      model.add(layers.dense({units: 3, useBias: false, weights: [kernels[depth]!]}));
      model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(0.1)), loss: 'meanSquaredError'});
      const [x, y] = [
        tf.tensor2d([
          [1, 0, 1],
          [0, 1, 1],
        ]),
        tf.tensor2d([
          [0, 1, 0],
          [1, 1, 0],
        ]),
      ];
      await model.fit(x, y, {epochs: 2, shuffle: false, batchSize: 2, verbose: 0});
      const weights: number[][] = [];
      for (const w of model.getWeights()) weights.push(Array.from(await w.data()));
      tf.dispose([x, y, kernels]);
      model.dispose();
      return weights;
    }

    for (const depth of sizeFor({cpu: [1, 8], wasm: [1, 8, 15], webgl: [8], webgpu: [1, 8, 15]})) {
      it(`of ${depth} random layers in fit, as on cpu`, async () => {
        const here = tf.getBackend();
        const found = await train(depth);
        await tf.setBackend('cpu');
        const exact = await train(depth);
        await tf.setBackend(here);
        found.forEach((w, i) => expectNear(w, exact[i]!, `weights ${i}`, false, 1e-4));
      });
    }

    for (const count of [1, 2, 7, 8, 9, 40, 60]) {
      it(`that sum, join or stack ${count} tensors`, async () => {
        const [sum, joined, stacked] = tf.tidy((): [tf.Tensor, tf.Tensor, tf.Tensor] => {
          const tensors = upTo(count).map(i => tf.sqrt(tf.square(tf.fill([3], i + 1)))); // on the device
          return [tf.addN(tensors), tf.concat(tensors), tf.stack(tensors, 1)];
        });
        const all = upTo(count).map(i => i + 1);
        expectNear(await read(sum), new Array<number>(3).fill((count * (count + 1)) / 2), 'sum', false, 1e-6);
        expectNear(
          await read(joined),
          all.flatMap(i => [i, i, i]),
          'joined',
          false,
          1e-6,
        );
        expectNear(
          await read(stacked),
          [0, 1, 2].flatMap(() => all),
          'stacked',
          false,
          1e-6,
        );
        tf.dispose([sum, joined, stacked]);
      });
    }
  },
  {inBrief: ['webgpu'], inNode: ['cpu']},
);
