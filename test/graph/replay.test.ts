/** The cost at other values of a node: the code that gives the costs runs once more with another value in its place. */
import * as tf from '@tensorflow/tfjs-core';
import {layers, sequential, type Sequential} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import * as stl from 'tfjs-stochastic/layers';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {MANY} from '../helpers/estimates.js';

type Ask = (downstream: st.Downstream, node: st.NodeView, cost: tf.Tensor) => tf.Tensor;

/** A score-function estimator that asks what `ask` asks, and keeps the answers. */
function prober(ask: Ask): {estimator: st.Estimator; answers: () => Promise<number[][]>; shapes: number[][]} {
  const kept: tf.Tensor[] = [];
  const shapes: number[][] = [];
  const estimator: st.Estimator = {
    kind: 'estimator',
    name: 'prober',
    config: null,
    bias: 'unbiased',
    requires: {rule: 'anything', accepts: () => true},
    evaluations: 2,
    source: 'none',
    differentiable: false,
    combine(node, {total: cost}, downstream) {
      const answer = ask(downstream, node, cost);
      kept.push(tf.keep(tf.clone(answer)));
      shapes.push(answer.shape);
      return {surrogate: tf.mul(node.logProb(), cost)};
    },
  };
  const answers = async (): Promise<number[][]> => {
    const numbers = await Promise.all(kept.map(async t => Array.from(await t.data())));
    tf.dispose(kept);
    return numbers;
  };
  return {estimator, answers, shapes};
}

const variable = (values: number[]): tf.Variable => tf.tidy(() => tf.variable(tf.tensor1d(values)));
const free = ({value, grads}: st.VariableGradients): void => tf.dispose([value, grads]);
const node = (q: st.Distribution, options: st.DistributionTensorOptions = {}): tf.Tensor =>
  new st.DistributionTensor(q, options).value;
const normal = (loc: tf.Tensor | number, scale = 1): st.Distribution => new st.Normal({loc, scale});
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Copies of tensors of each run of a closure, which no scope disposes. */
function recorder(): {note: (...tensors: tf.Tensor[]) => void; read: () => Promise<number[][][]>} {
  const runs: Array<Array<Promise<number[]>>> = [];
  // read at once: what a repetition keeps is disposed
  const note = (...tensors: tf.Tensor[]): void => void runs.push(tensors.map(async t => Array.from(await t.data())));
  return {note, read: () => Promise.all(runs.map(run => Promise.all(run)))};
}

