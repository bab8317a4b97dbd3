/** What people call baselines elsewhere, and what they are called here. */
import {synonyms} from '../util/errors.js';

export const baselinesElsewhere = synonyms([
  [['leaveOneOut'], ['rloo', 'loo', 'others']],
  [
    ['movingAverage'],
    ['ema', 'mean', 'average', 'running', 'runningmean', 'runningaverage', 'exponentialmovingaverage', 'ewma'],
  ],
  [['learned'], ['network', 'nn', 'neural', 'value', 'valuefunction', 'learnable', 'nvil', 'mlp', 'dense']],
  [['none'], ['zero', 'null', 'no', 'off', 'false']],
  [
    ['normalized'],
    ['whiten', 'whitened', 'standardize', 'standardized', 'normalize', 'normalise', 'variancenormalised'],
  ],
  [['constant'], ['number', 'fixed']],
]);
