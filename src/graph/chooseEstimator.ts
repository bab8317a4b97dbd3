/** Which estimator a random node has. */
import {check, fail} from '../util/errors.js';
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
              'estimator must be an estimator, its name, a function (node, value, cost) => Tensor, or null',
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
