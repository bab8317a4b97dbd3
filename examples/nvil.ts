/**
 * Sigmoid belief networks trained by a gradient of their variational bound (NVIL; Mnih and Gregor 2014), and the
 * estimators that came after it. Every layer is linear: only the draws between them are not.
 */
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {bernoulliLogProb, linear, logitsOf, signs} from './frame/bits.js';
import {estimatorsFor} from './frame/estimators.js';
import {example} from './frame/example.js';
import {integer} from './frame/kinds.js';
import {relaxLayer} from './nvil/relax.js';

const sum = (terms: readonly tf.Tensor[]): tf.Tensor => terms.reduce((a, b) => tf.add(a, b));

/** p(h_L) … p(h₁|h₂) p(x|h₁), and its inference network q(h₁|x) q(h₂|h₁) …; h₁ is nearest to the pixels. */
export class BeliefNetwork {
  readonly #up: ReadonlyArray<ReturnType<typeof linear>>;
  readonly #down: ReadonlyArray<ReturnType<typeof linear>>;
  readonly #prior: tf.Variable;
  /** The images, and what was drawn for them, for networks that an estimator trains. */
  #x: tf.Tensor = tf.zeros([1, 784]);
  #h: tf.Tensor[] = [];

  constructor(
    readonly units: number,
    depth: number,
    private readonly mean: tf.Tensor,
  ) {
    this.#prior = tf.variable(tf.zeros([1, units]));
    const sizes = [784, ...new Array<number>(depth).fill(units)];
    this.#up = sizes.slice(1).map((size, i) => linear(sizes[i]!, size));
    this.#down = sizes.slice(1).map((size, i) => linear(size, sizes[i]!, i === 0 ? logitsOf(mean) : undefined));
  }

