import * as tf from '@tensorflow/tfjs-core';
import {Gumbel, klDivergence, Laplace, Normal} from '../../src/distributions/index.js';
import {klRule} from '../../src/distributions/klRule.js';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';

describeBackends(
  'a rule of divergences',
  () => {
    const at = {loc: 0, scale: 1};

    it('names the families of q and p, in this order, and what it has to say of them', () => {
      const divergence = (): null => null;
      expect(klRule('A', 'B', divergence)).toEqual({q: 'A', p: 'B', divergence});
    });

    it('is asked with q first, of the two families that it names, and says by null that it has no closed form', async () => {
      const asked: string[] = [];
      class Mine extends Normal {
        override klRules() {
          const rule = (q: string, p: string, value: number | null) =>
            klRule<Normal, Normal>(q, p, (a, b) => {
              asked.push(`${a.constructor.name}, ${b.constructor.name}`);
              return value === null ? null : tf.scalar(value);
            });
          return [rule('Normal', 'Laplace', 7), rule('Laplace', 'Normal', 8), rule('Normal', 'Gumbel', null)];
        }
      }
      const [q, p] = [new Mine(at), new Laplace(at)];
      expect(await read(klDivergence(q, p))).toEqual([7]);
      expect(asked).toEqual(['Mine, Laplace']);
      asked.length = 0;
      expect(await read(klDivergence(p, q))).toEqual([8]);
      expect(asked).toEqual(['Laplace, Mine']);
      expect(() => klDivergence(q, new Gumbel(at))).toThrowError(
        /^klDivergence: no closed form for \(Normal, Gumbel\)/,
      );
    });
  },
  {only: ['cpu'], inBrief: []},
);
