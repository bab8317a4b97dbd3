/** What layers with a divergence hear when `fit` begins, and what users are told then. */
import {Callback, registerCallbackConstructor, type layers, type LayersModel} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {lookAgain} from './hiddenCosts.js';
import type {ReadKlWeight} from './klWeight.js';
import {layersOf} from './layersOf.js';
import {meanSize} from './lossFacts.js';

/** What is told how many examples `fit` is given. */
export interface FitTerm {
  /** How many examples `fit` was given; null before. */
  examples: number | null;
  /** What the divergence counts. */
  readonly weight: ReadKlWeight;
  /** Whether the user said what it counts. */
  readonly isWeighed: boolean;
  /** Whether it is that of weights, which a layer has once, for all uses and examples. */
  readonly isOfWeights: boolean;
}

const terms = new WeakMap<layers.Layer, FitTerm>();

/** tfjs makes one of these for each `fit` and `fitDataset`, whatever its verbosity. */
class FitListener extends Callback {
  override onTrainBegin(): Promise<void> {
    const {model} = this; // told before training begins
    lookAgain(model);
    const {samples} = this.params as {samples?: unknown}; // as fit gives them
    const found = layersOf('fit', model).flatMap(layer => {
      const term = terms.get(layer);
      return term === undefined ? [] : [{name: JSON.stringify(layer.name), term}];
    });
    for (const {name, term} of found) {
      extension.check(
        typeof samples === 'number' || term.weight !== 'perExample',
        'fitDataset',
        `layer ${name}: klWeight 'perExample' divides by the number of examples, which a dataset does not tell; ` +
          'give klWeight {perExample: n}, n examples in all',
      );
      term.examples = typeof samples === 'number' ? samples : null;
    }
    if (found.length > 0) tell(model, found);
    return Promise.resolve();
  }
}

let isListening = false;

/** From now on the divergence of a layer is told of each `fit`. */
export function listenToFit(layer: layers.Layer, term: FitTerm): void {
  terms.set(layer, term);
  if (isListening) return;
  isListening = true;
  registerCallbackConstructor(0, FitListener); // 0: also where `verbose` is
}

/** The models, and what their users were told of. */
const told = new WeakMap<LayersModel, Set<string>>();

/** Says once for each model what its user hardly meant. */
function tell(model: LayersModel, found: ReadonlyArray<{readonly name: string; readonly term: FitTerm}>): void {
  const warn = (what: string, names: readonly string[], message: (layers: string) => string): void => {
    const known = told.get(model) ?? new Set();
    told.set(model, known.add(what));
    if (names.length > 0) console.warn(`tfjs-stochastic: ${message(`layer ${names.join(', ')}`)}`);
  };
  const isNew = (what: string): boolean => told.get(model)?.has(what) !== true;
  const unweighed = found.filter(({term}) => !term.isWeighed);
  const {loss, size, sum} = meanSize(model);
  if (size > 1 && isNew('mean')) {
    warn(
      'mean',
      unweighed.filter(({term}) => !term.isOfWeights).map(({name}) => name),
      layers =>
        `the divergence of ${layers} is a sum, and ${loss} the mean over the ${size} values of an example, beside ` +
        `which it counts ${size} times too much; take a sum as the loss${sum}, or give the layer a klWeight`,
    );
  }
  if (isNew('examples')) {
    warn(
      'examples',
      unweighed.filter(({term}) => term.isOfWeights).map(({name}) => name),
      layers =>
        `the divergence of ${layers} is of what all examples share, and counts in full beside the mean loss of one ` +
        "example; klWeight: 'perExample' divides it by the number of examples",
    );
  }
}
