/** The exact gradient of a program, where all outcomes of its random nodes can be gone through. */
import {check, fail} from '../util/errors.js';
import {foldIn, type Key} from '../keys/key.js';
import {checkCosts} from '../graph/checkCosts.js';
import type {Estimator} from '../graph/estimator.js';
import {influencedNodes} from '../graph/influence.js';
import {readTape} from '../graph/tape.js';
import {enumerate} from '../estimators/enumerate.js';
import {WHO, type Audit} from './auditOptions.js';
import {flatGradient, type Step} from './gradientSamples.js';

/** The most outcomes of a whole program. */
const MOST_OUTCOMES = 1 << 16;
/** Runs with different random numbers; what is exact depends on none. */
const RUNS = 3;

/**
 * The gradient with every node enumerated, flat.
 * @throws where it would not be exact, with the reason: a node that cannot be enumerated or has another estimator,
 * several samples in one node, whose costs may mix them, too many outcomes, or other randomness
 */
export async function enumeratedGradient({
  program,
  variables,
  key,
}: Pick<Audit, 'program' | 'variables' | 'key'>): Promise<Float32Array> {
  const {estimator, begin} = countingEnumerate();
  const step: Step = {program, variables, estimator, onRun: costs => checkNodes(costs, estimator)};
  const run = async (k: Key): Promise<Float32Array> => {
    begin();
    const gradient = flatGradient(step, k);
    const numbers = (await gradient.data()) as Float32Array; // gradients are floats
    gradient.dispose();
    return numbers;
  };
  const found = await run(foldIn(key, 0));
  check(found.every(Number.isFinite), WHO, 'the gradient by enumeration must be finite');
  for (let i = 1; i < RUNS; i++) {
    const again = await run(foldIn(key, i));
    check(
      again.every((g, j) => Math.abs(g - found[j]!) <= 1e-4 * Math.max(1, Math.abs(found[j]!))),
      WHO,
      'the program has randomness beside its enumerated nodes',
    );
  }
  return found;
}

/** `enumerate`, which stops before the outcomes become too many. */
function countingEnumerate(): {estimator: Estimator; begin: () => void} {
  const base = enumerate({limit: MOST_OUTCOMES});
  let outcomes = 1;
  const estimator: Estimator = {
    ...base,
    draw(distribution, sampleShape, key) {
      const [values, ...others] = sampleShape as [number, ...number[]]; // its own axis comes first
      check(
        others.every(d => d === 1),
        WHO,
        'a node takes several samples, which the program may compare; one sample of each node can be enumerated',
      );
      outcomes *= values;
      check(
        outcomes <= MOST_OUTCOMES,
        WHO,
        `at most ${MOST_OUTCOMES} outcomes are enumerated, and the program has more`,
      );
      return base.draw!(distribution, sampleShape, key); // enumerate draws in its own way
    },
  };
  return {estimator, begin: () => void (outcomes = 1)};
}

/** Every node with a surrogate term is to be enumerated. */
function checkNodes(costs: unknown, estimator: Estimator): void {
  for (const {link} of influencedNodes(readTape(WHO), checkCosts(WHO, costs))) {
    if (link.term !== null && link.term.estimator !== estimator) {
      fail(
        WHO,
        `node ${JSON.stringify(link.node.name)} has an estimator of its own, ` +
          `${JSON.stringify(link.term.estimator.name)}`,
      );
    }
  }
}
