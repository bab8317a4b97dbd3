import * as stl from 'tfjs-stochastic/layers';
import {lossesOf, metricsOfParts, plainNameOf} from '../../../layers/costs/lossFacts.js';
import {describeBackends} from '../../helpers/backends.js';
import {onInput, STANDARD, zeroLoss} from './shared.js';

describeBackends(
  'what is known of a loss',
  () => {
    it('is its place, in whatever form compile takes it', () => {
      const names = ['a', 'b'];
      expect(lossesOf('mse', names)).toEqual(['mse', 'mse']);
      expect(lossesOf(zeroLoss, names)).toEqual([zeroLoss, zeroLoss]);
      expect(lossesOf(['mse', zeroLoss], names)).toEqual(['mse', zeroLoss]);
      expect(lossesOf({b: 'mse'}, names)).toEqual([undefined, 'mse']);
    });

    it('is of which it is made, and what shows its parts', () => {
      const model = onInput(stl.normal({prior: STANDARD}));
      const {loss, metrics} = stl.withCosts('meanSquaredError', model);
      expect(plainNameOf(loss)).toBe('meanSquaredError');
      expect(metricsOfParts(loss)).toBe(metrics);
      expect(plainNameOf(stl.sumOver(stl.perSample('binaryCrossentropy')))).toBe('binaryCrossentropy');
      for (const other of [stl.sumOver(zeroLoss), zeroLoss, 'mse', undefined, null]) {
        expect(plainNameOf(other)).toBeUndefined();
        expect(metricsOfParts(other)).toBeUndefined();
      }
      model.dispose();
    });
  },
  {inBrief: [], inNode: ['cpu']},
);
