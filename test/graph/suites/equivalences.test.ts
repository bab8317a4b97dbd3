/**
 * Algorithms of different fields that are one gradient: each pair is built both ways, with the same keys and networks,
 * and compared to rounding. docs/equivalences.md tells the pairs in words.
 */
import * as tf from '@tensorflow/tfjs';
import * as st from 'tfjs-stochastic';
import {describeBackends} from '../../helpers/backends.js';

const key = (k: number) => st.random.key(1000 + k);
const BATCH = 4;

/** Fixed numbers in (−1, 1). */
const numbers = (shape: number[], seed: number): tf.Tensor =>
  tf.tidy(() => tf.sub(tf.mul(st.random.uniform(shape, {key: key(seed)}), 2), 1));

const matrix = (rows: number, columns: number, seed: number): tf.Tensor2D =>
  numbers([rows, columns], seed) as tf.Tensor2D; // by its shape

/** The gradients of two programs by the same variables agree, and are no zeros. */
async function expectSame(
  variables: Readonly<Record<string, tf.Variable>>,
  first: () => tf.Tensor | tf.Tensor[],
  second: () => tf.Tensor,
): Promise<void> {
  const list = Object.values(variables);
  const [a, b] = [first, second].map(loss => st.variableGrads(loss, list));
  for (const [name, variable] of Object.entries(variables)) {
    const [x, y] = await Promise.all([a, b].map(g => g!.grads[variable.name]!.data()));
    const scale = Math.max(...Array.from(x!, Math.abs));
    expect(scale).withContext(name).toBeGreaterThan(1e-4);
    const off = Math.max(...Array.from(x!, (v, i) => Math.abs(v - y![i]!))) / scale;
    expect(off).withContext(name).toBeLessThan(2e-5);
  }
  tf.dispose([a, b]);
}

