export {expectation, type DistributionRecord, type Drawn, type EstimatorOption, type ExpectationOptions} from './expectation.js';
export {elbo, elboWithLogJoint, type ElboOptions, type ElboWithLogJointOptions} from './elbo.js';
export {ELBOForms, type ELBOForm} from './forms.js';
export {registerPrior, type LatentsWithPriors} from './latents.js';
