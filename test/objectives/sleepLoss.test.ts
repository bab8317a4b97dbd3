import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {gradientMoments, MANY, worstZ} from '../helpers/estimates.js';
import {read, withoutLeak} from '../helpers/near.js';
import {classes, likelihood, p, parameters, softmax, unit, type Params} from './threeClasses.js';

describeBackends(
  'sleepLoss',
  () => {
    const asleep = ({prior, bit, q: logits, shift}: Params): tf.Tensor =>
      st.sleepLoss(
        () => {
          const z = new st.OneHotCategorical({logits: prior!}).sample();
          return {x: new st.Bernoulli({logits: tf.sum(tf.mul(tf.cast(z, 'float32'), bit!), -1)}).sample(), z};
        },
        x =>
          new st.OneHotCategorical({logits: tf.add(logits!, tf.mul(tf.expandDims(tf.cast(x, 'float32'), -1), shift!))}),
      );

    it('has the exact gradient of E KL(p(z|x) ‖ q(z|x)) as its mean, and none for the model', async () => {
      const exact: Record<string, number[]> = {prior: [0, 0, 0], bit: [0, 0, 0], q: [0, 0, 0], shift: [0, 0, 0]};
      for (const x of [0, 1]) {
        const conditional = softmax(classes.map(k => parameters['q']![k]! + x * parameters['shift']![k]!));
        for (const z of classes) {
          const mass = p[z]! * likelihood(x, z);
          classes.forEach(k => {
            exact['q']![k]! += mass * (conditional[k]! - unit(z)[k]!);
            exact['shift']![k]! += mass * x * (conditional[k]! - unit(z)[k]!);
          });
        }
      }
      st.random.setSeed(4);
      const n = sizeFor({cpu: 10_000, wasm: MANY, webgl: 3000, webgpu: 3000});
      const moments = await gradientMoments(parameters, n, asleep);
      expect(worstZ(moments, exact)).toBeLessThan(4.5);
      expect(worstZ(moments, {...exact, q: exact['shift']!})).toBeGreaterThan(4.5);
    });

    it('holds dreams constant though they pass gradients, and serves several latents', async () => {
      const [theta, phi] = [tf.variable(tf.tensor1d([0.5, -1])), tf.variable(tf.tensor1d([0.7, 0.2]))];
      const loss = (): tf.Tensor =>
        st.sleepLoss(
          () => {
            const a = new st.Normal({loc: theta, scale: 1}).sample([], {key: st.random.key(1)}); // reparameterised
            const b = new st.Normal({loc: a, scale: 1}).sample([], {key: st.random.key(2)});
            return {x: tf.add(a, b), z: {a, b}};
          },
          (x, {a}) => ({
            a: new st.Normal({loc: tf.mul(x, phi), scale: 1}),
            b: new st.Normal({loc: tf.mul(a, phi), scale: 1}),
          }),
        );
      const {value, grads} = st.variableGrads(loss, [theta, phi]);
      expect(Object.keys(grads)).toEqual([phi.name]);
      const [a, b] = tf.tidy<[tf.Tensor, tf.Tensor]>(() => {
        const first = new st.Normal({loc: theta, scale: 1}).sample([], {key: st.random.key(1)});
        return [first, new st.Normal({loc: first, scale: 1}).sample([], {key: st.random.key(2)})];
      });
      const [as, bs, fs] = [await read(a), await read(b), Array.from(await phi.data())];
      const got = await grads[phi.name]!.data();
      fs.forEach((f, i) => {
        // ∂/∂f of ½ (a − f x)² + ½ (b − f a)², averaged over two elements
        const x = as[i]! + bs[i]!;
        expect(got[i]).toBeCloseTo((-x * (as[i]! - f * x) - as[i]! * (bs[i]! - f * as[i]!)) / 2, 4);
      });
      tf.dispose([value, grads, theta, phi]);
    });

    it('leaves no tensor, and says in one sentence what is wrong', () => {
      const normal = new st.Normal({loc: [0, 1], scale: 1});
      const dream = (): st.Dream<tf.Tensor> => ({x: normal.sample(), z: normal.sample()});
      withoutLeak('sleepLoss', () => st.sleepLoss(dream, () => normal)).dispose();
      expect(() => st.sleepLoss(3 as never, () => normal)).toThrowError(
        'sleepLoss: the first argument must be a function that returns {x, z}, got 3',
      );
      expect(() => st.sleepLoss(dream, null as never)).toThrowError(
        'sleepLoss: the second argument must be a function from x and z to q, got null',
      );
      expect(() =>
        st.sleepLoss(
          () => ({z: normal.sample()}) as never,
          () => normal,
        ),
      ).toThrowError('sleepLoss: the first function must return {x, z} with a tensor x, got an object with keys z');
      expect(() =>
        st.sleepLoss(
          () => ({x: normal.sample(), z: {}}),
          () => ({}),
        ),
      ).toThrowError(
        'sleepLoss: the first function must return {x, z} with z a tensor or a record of tensors, got an object with keys none',
      );
      expect(() => st.sleepLoss(dream, () => 1 as never)).toThrowError(
        'sleepLoss: the second function must return a distribution for "z", got 1',
      );
      expect(() =>
        st.sleepLoss(
          () => ({x: normal.sample(), z: {a: normal.sample()}}),
          () => ({}) as never,
        ),
      ).toThrowError('sleepLoss: the second function must return a distribution for "a", got undefined');
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
