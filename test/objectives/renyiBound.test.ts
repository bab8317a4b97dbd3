import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {temperedMean} from '../../src/objectives/renyiBound.js';
import {describeBackends, sizeFor} from '../helpers/backends.js';
import {MANY} from '../helpers/estimates.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {column, zOf, type Values} from '../estimators/problems.js';
import {logNormal, m, moments, renyiExact, s, values, X, type Bound} from './normalModel.js';

type Params = Record<string, tf.Tensor>;
const renyi =
  (alpha: number): Bound =>
  (l, options) =>
    st.renyiBound(l, {...options, alpha});

describeBackends(
  'renyiBound',
  () => {
    it('is the importance-weighted bound at α = 0 and the mean ELBO at α = 1, which α → 1 approaches', async () => {
      const [zero, one, near, bound, single] = [
        await values(renyi(0), 50, 8),
        await values(renyi(1), 50, 8),
        await values(renyi(1 - 1e-5), 50, 8),
        await values(st.importanceWeightedBound, 50, 8),
        await read(
          tf.tidy(() => {
            const node = new st.DistributionTensor(new st.Normal({loc: tf.fill([50], m), scale: s}), {
              valueType: st.sampleValue(8),
              key: st.random.key(1),
            });
            return tf.mean(
              st.elbo(logNormal(node.value), {
                form: 'sample',
                variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]],
              }),
              0,
            );
          }),
        ),
      ];
      zero.forEach((v, i) => expect(v).toBeCloseTo(bound[i]!, 5));
      one.forEach((v, i) => expect(v).toBeCloseTo(single[i]!, 5));
      near.forEach((v, i) => expect(Math.abs(v - single[i]!)).toBeLessThan(1e-4));
    });

    it('stays finite for log-weights of any size, and for weights of 0', async () => {
      const node = new st.DistributionTensor(new st.Normal({loc: [0, 0], scale: 1}), {valueType: st.sampleValue(3)});
      const flat = new st.Uniform({low: -100, high: 100});
      for (const alpha of [0, 0.5, 1 - 1e-6, 2]) {
        const l = tf.tensor2d([
          [1000, -1000],
          [990, -990],
          [1010, -1010],
        ]);
        const bound = await read(
          withoutLeak('renyiBound', () => st.renyiBound(l, {alpha, variationalWithPrior: [[node, flat]]})),
        );
        bound.forEach(v => expect(Number.isFinite(v)).toBe(true));
        expect(Math.abs(bound[0]! - 1000)).toBeLessThan(30);
        l.dispose();
      }
      const l = tf.tensor2d([
        [-Infinity, 1],
        [0, 1],
        [0, 1],
      ]);
      const bound = await read(st.renyiBound(l, {alpha: 1 - 1e-4, variationalWithPrior: [[node, flat]]}));
      expect(bound[1]).toBeGreaterThan(-20);
      bound.forEach(v => expect(v).not.toBeNaN());
      tf.dispose([l, node.value]);
    });

    it('keeps its digits near α = 1, for log-weights far apart and of weight 0 as for near ones', async () => {
      const l = tf.tensor2d([
        [0.3, 0, -Infinity],
        [0.1, 1e5, 0],
        [-0.5, -1e5, 0],
      ]);
      for (const beta of [0.009, -0.009, 1e-4, -1e-4, 1e-7]) {
        const near = -0.1 / 3 + (beta * (0.35 - 0.01 / 3)) / 6;
        const found = await read(tf.tidy(() => temperedMean(l, beta)));
        // (mean l) + β var/2 + …, the third order being below β²/6
        expect(Math.abs(found[0]! - near))
          .withContext(`β = ${beta}`)
          .toBeLessThan(beta * beta + 1e-6);
        const wide = Math.sign(beta) * 1e5 - Math.log(3) / beta;
        if (Math.abs(beta) > 1e-3) expectNear([found[1]!], [wide], `far apart, β = ${beta}`);
        expectNear([found[2]!], [beta > 0 ? Math.log(2 / 3) / beta : -Infinity], `weight 0, β = ${beta}`);
      }
      l.dispose();
    });

    it('has a finite α', () => {
      const node = new st.DistributionTensor(new st.Normal({loc: [0, 1], scale: 1}), {valueType: st.sampleValue(3)});
      const l = tf.zeros([3, 2]);
      for (const alpha of [NaN, Infinity, -Infinity, '1', undefined]) {
        expect(() =>
          st.renyiBound(l, {alpha: alpha as number, variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]]}),
        ).toThrowError(/^renyiBound: alpha must be a finite number, got /);
      }
      tf.dispose([l, node.value]);
    });
  },
  {inBrief: ['webgl'], inNode: ['wasm']},
);

