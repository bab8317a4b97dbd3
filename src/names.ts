/**
 * Gives estimators and baselines their names, so that models can say `estimator: 'relax'` and be saved with it. Only
 * the main entry imports this file: who imports functions alone pays for those that it uses.
 */
import * as baselines from './baselines/all.js';
import {baselinesElsewhere} from './baselines/baselineNames.js';
import {registerBaselines} from './baselines/registry.js';
import {compile} from './compile/index.js';
import type {byName as critic} from './critics/critic.js';
import * as estimators from './estimators/all.js';
import * as presets from './estimators/presets.js';
import {estimatorsElsewhere} from './graph/estimatorNames.js';
import {registerAll} from './graph/estimatorRegistry.js';
import type {OptionsOf} from './graph/optionsOf.js';
import {useStepCompiler} from './optimizers/stepCompiler.js';

declare module './baselines/registry.js' {
  interface BaselineConfigs extends OptionsOf<typeof baselines> {}
}

declare module './graph/estimatorRegistry.js' {
  interface EstimatorConfigs extends OptionsOf<typeof named & Large> {}
}

/** What names itself where it is used. */
interface Large {
  /** See `critic`. */
  critic: typeof critic;
}

const named = {...estimators, ...presets};

useStepCompiler(compile);
registerBaselines(baselines, baselinesElsewhere);
// every factory checks its own config
registerAll(named, estimatorsElsewhere);
