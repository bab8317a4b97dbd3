/** Which estimator a random node has. */
import {check, describe, fail} from '../util/errors.js';
import type {Distribution} from '../distributions/distribution.js';
import {pathwiseByDefault, scoreByDefault} from './defaultEstimators.js';
import {isEstimator, type Estimator, type LossFunction} from './estimator.js';
import {sharedEstimator} from './estimatorStore.js';
import {lossFunctionEstimator} from './lossFunction.js';
import type {ValueType} from './valueTypes.js';

/** Resolves the `estimator` option and checks that it can serve the distribution. */
export function chooseEstimator(
  who: string,
  q: Distribution,
  option: Estimator | LossFunction | string | null | undefined,
  valueType: ValueType,
): Estimator | null {
  if (option === null) return null;
  const byDefault = q.isReparameterized && !valueType.stopGradient ? pathwiseByDefault : scoreByDefault;
  const chosen = option ?? byDefault;
  const estimator =
    typeof chosen === 'string'
      ? sharedEstimator(who, chosen)
      : isEstimator(chosen)
        ? chosen
        : typeof chosen === 'function'
          ? lossFunctionEstimator(chosen)
          : fail(
              who,
              `estimator must be an estimator, its name, a function (node, value, cost) => Tensor, or null${savedHint(chosen)}`,
              chosen,
            );
  if (valueType.kind === 'mean') return null;
  check(
    estimator.requires.accepts(q),
    who,
    `estimator ${JSON.stringify(estimator.name)} needs ${estimator.requires.rule}, got ${q.familyName}`,
  );
  check(
    !(estimator.differentiable && valueType.stopGradient),
    who,
    `estimator ${JSON.stringify(estimator.name)} needs the gradient that the value type stops; leave ` +
      'stopGradient out or choose another estimator',
  );
  return estimator;
}

/** What to do with `{name, config}`, as layers take it: an estimator made anew in each step would forget its state. */
function savedHint(given: {readonly name?: unknown} | null): string {
  const isSaved = Object.keys(given ?? {}).every(key => key === 'name' || key === 'config');
  const name = given?.name;
  if (!isSaved || typeof name !== 'string') return '';
  return `; one with options is made once, outside the step: estimators.get(${describe(name)}, config)`;
}
