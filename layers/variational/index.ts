/** Layers with random weights. */
export {
  type VariationalArgs,
  type VariationalOptions,
  type WeightInference,
  type WeightMethod,
  type WeightOptions,
} from './args.js';
export {
  learnedGaussianDropout,
  LearnedGaussianDropoutLayer,
  type LearnedGaussianDropoutArgs,
} from './gaussianDropout.js';
export {
  conv1dFlipout,
  conv1dReparameterization,
  conv2dFlipout,
  conv2dReparameterization,
  denseFlipout,
  denseLocalReparameterization,
  denseReparameterization,
  denseVariationalDropout,
  variational,
  type ConvVariationalArgs,
  type DenseVariationalArgs,
} from './makers.js';
export {type DropoutRates, type PosteriorConfig, type PosteriorName} from './posterior.js';
export {VariationalLayer} from './variationalLayer.js';
export {type WeightPrior, type WeightPriorName} from './weightPrior.js';