describeBackends(
  'renyiBound, against closed forms',
  () => {
    it('falls as α rises, for the same draws', async () => {
      let last: number[] | null = null;
      for (const alpha of [-3, -1, 0, 0.5, 0.995, 1, 1.005, 2, 5]) {
        const here = await values(renyi(alpha), 100, 6);
        if (last !== null)
          here.forEach((v, i) =>
            expect(v)
              .withContext(`α = ${alpha}`)
              .toBeLessThan(last![i]! + 2e-5),
          );
        last = here;
      }
    });

    it('tends to ln p(x) less the divergence between Normals', async () => {
      const k = sizeFor({cpu: 20_000, wasm: MANY, webgl: 5000, webgpu: 5000});
      for (const alpha of [0, 0.3, 0.7, 1, 1.2]) {
        const found = moments(await values(renyi(alpha), 10, k));
        expect(Math.abs(found.mean - renyiExact(alpha)))
          .withContext(`α = ${alpha}`)
          .toBeLessThan(4.5 * found.error * Math.sqrt(10 / 9) + 1e-4);
        expect(Math.abs(found.mean - (renyiExact(alpha) + 0.1)))
          .withContext(`α = ${alpha}, 0.1 more`)
          .toBeGreaterThan(4.5 * found.error);
      }
    });

    it('has the exact gradient, by quadrature for two samples, with pathwise, dreg and vimco', async () => {
      const alpha = 0.4;
      const beta = 1 - alpha;
      const h = 0.08;
      const points = Array.from({length: 201}, (_, i) => (i - 100) * h);
      const masses = points.map(e => (h * Math.exp((-e * e) / 2)) / Math.sqrt(2 * Math.PI));
      const exact = ({theta}: Values): number => {
        // the trapezium rule is exact to rounding here
        const [a, b] = theta as [number, number]; // two parameters
        const l = points.map(e => {
          const z = a + b * e;
          return beta * (-0.5 * (z * z + (X - z) ** 2) + 0.5 * e * e + Math.log(b));
        });
        let sum = 0;
        l.forEach((x, i) =>
          l.forEach(
            (y, j) =>
              (sum -=
                (masses[i]! * masses[j]! * (Math.max(x, y) + Math.log((1 + Math.exp(-Math.abs(x - y))) / 2))) / beta),
          ),
        );
        return sum;
      };
      const costs =
        (estimator: st.Estimator) =>
        ({theta}: Params): tf.Tensor => {
          const own = estimator.name === 'pathwise' || estimator.name === 'scoreFunction';
          const node = new st.DistributionTensor(new st.Normal({loc: column(theta!), scale: column(theta!, 1)}), {
            estimator,
            ...(own ? {valueType: st.sampleValue(2)} : {}),
          });
          return tf.neg(
            st.renyiBound(logNormal(node.value), {
              alpha,
              variationalWithPrior: [[node, new st.Normal({loc: 0, scale: 1})]],
            }),
          );
        };
      const n = sizeFor({cpu: 10_000, wasm: MANY, webgl: 3000, webgpu: 3000});
      for (const estimator of [st.pathwise(), st.dreg({samples: 2}), st.vimco({samples: 2}), st.scoreFunction()]) {
        expect(
          await zOf(
            {title: '', parameters: {theta: [0.1, 0.9]}, costs: costs(estimator), expectation: exact},
            estimator,
            {n},
          ),
        )
          .withContext(estimator.name)
          .toBeLessThan(4.5);
      }
      const ofElbo = ({theta}: Values): number =>
        0.5 * ((X - theta![0]!) ** 2 + theta![0]! ** 2) + theta![1]! ** 2 - Math.log(theta![1]!);
      expect(
        await zOf(
          {title: '', parameters: {theta: [0.1, 0.9]}, costs: costs(st.dreg({samples: 2})), expectation: ofElbo},
          'dreg',
          {n},
        ),
      ).toBeGreaterThan(4.5);
    });
  },
  {inBrief: [], inNode: ['wasm']},
);
