export {expectation, type DistributionRecord, type Drawn, type EstimatorOption, type ExpectationOptions} from './expectation.js';