describeBackends('one gradient, two names', () => {
  let kept: tf.TensorContainer = [];
  const keep = <T extends tf.TensorContainer>(x: T): T => {
    kept = [kept, x];
    return x;
  };
  afterEach(() => {
    tf.dispose(kept);
    kept = [];
  });

  for (const [name, steps] of [
    ['a variational autoencoder is SVG(∞) of one step', 1],
    ['DRAW is SVG(∞) of as many steps as it paints', 3],
  ] as const) {
    it(`${name}, with dynamics that are known and deterministic`, async () => {
      const size = 3;
      const x = keep(matrix(BATCH, size, 1)); // what is to be painted
      const [reader, recurrent] = keep([2, 3].map(seed => tf.variable(matrix(size, size, seed))));
      const logScale = keep(tf.variable(numbers([size], 5)));
      const [carry, paint] = keep([6, 7].map(seed => matrix(size, size, seed)));
      // The encoder is the policy: it sees the error of the canvas so far.
      const policy = (canvas: tf.Tensor) =>
        st.independent(
          new st.Normal({
            loc: tf.add(
              tf.matMul(tf.sub<tf.Tensor2D>(x, tf.sigmoid(canvas)), reader!),
              tf.matMul(tf.tanh(canvas) as tf.Tensor2D, recurrent!),
            ),
            scale: tf.exp(logScale),
          }),
        );
      // The decoder is the world: it paints what the latent variable says on the canvas.
      const dynamics = (canvas: tf.Tensor, z: tf.Tensor) =>
        tf.add(tf.matMul(canvas as tf.Tensor2D, carry!), tf.matMul(tf.tanh(z) as tf.Tensor2D, paint!));
      const prior = st.independent(new st.Normal({loc: tf.zeros([size]), scale: 1}));
      keep(prior.tensors());
      const latentCost = (z: tf.Tensor) => tf.neg(prior.logProb(z));
      const painted = (canvas: tf.Tensor) =>
        tf.sum(
          tf.losses.sigmoidCrossEntropy(tf.clipByValue(x, 0, 1), canvas, undefined, undefined, tf.Reduction.NONE),
          -1,
        );
      const start = keep(matrix(BATCH, size, 4));

      const canvases: tf.Tensor[] = [start];
      const latents: tf.Tensor[] = [];
      const autoencoder = () => {
        let canvas: tf.Tensor = start;
        let loss: tf.Tensor = tf.scalar(0);
        for (let t = 0; t < steps; t++) {
          const node = new st.DistributionTensor(policy(canvas), {estimator: st.pathwise(), key: key(20 + t)});
          const z = node.value;
          loss = tf.add(loss, latentCost(z));
          canvas = dynamics(canvas, z);
          latents.push(keep(tf.keep(tf.clone(st.stopGradient(z)))));
          canvases.push(keep(tf.keep(tf.clone(st.stopGradient(canvas)))));
        }
        return tf.mean(tf.add(loss, painted(canvas)));
      };
      const valueGradient = () =>
        tf.mean(
          st.svgInfinity({
            dynamics,
            policy,
            cost: (_, z) => latentCost(z),
            terminalCost: painted,
            trajectory: {states: tf.stack(canvases), actions: tf.stack(latents)},
          }),
        );
      await expectSame({reader: reader!, recurrent: recurrent!, logScale}, autoencoder, valueGradient);
    });
  }

  for (const [name, scale] of [
    ['a generator is the actor of SVG(0), and the log-odds of its critic are the Q', 0.3],
    ['a generator without noise of its own is the actor of the deterministic policy gradient', 0],
  ] as const) {
    it(name, async () => {
      const weights = keep(tf.variable(matrix(2, 3, 30)));
      const shift = keep(tf.variable(numbers([3], 31)));
      const noise = keep(matrix(BATCH, 2, 32)); // the state, which the actor does not move
      const hidden = keep(matrix(3, 5, 33));
      const out = keep(matrix(5, 1, 34));
      const generator = (z: tf.Tensor) => tf.add(tf.matMul(tf.tanh(z) as tf.Tensor2D, weights), shift);
      const logit = (image: tf.Tensor) =>
        tf.squeeze(tf.matMul(tf.tanh<tf.Tensor2D>(tf.matMul(image as tf.Tensor2D, hidden)), out), [-1]);
      const lossOf = (image: tf.Tensor) => tf.softplus(tf.neg(logit(image))); // −ln D
      const actor = (z: tf.Tensor) => st.independent(new st.Normal({loc: generator(z), scale}));
      const images = scale === 0 ? null : keep(tf.tidy(() => actor(noise).sample([], {key: key(35)})));
      const adversary = () => {
        if (scale === 0) return tf.mean(lossOf(generator(noise)));
        const image = new st.DistributionTensor(actor(noise), {estimator: st.pathwise(), key: key(35)});
        return tf.mean(lossOf(image.value));
      };
      const actorCritic = () =>
        tf.mean(
          images === null
            ? st.deterministicPolicyGradient({policy: generator, q: (_, a) => lossOf(a), states: noise})
            : st.svg0({policy: actor, q: (_, a) => lossOf(a), transitions: {states: noise, actions: images}}),
        );
      await expectSame({weights, shift}, adversary, actorCritic);
    });
  }

  it('NVIL is the policy gradient with a baseline of states, where each layer acts on what the one below did', async () => {
    const size = 3;
    const x = keep(tf.tidy(() => tf.cast(tf.greater(matrix(BATCH, size, 40), 0), 'float32')));
    const [first, second] = keep([41, 42].map(seed => tf.variable(matrix(size, size, seed))));
    const [decoder, above] = keep([43, 44].map(seed => matrix(size, size, seed)));
    const readout = keep(matrix(size, 1, 45));
    const bits = (logits: tf.Tensor) => st.independent(new st.Bernoulli({logits}));
    const policies = [first!, second!].map(w => (state: tf.Tensor) => bits(tf.matMul(state, w)));
    const fromAbove = [decoder!, above!].map(w => (h: tf.Tensor) => bits(tf.matMul(h, w)));
    const prior = (h: tf.Tensor) => bits(tf.zerosLike(h)).logProb(h);
    const value = (state: tf.Tensor) => tf.squeeze(tf.matMul(state as tf.Tensor2D, readout), [-1]);
    /** What a step of the recognition costs: ln q of its action, less what the model says of the layers it joins. */
    const costs = (states: readonly tf.Tensor[]) => [
      tf.sub(policies[0]!(states[0]!).logProb(states[1]!), fromAbove[0]!(states[1]!).logProb(states[0]!)),
      tf.sub(
        policies[1]!(states[1]!).logProb(states[2]!),
        tf.add(fromAbove[1]!(states[2]!).logProb(states[1]!), prior(states[2]!)),
      ),
    ];

    const estimator = st.nvil({network: value, context: x});
    const belief = () => {
      const h1 = new st.DistributionTensor(policies[0]!(x), {estimator, key: key(46)});
      const h2 = new st.DistributionTensor(policies[1]!(h1.value), {estimator, key: key(47)});
      return costs([x, h1.value, h2.value]); // each layer is credited with those that depend on what it did
    };
    const episode = keep(
      tf.tidy(() => {
        const h1 = policies[0]!(x).sample([], {key: key(46)});
        return [x, h1, policies[1]!(h1).sample([], {key: key(47)})];
      }),
    );
    const policyGradient = () => {
      const rewards = costs(episode);
      const baseline = value(x);
      let surrogate = tf.add(rewards[0]!, rewards[1]!); // whose own derivatives are those of an entropy bonus
      rewards.forEach((_, t) => {
        const toGo = rewards.slice(t).reduce((sum, r) => tf.add(sum, r));
        const advantage = st.stopGradient(tf.sub(toGo, baseline));
        surrogate = tf.add(surrogate, tf.mul(policies[t]!(episode[t]!).logProb(episode[t + 1]!), advantage));
      });
      return tf.mean(surrogate);
    };
    await expectSame({first: first!, second: second!}, belief, policyGradient);
    estimator.dispose!();
  });

  it('Bayes by backprop is a variational autoencoder whose code is the weights', async () => {
    const inputs = keep(matrix(BATCH, 3, 50));
    const targets = keep(numbers([BATCH], 51));
    const mean = keep(tf.variable(numbers([3], 52)));
    const rho = keep(tf.variable(numbers([3], 53)));
    const posterior = (m: tf.Tensor, r: tf.Tensor) => st.independent(new st.Normal({loc: m, scale: tf.softplus(r)}));
    const parts = keep([tf.tensor1d([1, 0.2]), tf.zeros([2])]);
    const prior = (w: tf.Tensor) =>
      tf.sum(
        tf.logSumExp(
          tf.add(new st.Normal({loc: parts[1]!, scale: parts[0]!}).logProb(tf.expandDims(w, -1)), Math.log(0.5)),
          -1,
        ),
      );
    const likelihood = (w: tf.Tensor) => tf.sum(new st.Normal({loc: tf.dot(inputs, w), scale: 0.5}).logProb(targets));
    const autoencoder = () => {
      const w = new st.DistributionTensor(posterior(mean, rho), {estimator: st.pathwise(), key: key(54)}).value;
      return tf.sub(posterior(mean, rho).logProb(w), tf.add(prior(w), likelihood(w)));
    };
    // Blundell et al. 2015, section 3.2, steps 1 to 6
    const [meanStep, rhoStep] = keep(
      tf.tidy((): [tf.Tensor, tf.Tensor] => {
        const noise = tf.div(tf.sub(posterior(mean, rho).sample([], {key: key(54)}), mean), tf.softplus(rho));
        const weights = tf.add(mean, tf.mul(tf.softplus(rho), noise));
        const f = (w: tf.Tensor, m: tf.Tensor, r: tf.Tensor) =>
          tf.sub(posterior(m, r).logProb(w), tf.add(prior(w), likelihood(w)));
        const [byWeights, byMean, byRho] = tf.grads(f)([weights, mean, rho]) as [tf.Tensor, tf.Tensor, tf.Tensor]; // one each
        return [
          tf.add(byWeights, byMean),
          tf.add(tf.mul(byWeights, tf.div(noise, tf.add(1, tf.exp(tf.neg(rho))))), byRho),
        ];
      }),
    );
    // a program with these derivatives
    const byBackprop = () => tf.add(tf.sum(tf.mul(mean, meanStep)), tf.sum(tf.mul(rho, rhoStep)));
    await expectSame({mean, rho}, autoencoder, byBackprop);
  });
});
