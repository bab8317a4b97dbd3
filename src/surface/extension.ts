/**
 * What estimators, distributions, layers and adapters of one's own are made with, beside the interfaces that they
 * implement: `st.extension`. The adapters that come with this library are made with nothing else. Users of models need
 * none of it.
 *
 * Errors in the one form `who: rule, got what`: `check` and `fail`, and for what users configure by name `checkKeys`,
 * `checkCount`, `isNameIn`, `failUnknown` and `synonyms`. In gradient scopes: `persist` and `refuseGradient`. For
 * estimators that subtract a baseline: `readBaseline`.
 */
export {readBaseline} from '../baselines/registry.js';
export {persist, refuseGradient} from '../graph/tape.js';
export {check, checkCount, checkKeys, fail, failUnknown, isNameIn, synonyms} from '../util/errors.js';