  /** What layer i is inferred from: the centred image, or the signs of the layer below. */
  below(i: number, h: readonly tf.Tensor[] = this.#h): tf.Tensor {
    return i === 0 ? tf.sub(this.#x, this.mean) : signs(h[i - 1]!);
  }

  /**
   * The terms of ln q(h|x) − ln p(x, h) of a draw, whose mean is −ELBO. The layers are the random nodes, and as the terms
   * are costs of their own, each layer is credited with those alone that it bears on: h₂ not with ln p(x|h₁).
   */
  costs(x: tf.Tensor, estimators: ReadonlyArray<st.Estimator | 'scoreFunction'>): tf.Tensor[] {
    [this.#x, this.#h] = [x, []];
    const logQ = estimators.map((estimator, i) => {
      const q = st.independent(new st.Bernoulli({logits: this.#up[i]!(this.below(i))}), 1);
      const node = new st.DistributionTensor(q, {estimator, name: `h${i + 1}`});
      this.#h.push(node.value);
      return node.logProb();
    });
    return [...logQ, ...this.#logJoint(this.#h).map(term => tf.neg(term))];
  }

  /** What a soft layer i bears on, the layers below it as they were drawn, and means in those above. */
  relaxedCost(i: number, soft: tf.Tensor, logits: tf.Tensor): tf.Tensor {
    const [h, logQ] = [[...this.#h.slice(0, i), soft], [bernoulliLogProb(logits, soft)]];
    while (h.length < this.#up.length) {
      const next = this.#up[h.length]!(this.below(h.length, h));
      h.push(tf.sigmoid(next));
      logQ.push(bernoulliLogProb(next, h.at(-1)!));
    }
    return tf.sub(sum(logQ), sum(this.#logJoint(h, i)));
  }

  /** The pixels' probabilities in n draws of the model. */
  dream(n: number): tf.Tensor {
    const draw = (logits: tf.Tensor): tf.Tensor => signs(new st.Bernoulli({logits}).sample());
    return tf.sigmoid(
      this.#down.reduceRight<tf.Tensor>((logits, layer) => layer(draw(logits)), tf.tile(this.#prior, [n, 1])),
    );
  }

  /** The terms of ln p(x, h), ln p(x|h₁), ln p(h₁|h₂), … ln p(h_L), without the first `from`. */
  #logJoint(h: readonly tf.Tensor[], from = 0): tf.Tensor[] {
    const below = [this.#x, ...h].slice(from);
    const terms = h.slice(from).map((layer, i) => bernoulliLogProb(this.#down[from + i]!(signs(layer)), below[i]!));
    return [...terms, bernoulliLogProb(this.#prior, h.at(-1)!)];
  }
}

/** NVIL's own: the score function with a baseline that a network of 100 tanh learns from what is below. */
function nvil(net: BeliefNetwork, i: number): st.Estimator {
  const network = st.denseNetwork({inputSize: i === 0 ? 784 : net.units, units: [100], activation: 'tanh'});
  return st.nvil({network, context: () => st.stopGradient(net.below(i))});
}

export default example({
  title: 'Neural variational inference in belief networks',
  paper: 'Mnih and Gregor 2014, arXiv:1402.0030; figures of Grathwohl et al. 2018, table 1, on MNIST',
  about:
    'A sigmoid belief network of layers of 200 and its inference network, by several estimators of the gradient of one bound; Adam 1e-3. ' +
    'The bound of 50 samples, ln (1/50) Σ p(x, h)/q(h|x), of images held out.',
  steps: {default: 600, smoke: 2},
  images: {batch: 24, train: 5000, test: 500},
  estimators: {
    known: estimatorsFor(() => st.independent(new st.Bernoulli({logits: [0, 0]}), 1)),
    default: ['nvil', 'disarm', 'relax', 'leaveOneOut'],
  },
  options: {
    layers: integer({default: 1, about: 'layers of units'}),
    units: integer({default: 200, smoke: 10, about: 'of a layer'}),
    held: integer({default: 200, smoke: 10, about: 'images of the 50-sample bound'}),
  },
  async run(job) {
    const {layers: depth, units, held, estimator: names} = job.options;
    const {train, test} = job.images;
    const bounds: Record<string, number> = {};
    await job.each(names, async name => {
      const net = new BeliefNetwork(units, depth, train.mean());
      const make = name === 'nvil' ? nvil : name === 'relax' ? relaxLayer : () => st.estimators.get(name);
      const estimators = Array.from({length: depth}, (_, i) => make(net, i));
      const adam = (): tf.Optimizer => tf.train.adam(1e-3, 0.9, 0.99999); // as RELAX's paper has it
      const optimizer = st.stochasticOptimizer(adam(), {controlVariateOptimizer: adam()});
      await job.train(name, step => {
        const x = train.batch(step);
        return {ELBO: tf.neg(optimizer.minimize(() => net.costs(x, estimators), true)!)};
      });
      bounds[name] = await job.average(`${name}, bound`, test, held, x => {
        const plain = estimators.map(() => 'scoreFunction' as const); // which draws as any other
        const logWeights = tf.neg(sum(net.costs(tf.tile(x, [50, 1]), plain)));
        return st.multiSampleBound(tf.reshape(logWeights, [50, -1]));
      });
      job.show(`Draws of the model trained by ${name}`, () => ({'': net.dream(12)}));
    });
    // The report
    const published: Readonly<Record<string, readonly string[]>> = {
      nvil: ['−112.5', '−99.6'], // RELAX's table, after 2,000,000 steps, one layer and two
      relax: ['−111.20', '−98.00'],
    };
    const rows = names.map(name => [name, job.recent(name, 'ELBO'), bounds[name] ?? NaN]);
    job.table(`${depth} × ${units} (nats)`, ['', 'training ELBO, last quarter', 'bound of 50 samples, held out'], rows);
    return names.map(name => ({
      what: `training ELBO, ${name}, ${depth} × ${units}`,
      paper: published[name]?.[depth - 1] ?? '',
      here: job.recent(name, 'ELBO'),
    }));
  },
});
