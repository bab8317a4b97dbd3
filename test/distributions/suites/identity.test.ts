import * as dist from '../../../src/distributions/index.js';
import * as random from '../../../src/random/index.js';
import {describeBackends, gpuOf} from '../../helpers/backends.js';
import {read} from '../../helpers/near.js';

const key = random.key(-7);
const hash = (values: readonly number[]): number => values.reduce((h, v) => (Math.imul(h, 31) + v) | 0, 7);

describeBackends(
  'samples of whole numbers',
  () => {
    it('are the same bits on every backend, from numbers and arrays', async () => {
      const logits = [
        [0, 0.3, -1, 2],
        [-Infinity, 80, 79, -80],
      ];
      const probs = [0.1, 0, 0.6, 0.3];
      const families: Record<string, [dist.Distribution, hash: number]> = {
        bernoulli: [new dist.Bernoulli({logits: [-3, 0.1, 1 / 3, 80]}), 1891270236],
        bernoulliOfProbs: [new dist.Bernoulli({probs: [[0.1], [1 / 3]], dtype: 'bool'}), 7495101],
        rademacher: [new dist.Rademacher({dtype: 'int32'}), -68028093],
        binomial: [new dist.Binomial({totalCount: [[5], [100]], logits: [-1, 0.3]}), -418630275],
        binomialOfProbs: [new dist.Binomial({totalCount: 1000, probs: [0.001, 0.3]}), -1804813417],
        geometric: [new dist.Geometric({logits: [-5, 0.3]}), -370026480],
        geometricOfProbs: [new dist.Geometric({probs: 0.01, dtype: 'int32'}), 403112309],
        poisson: [new dist.Poisson({rate: [0.1, 3, 50, 1e5]}), 656244851],
        poissonOfLogRate: [new dist.Poisson({logRate: 3, dtype: 'int32'}), -1644107923],
        negativeBinomial: [new dist.NegativeBinomial({totalCount: 3.5, logits: [0.3, 2]}), -1999295248],
        negativeBinomialOfProbs: [new dist.NegativeBinomial({totalCount: 3.5, probs: 0.8}), -2040252392],
        categorical: [new dist.Categorical({logits}), -408390580],
        categoricalOfProbs: [new dist.Categorical({probs}), -1600453470],
        oneHotCategorical: [new dist.OneHotCategorical({logits}), -253544583],
        oneHotCategoricalOfProbs: [new dist.OneHotCategorical({probs}), 1653229005],
        multinomial: [new dist.Multinomial({totalCount: [7, 1000], logits}), -1896756063],
        multinomialOfProbs: [new dist.Multinomial({totalCount: 100, probs}), -439970699],
      };
      const found: Record<string, number> = {};
      for (const [name, [d]] of Object.entries(families)) found[name] = hash(await read(d.sample(500, {key})));
      expect(found).toEqual(Object.fromEntries(Object.entries(families).map(([name, [, stored]]) => [name, stored])));
    });
  },
  {inBrief: [gpuOf('samples of whole numbers')]},
);
