/**
 * What estimators, distributions, layers and adapters of one's own are made with, beside the interfaces that they
 * implement: `st.extension`. The adapters that come with this library are made with nothing else. Users of models need
 * none of it.
 *
 * Errors in the one form `who: rule, got what`: `check` and `fail`; of options `checkKeys`, `checkNumber`, `checkInteger`,
 * `checkCount`, `checkBoolean`, `checkOneOf`, `checkText`, `checkFunction` and `checkObject`; of names `isNameIn`,
 * `failUnknown` and `synonyms`. In gradient scopes: `inGradientScope` and `currentTape` (whether there is one, and which),
 * `persist`, `outlive`, `refuseGradient`, `sampleInTurn` for code that takes one sample at a time, `noteHostState` for
 * code that changes something on the host, and `keptByFailedStep`; `readsAtOnce` says whether the backend's memory is the
 * host's, `recorder` who records the step (`compile`), to be told of numbers that the host keeps from step to step. In
 * layers: `addCost` adds to the model's loss, `layerCosts` reads what was added, `hearCosts` has it count in
 * evaluation; `isEstimator` knows what nodes take. For estimators that subtract a baseline: `readBaseline`; for those that
 * remember something of each node, so that it is saved with models: `StatesOf`.
 */
export {readBaseline} from '../baselines/registry.js';
export {
  addCost,
  hearCosts,
  layerCosts,
  type AddCostOptions,
  type CostLayer,
  type HeardCosts,
  type LayerCosts,
} from '../graph/layerCosts.js';
export {currentTape, inGradientScope, outlive, persist, refuseGradient} from '../graph/tape.js';
export {keptByFailedStep} from '../graph/failedStep.js';
export {isEstimator} from '../graph/estimator.js';
export {StatesOf, type StateKind} from '../graph/nodeStates.js';
export {sampleInTurn} from '../graph/samplesInTurn.js';
export {noteHostState} from '../graph/run.js';
export type {HostState} from '../graph/hostStates.js';
export type {InTurn} from '../graph/turns.js';
export {check, fail, failUnknown, isNameIn, synonyms} from '../util/errors.js';
export {
  checkBoolean,
  checkCount,
  checkFunction,
  checkInteger,
  checkKeys,
  checkObject,
  checkOneOf,
  checkText,
} from '../util/options.js';
export {recorder, type HostArray, type HostWork, type KeyWords, type Recorder} from '../util/recorder.js';
export {readsAtOnce} from '../math/finite.js';
export {checkNumber} from '../constraints/check.js';
