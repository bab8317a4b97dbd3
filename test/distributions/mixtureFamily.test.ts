import {Categorical, Mixture, MixtureSameFamily, Normal, type Distribution} from '../../src/distributions/index.js';
import * as random from '../../src/random/index.js';
import {describeBackends, gpuOf, sizeFor} from '../helpers/backends.js';
import {expectNear, read, withoutLeak} from '../helpers/near.js';
import {ksPValue, normalCdf} from '../helpers/statistics.js';

const key = random.key(78);
const [W, LOC, SCALE] = [
  [0.2, 0.5, 0.3],
  [-2, 0, 3],
  [0.5, 1, 2],
];
const cdf = (x: number) => W.reduce((s, w, k) => s + w * normalCdf((x - LOC[k]!) / SCALE[k]!), 0);
const MEAN = 0.2 * -2 + 0.3 * 3;
const VARIANCE = W.reduce((s, w, k) => s + w * (SCALE[k]! ** 2 + (LOC[k]! - MEAN) ** 2), 0);

describeBackends(
  'mixtures',
  () => {
    const same = () =>
      new MixtureSameFamily({
        mixtureDistribution: new Categorical({probs: W}),
        componentsDistribution: new Normal({loc: LOC, scale: SCALE}),
      });
    const any = () =>
      new Mixture({
        cat: new Categorical({probs: W}),
        components: LOC.map((loc, k) => new Normal({loc, scale: SCALE[k]!})),
      });

    for (const [name, make] of [
      ['MixtureSameFamily', same],
      ['Mixture', any],
    ] as const) {
      it(`${name}: has the weighted density, cdf and moments, and draws from them`, async () => {
        const d: Distribution = make();
        expect([d.batchShape, d.eventShape, d.name]).toEqual([[], [], name]);
        const x = [-30, -3, -1.5, 0, 0.7, 4, 40];
        const logs = x.map(v => {
          const terms = W.map(
            (w, k) => Math.log(w / SCALE[k]!) - 0.5 * ((v - LOC[k]!) / SCALE[k]!) ** 2 - 0.5 * Math.log(2 * Math.PI),
          );
          const top = Math.max(...terms);
          return top + Math.log(terms.reduce((s, t) => s + Math.exp(t - top), 0));
        });
        expectNear(await read(withoutLeak('logProb', () => d.logProb(x))), logs, 'logProb');
        const inner = x.slice(1, 6);
        expectNear(await read(withoutLeak('cdf', () => d.cdf(inner))), inner.map(cdf), 'cdf', true);
        expectNear(
          await read(withoutLeak('survival', () => d.survival(inner))),
          inner.map(v => W.reduce((s, w, k) => s + w * normalCdf((LOC[k]! - v) / SCALE[k]!), 0)),
          'survival',
          true,
        );
        expectNear(
          await read(withoutLeak('logCdf', () => d.logCdf(inner))),
          inner.map(v => Math.log(cdf(v))),
          'logCdf',
        );
        expectNear(await read(withoutLeak('mean', () => d.mean())), [MEAN], 'mean');
        expectNear(await read(withoutLeak('variance', () => d.variance())), [VARIANCE], 'variance');
        expectNear(await read(d.stddev()), [Math.sqrt(VARIANCE)], 'stddev');
        const draws = await read(
          withoutLeak('sample', () =>
            d.sample(sizeFor({cpu: 100_000, wasm: 100_000, webgl: 5_000, webgpu: 5_000}), {key}),
          ),
        );
        expect(ksPValue(draws, cdf)).toBeGreaterThan(0.001);
        expect(d.sample(0, {key}).shape).toEqual([0]);
        for (const method of ['quantile', 'mode', 'entropy', 'enumerateSupport'] as const) {
          expect(d.has(method)).toBe(false);
          expect(() => (d[method] as (p: number) => unknown)(0.5)).toThrowError(
            new RegExp(`^${name}: ${method} does not exist`),
          );
        }
      });
    }
  },
  {inBrief: [gpuOf('mixtures')]},
);
