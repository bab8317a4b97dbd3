import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {weighLatents, type Weighted} from '../../src/objectives/logWeights.js';
import {describeBackends} from '../helpers/backends.js';
import {expectNear, read} from '../helpers/near.js';

describeBackends(
  'the weights of draws',
  () => {
    const log = (z: number, mean = 0, scale = 1): number =>
      -0.5 * ((z - mean) / scale) ** 2 - Math.log(scale) - 0.5 * Math.log(2 * Math.PI);

    it('are ln p(x|z) + ln p(z) − ln q(z), each latent in its place', async () => {
      const z = new st.DistributionTensor(new st.Normal({loc: [0.2, -0.3], scale: 0.7}), {
        valueType: st.sampleValue(3),
        key: st.random.key(1),
      });
      const w = new st.DistributionTensor(new st.Bernoulli({logits: 0.4}), {
        valueType: st.sampleValue(3),
        key: st.random.key(2),
      });
      const likelihood = tf.tensor2d([
        [-1, -2],
        [0.5, 0],
        [3, -4],
      ]);
      let latents: Weighted['latents'] = [];
      const made = tf.tidy(() => {
        const {latents: found, ...weighted} = weighLatents('bound', likelihood, [
          [z, new st.Normal({loc: 1, scale: 2})],
          [w, new st.Bernoulli({probs: 0.25})],
        ]);
        latents = found;
        return weighted;
      });
      expect(latents.map(({node}) => node)).toEqual([z, w]);
      const [zs, ws, ls] = [await z.value.data(), await w.value.data(), await likelihood.data()];
      expect([zs.length, ws.length]).toEqual([6, 3]);
      const bit = (p: number, x: number): number => Math.log(x === 1 ? p : 1 - p);
      const joint = Array.from(zs, (v, i) => ls[i]! + log(v, 1, 2) + bit(0.25, ws[Math.floor(i / 2)]!));
      const proposal = Array.from(
        zs,
        (v, i) => log(v, i % 2 === 0 ? 0.2 : -0.3, 0.7) + bit(1 / (1 + Math.exp(-0.4)), ws[Math.floor(i / 2)]!),
      );
      const near = async (t: tf.Tensor, wanted: number[], what: string): Promise<void> => {
        expect(t.shape).withContext(what).toEqual([3, 2]);
        expectNear(await read(t), wanted, what);
      };
      await near(made.logJoint, joint, 'joint');
      await near(made.logProposal, proposal, 'proposal');
      await near(
        made.logWeights,
        joint.map((v, i) => v - proposal[i]!),
        'weights',
      );
      tf.dispose([z.value, w.value, likelihood]);
    });
  },
  {only: ['cpu'], inBrief: []},
);

describeBackends(
  'bounds of several samples, what they are given',
  () => {
    it('say in one sentence what is wrong', () => {
      const prior = new st.Normal({loc: 0, scale: 1});
      const one = new st.DistributionTensor(new st.Normal({loc: [0, 1], scale: 1}), {name: 'z'});
      const several = new st.DistributionTensor(new st.Normal({loc: [0, 1], scale: 1}), {
        name: 'z',
        valueType: st.sampleValue(3),
      });
      const all = (of: st.DistributionTensor): st.BoundOptions => ({variationalWithPrior: [[of, prior]]});
      for (const [who, bound] of [
        ['importanceWeightedBound', (l: tf.Tensor, o: st.BoundOptions) => st.importanceWeightedBound(l, o)],
        ['renyiBound', (l: tf.Tensor, o: st.BoundOptions) => st.renyiBound(l, {...o, alpha: 0.5})],
        ['reweightedWakeSleep', (l: tf.Tensor, o: st.BoundOptions) => st.reweightedWakeSleep(l, o).bound],
      ] as const) {
        const samples = `${who}: needs K samples along a leading axis of their own: make the nodes with sampleValue(K), or with an estimator that draws several, got a float32 tensor of shape `;
        expect(() => bound(tf.zeros([2]), all(one))).toThrowError(`${samples}[2]`);
        expect(() => bound(tf.zeros([]), all(several))).toThrowError(`${samples}[]`);
        expect(() => bound(tf.zeros([0, 2]), all(several))).toThrowError(
          `${who}: K, the size of the leading axis, must be at least 1, got 0`,
        );
        expect(() => bound(tf.zeros([2]), all(several))).toThrowError(
          new RegExp(`^${who}: node "z" has a term of shape \\[3,2\\], which must broadcast`),
        );
        expect(() => bound(tf.zeros([3, 2]), {})).toThrowError(
          `${who}: outside a gradient scope the latents cannot be found: list them in variationalWithPrior`,
        );
        expect(() => bound(tf.zeros([3, 2]), {form: 'sample'} as never)).toThrowError(
          new RegExp(`^${who}: unknown option "form"`),
        );
        expect(() => bound(7 as never, all(several))).toThrowError(
          `${who}: logLikelihood must be a float32 tensor of shape [sample…, batch…], got 7`,
        );
      }
      const w = tf.scalar(0.3);
      expect(() =>
        tf.grad(loc => {
          const node = new st.DistributionTensor(new st.Normal({loc: loc, scale: 1}), {
            name: 'z',
            valueType: st.sampleValue(2),
          });
          return st.importanceWeightedBound(tf.square(node.value));
        })(w),
      ).toThrowError(
        'importanceWeightedBound: node "z" needs a prior: call registerPrior, or list the latents in variationalWithPrior',
      );
      w.dispose();
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