describeBackends(
  'a repeated run',
  () => {
    const w = [0.3, -0.4, 0.9];

    it('repeats every draw, with the keys that nodes, layers and calls without a key had', async () => {
      const theta = variable(w);
      const layer = stl.bernoulli({estimator: 'scoreFunction', seed: 4});
      const {estimator, answers} = prober((d, {value}) => tf.add(d.at(tf.add(value, 2)), d.at(tf.add(value, 3))));
      const {note, read} = recorder();
      free(
        st.variableGrads(() => {
          const noise = st.random.normal([3]);
          const before = node(normal(theta), {estimator: 'scoreFunction'});
          const keyed = node(new st.Bernoulli({logits: theta}), {key: st.random.key(5)});
          const x = node(normal(theta), {estimator});
          const below = node(normal(tf.mul(x, 2), 0.5), {estimator: 'scoreFunction'});
          const coded = layer.apply(tf.expandDims(theta, 0), {training: true}) as tf.Tensor;
          const after = st.random.uniform([3]);
          note(noise, before, keyed, coded, after, x, below);
          return [tf.add(below, tf.add(before, noise)), tf.sum(coded, -1)];
        }, [theta]),
      );
      const [first, ...others] = await read();
      expect(others.length).toBe(2);
      others.forEach((run, i) => {
        for (let t = 0; t < 5; t++) expect(run[t]).toEqual(first![t]); // bit for bit
        run[5]!.forEach((x, j) => expect(x - first![5]![j]!).toBeCloseTo(2 + i, 5));
        // the same noise about a new mean
        run[6]!.forEach((y, j) => expect(y - first![6]![j]!).toBeCloseTo(2 * (2 + i), 4));
      });
      await answers();
      layer.dispose();
      theta.dispose();
    });

    it('leaves the default stream as if it had not been', async () => {
      const theta = variable(w);
      const after = async (ask: Ask): Promise<number[][]> => {
        st.random.setSeed(8);
        const {estimator, answers} = prober(ask);
        const {value, grads} = st.variableGrads(() => tf.square(node(normal(theta), {estimator})), [theta]);
        const u = st.random.uniform([4]);
        const numbers = [Array.from(await u.data()), Array.from(await grads[theta.name]!.data())];
        await answers();
        tf.dispose([value, grads, u]);
        return numbers;
      };
      expect(await after((d, {value}) => tf.add(d.at(tf.neg(value)), d.at(tf.mul(value, 3))))).toEqual(
        await after((_, {value}) => value),
      );
      theta.dispose();
    });

    it('gives the cost at the other value for each draw, weighed and aligned as the cost is', async () => {
      const theta = variable(w);
      const cost = (x: tf.Tensor): tf.Tensor => tf.add(tf.square(tf.sub(x, 0.3)), 1);
      const shift = tf.tensor1d([1, 2, 3]);
      const reductions: Record<string, (c: tf.Tensor) => tf.Tensor> = {
        none: c => c,
        mean: c => tf.mean(c),
        'sum over a number': c => tf.mul(tf.sum(c), 1 / 3),
        'mean and penalty': c => tf.add(tf.mean(c), tf.mean(tf.square(theta))),
      };
      for (const [name, reduce] of Object.entries(reductions)) {
        const {estimator, answers, shapes} = prober((d, {value}, given) =>
          tf.stack([d.at(tf.add(value, shift)), cost(tf.add(value, shift)), d.at(value), given]),
        );
        free(st.variableGrads(() => reduce(cost(node(normal(theta), {estimator}))), [theta]));
        expect(shapes).toEqual([[4, 3]]);
        const [numbers] = await answers();
        for (let i = 0; i < 3; i++) {
          expect(numbers![i])
            .withContext(name)
            .toBeCloseTo(numbers![3 + i]!, 5);
          expect(numbers![6 + i])
            .withContext(name)
            .toBeCloseTo(numbers![9 + i]!, 5);
        }
      }
      tf.dispose([theta, shift]);
    });

    it('counts the weights of other nodes, wherever they stand', async () => {
      const theta = variable(w);
      const enumerated = (logits: tf.Tensor): tf.Tensor => node(new st.Bernoulli({logits}), {estimator: 'enumerate'});
      const p = w.map(sigmoid);
      const shapes: Record<string, (x: (loc: tf.Tensor) => tf.Tensor) => tf.Tensor> = {
        parallel: x => {
          const b = enumerated(theta);
          return tf.mul(x(theta), tf.add(b, 1));
        },
        downstream: draw => {
          const x = draw(theta);
          return tf.mul(x, tf.add(enumerated(tf.add(theta, tf.mul(x, 0))), 1));
        },
        upstream: draw => {
          const b = enumerated(theta);
          return tf.mul(draw(tf.add(theta, tf.mul(b, 0))), tf.add(b, 1));
        },
      };
      for (const [name, costs] of Object.entries(shapes)) {
        const {estimator, answers} = prober((d, {value, shape}) =>
          tf.mean(tf.reshape(tf.broadcastTo(d.at(tf.onesLike(value)), shape), [-1, 3]), 0),
        );
        free(st.variableGrads(() => costs(loc => node(normal(loc), {estimator})), [theta]));
        const [numbers] = await answers();
        numbers!.forEach((f, i) =>
          expect(f)
            .withContext(name)
            .toBeCloseTo(1 + p[i]!, 5),
        ); // E (b + 1)
      }
      theta.dispose();
    });

    it('differentiates in the other value, along paths or also through draws by their scores', async () => {
      const n = sizeFor({cpu: 20_000, wasm: MANY, webgl: 20_000, webgpu: 20_000});
      const theta = tf.tidy(() => tf.variable(tf.fill([n], 0.4)));
      const slopes =
        (derivative: 'path' | 'total'): Ask =>
        (d, {value}) =>
          tf.grad(x => d.at(x, derivative))(tf.fill(value.shape, 0.7));
      const mean = (list: number[]): number => list.reduce((a, b) => a + b, 0) / list.length;
      for (const [derivative, exact] of [
        ['path', 0.5],
        ['total', 0.5 + 3 * 1.2 * sigmoid(0.84) * sigmoid(-0.84)],
      ] as const) {
        const {estimator, answers} = prober(slopes(derivative));
        free(
          st.variableGrads(() => {
            const x = node(normal(theta), {estimator});
            const other = node(new st.Bernoulli({logits: theta}), {key: st.random.key(1)});
            const b = node(new st.Bernoulli({logits: tf.mul(x, 1.2)}), {
              key: st.random.key(2),
              estimator: 'scoreFunction',
            });
            return [tf.add(tf.mul(x, 0.5), tf.mul(b, 3)), other];
          }, [theta]),
        );
        const [numbers] = await answers();
        const spread = Math.sqrt(mean(numbers!.map(x => (x - exact) ** 2)) / n);
        expect(Math.abs(mean(numbers!) - exact)).toBeLessThan(4.5 * spread + 1e-5);
      }
      theta.dispose();
    });

    it('leaves the state of baselines alone', async () => {
      const theta = variable(w);
      const mean = async (ask: Ask): Promise<number[]> => {
        st.random.setSeed(3);
        const {estimator, answers} = prober(ask);
        const average = st.scoreFunction({baseline: st.movingAverage({decay: 0.5})});
        let last: number[] = [];
        for (let i = 0; i < 3; i++) {
          const {value, grads} = st.variableGrads(
            () => tf.add(tf.square(node(normal(theta), {estimator: average})), node(normal(theta), {estimator})),
            [theta],
          );
          last = Array.from(await grads[theta.name]!.data());
          tf.dispose([value, grads]);
        }
        await answers();
        average.dispose!();
        return last;
      };
      expect(await mean((d, {value}) => d.at(tf.add(value, 5)))).toEqual(await mean((_, {value}) => value));
      theta.dispose();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);

describeBackends(
  'a run that cannot be repeated',
  () => {
    const logits = [0.3, -0.4, 0.9];
    const again = 'ran again, and it must make the same nodes in the same order';
    const faults: Record<
      string,
      [(run: number, x: (q: st.Distribution) => tf.Tensor, theta: tf.Tensor) => tf.Tensor | tf.Tensor[], string]
    > = {
      'more nodes': [
        (run, x, theta) => {
          const cost = x(normal(theta));
          return run === 0 ? cost : tf.add(cost, node(normal(theta), {name: 'extra'}));
        },
        `node "extra": an estimator asked for the cost at another value, so the function that gives the costs ${again}, got it where no node was before`,
      ],
      'fewer nodes': [
        (run, x, theta) => {
          const cost = x(normal(theta));
          return run > 0 ? cost : tf.add(cost, node(normal(theta), {name: 'extra'}));
        },
        `node "extra": an estimator asked for the cost at another value, so the function that gives the costs ${again}, got none in its place`,
      ],
      'no node at all': [
        (run, x, theta) => (run === 0 ? x(normal(theta)) : tf.mul(theta, 2)),
        `node "Normal": an estimator asked for the cost at another value, so the function that gives the costs ${again}, got none in its place`,
      ],
      'other nodes': [
        (run, x, theta) =>
          tf.add(run === 0 ? node(normal(theta), {name: 'a'}) : node(normal(theta), {name: 'b'}), x(normal(theta))),
        `node "b": an estimator asked for the cost at another value, so the function that gives the costs ${again}, got it where "a" was before`,
      ],
      'nodes of other shapes': [
        (run, x, theta) => tf.add(theta, tf.mean(x(normal(run === 0 ? theta : tf.concat([theta, theta]))))),
        'Normal: the function that gives the costs ran again, and its nodes must have the shapes that they had, got [6]',
      ],
      'costs of other shapes': [
        (run, x, theta) => (run === 0 ? x(normal(theta)) : tf.mean(x(normal(theta)))),
        'variableGrads: an estimator asked for the cost at another value, so the function that gives the costs ran again, and its costs must have the shapes that they had, [[3]], got [[]]',
      ],
      'more costs': [
        (run, x, theta) => new Array<tf.Tensor>(1 + run).fill(x(normal(theta))),
        'variableGrads: an estimator asked for the cost at another value, so the function that gives the costs ran again, and its costs must have the shapes that they had, [[3]], got [[3], [3]]',
      ],
      'an error of the user’s': [
        (run, x, theta) => {
          const cost = x(normal(theta));
          if (run > 0) {
            tf.keep(tf.square(cost));
            throw new Error('the simulator broke');
          }
          return cost;
        },
        'the simulator broke',
      ],
    };
    for (const [name, [costs, message]] of Object.entries(faults)) {
      it(`says so and leaves nothing behind: ${name}`, async () => {
        const before = tf.memory().numTensors;
        const theta = variable(logits);
        const {estimator, answers} = prober((d, {value}) => d.at(tf.add(value, 1)));
        for (const derivative of [1, 2]) {
          st.random.setSeed(derivative);
          let run = 0;
          expect(() => st.variableGrads(() => costs(run++, q => node(q, {estimator}), theta), [theta])).toThrowError(
            message,
          );
        }
        expect(tf.memory().numTensors).toBe(before + 1);
        // and what comes after works
        const {value, grads} = st.variableGrads(() => tf.square(node(normal(theta), {estimator})), [theta]);
        expect(Object.keys(grads)).toEqual([theta.name]);
        await answers();
        tf.dispose([value, grads, theta]);
        expect(tf.memory().numTensors).toBe(before);
      });
    }

    it('refuses a value of another shape', () => {
      const theta = variable(logits);
      const {estimator} = prober(d => d.at(tf.scalar(1)));
      expect(() => st.variableGrads(() => node(normal(theta), {estimator}), [theta])).toThrowError(
        /^node "Normal": the value in its place must have the shape \[3\], got a float32 tensor of shape \[\]/,
      );
      theta.dispose();
    });

    it('says what to use instead where only the costs are given', () => {
      const theta = variable(logits);
      expect(() =>
        tf.variableGrads(() => tf.mean(st.surrogateLoss(node(normal(theta), {estimator: 'muProp'}))), [theta]),
      ).toThrowError(
        'estimator "muProp" at node "Normal": needs the cost at another value of the node: give the costs as a function, to st.variableGrads or st.stochasticOptimizer',
      );
      const before = tf.memory().numTensors;
      expect(() =>
        st.variableGrads(() => {
          const z = new st.DistributionTensor(normal(theta), {estimator: 'muProp'});
          return z.loss(z.value)!;
        }, [theta]),
      ).toThrowError(
        'estimator "muProp" at node "Normal": needs to know how the cost came about: use st.variableGrads or st.stochasticOptimizer, not the loss of the node',
      );
      expect(tf.memory().numTensors).toBe(before);
      theta.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);

describeBackends(
  'repeated runs in training',
  () => {
    const BATCH = 8;
    const steps = sizeFor({cpu: 40, wasm: 100, webgl: 6, webgpu: 6});
    const names = ['muProp', 'rebar', 'measureValued'];

    it('leave no tensor behind in minimize', () => {
      for (const estimator of names) {
        const theta = variable([0.3, -0.4]);
        const optimizer = st.stochasticOptimizer(tf.train.sgd(0.01));
        const step = (): void =>
          void optimizer.minimize(
            () => tf.square(tf.sub(node(new st.Bernoulli({logits: theta}), {estimator}), 0.3)),
            false,
            [theta],
          );
        for (let i = 0; i < 2; i++) step();
        const settled = tf.memory().numTensors;
        for (let i = 0; i < steps; i++) step();
        expect(tf.memory().numTensors).withContext(estimator).toBe(settled);
        tf.dispose(theta);
        optimizer.dispose();
      }
    });

    function make(estimator: string): {model: Sequential; optimizer: st.StochasticOptimizer; dispose: () => void} {
      const model = sequential({
        layers: [
          stl.bernoulli({estimator, seed: 6, inputShape: [3]}),
          layers.dense({units: 1, weights: [tf.tensor2d([[1], [-2], [0.5]]), tf.tensor1d([0.1])], trainable: true}),
        ],
      });
      const optimizer = st.stochasticOptimizer(tf.train.sgd(0));
      model.compile({optimizer, loss: 'meanSquaredError', metrics: ['mae', 'mse']});
      const dispose = (): void => {
        model.dispose();
        optimizer.dispose();
      };
      return {model, optimizer, dispose};
    }

    it('leave no tensor behind in fit, and report the loss and the metrics of the first run', async () => {
      const x = tf.tidy(() => tf.ones([4 * BATCH, 3]));
      const y = tf.tidy(() => tf.fill([4 * BATCH, 1], 0.7));
      const train = async (estimator: string): Promise<number[][]> => {
        const {model, dispose} = make(estimator);
        const run = async (epochs: number): Promise<tf.Tensor | Record<string, number[]>> =>
          (await model.fit(x, y, {epochs, batchSize: BATCH, shuffle: false, verbose: 0, yieldEvery: 'never'}))
            .history as Record<string, number[]>;
        const history = (await run(1)) as Record<string, number[]>;
        const settled = tf.memory().numTensors;
        await run(sizeFor({cpu: 5, wasm: 10, webgl: 1, webgpu: 1}));
        expect(tf.memory().numTensors).withContext(estimator).toBe(settled);
        dispose();
        return [history['loss']!, history['mae']!, history['mse']!];
      };
      for (const estimator of names) {
        const [loss, mae, mse] = await train(estimator);
        expect(mse![0]).withContext(estimator).toBeCloseTo(loss![0]!, 5);
        expect(mae![0]! ** 2)
          .withContext(estimator)
          .toBeLessThanOrEqual(loss![0]! + 1e-6);
      }
      tf.dispose([x, y]);
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
