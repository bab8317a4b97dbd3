/** What people call estimators elsewhere, and what they are called here. */
import {synonyms} from '../util/errors.js';

export const estimatorsElsewhere = synonyms([
  [
    ['scoreFunction', 'movingAverage', 'leaveOneOut'],
    [
      'reinforce',
      'score',
      'sf',
      'scorefunctionestimator',
      'likelihoodratio',
      'lr',
      'logderivative',
      'logderivativetrick',
      'policygradient',
      'pg',
      'vpg',
      'ppo',
    ],
  ],
  [
    ['movingAverage', 'nvil', 'leaveOneOut'],
    ['reinforcewithbaseline', 'baseline', 'ema', 'mean'],
  ],
  [['leaveOneOut'], ['rloo', 'loo', 'reinforceloo', 'reinforceleaveoneout', 'buy4reinforcesamples']],
  [
    ['pathwise'],
    [
      'reparam',
      'reparameterization',
      'reparameterisation',
      'reparametrization',
      'reparametrisation',
      'reparameterized',
      'reparameterizationtrick',
      'rsample',
      'sgvb',
      'vae',
      'implicit',
      'implicitreparameterization',
      'svg',
    ],
  ],
  [
    ['gumbelSoftmax', 'straightThroughGumbelSoftmax'],
    ['gumbel', 'concrete', 'binaryconcrete', 'relaxedbernoulli', 'relaxed', 'relaxation', 'gs'],
  ],
  [['straightThroughGumbelSoftmax'], ['stgs', 'stgumbel', 'stgumbelsoftmax', 'hardgumbelsoftmax', 'gumbelsoftmaxst']],
  [['straightThrough'], ['st', 'ste', 'straightthroughestimator']],
  [['gumbelRao'], ['raogumbel', 'gumbelraomc', 'raoblackwellizedgumbelsoftmax']],
  [['disarm'], ['u2g', 'antithetic']],
  [['armCategorical'], ['arsm', 'ars', 'armk']],
  [
    ['enumerate'],
    ['exact', 'enumeration', 'marginalize', 'marginalise', 'marginal', 'sum', 'parallelenumeration', 'traceenum'],
  ],
  [['measureValued'], ['mvd', 'measurevaluedderivative', 'weakderivative', 'weak']],
  [
    ['unorderedSet', 'sumAndSample'],
    ['withoutreplacement', 'gumbeltopk', 'stochasticbeamsearch', 'swor'],
  ],
  [['raoBlackwell'], ['raoblackwellized', 'rb']],
  [['importance'], ['importancesampling', 'is', 'offpolicy']],
  [
    ['vimco', 'dreg'],
    ['iwae', 'iwelbo', 'importanceweighted'],
  ],
  [['dreg'], ['dregs', 'doublyreparameterized', 'dregsgradient']],
  [['stl'], ['stickingthelanding', 'pathderivative']],
  [['dice'], ['magicbox', 'loadeddice', 'infinitydice']],
  [['critic'], ['backpropq', 'actorcritic', 'a2c', 'qcritic', 'ddpg']],
  [['nvil'], ['learned', 'learnedbaseline', 'neuralbaseline']],
]);
