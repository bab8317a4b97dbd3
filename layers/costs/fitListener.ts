/** What layers with a divergence hear when `fit` begins, and what users are told then. */
import * as tf from '@tensorflow/tfjs-core';
import {Callback, registerCallbackConstructor, type layers, type LayersModel} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {lookAgain} from './hiddenCosts.js';
import type {ReadKlWeight} from './klWeight.js';
import {layersOf} from './layersOf.js';
import {hasScalarLoss, isOfDistribution, lossesOf, meanSize} from './lossFacts.js';
import {costNameOf, OBSERVED} from './costNames.js';
import {drawingOf} from '../values/inference.js';

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

  override async onEpochEnd(epoch: number, logs?: Record<string, unknown>): Promise<void> {
    const {model} = this;
    if (hasScalarLoss(model)) tellOfScalar(model);
    const reason = reasonOfInfinity(model);
    if (reason === null || told.get(model)?.has('support') === true) return;
    const loss = logs?.['loss']; // a number, or a tensor that fit reads at its end
    const value = loss instanceof tf.Tensor ? (await loss.data())[0] : loss;
    if (typeof value !== 'number' || Number.isFinite(value)) return;
    warnOf(model, 'support', `fit: the loss of epoch ${epoch} is ${value}; ${reason}`);
  }
}

/**
 * What makes a loss of a model infinite that is −ln p: in brackets the families; null of one that is none.
 */
export function reasonOfInfinity(model: LayersModel): string | null {
  const ofOutputs = lossesOf(model.loss, model.outputNames ?? []).map((loss, i) =>
    isOfDistribution(loss) ? model.outputs[i]!.sourceLayer : null,
  );
  const all = [...ofOutputs, ...layersOf('fit', model).filter(layer => costNameOf(layer) === OBSERVED)];
  const found = all.filter(layer => layer !== null);
  if (found.length === 0) return null;
  const names = found.map(layer => `layer ${JSON.stringify(layer.name)}${familyOf(layer)}`).join(', ');
  return (
    `a target outside the support of its distribution (${names}) has probability 0, and −ln p = Infinity: bits must be ` +
    '0 or 1, counts whole, and what is positive not 0'
  );
}

function familyOf(layer: layers.Layer): string {
  const family = drawingOf(layer)?.family;
  return family === undefined ? '' : `, ${family}`;
}

/** Warns of a thing once for each model. */
function warnOf(model: LayersModel, what: string, message: string): void {
  const known = told.get(model) ?? new Set();
  if (known.has(what)) return;
  told.set(model, known.add(what));
  console.warn(`tfjs-stochastic: ${message}`);
}

function tellOfScalar(model: LayersModel): void {
  const names = layersOf('fit', model).flatMap(layer => {
    const term = terms.get(layer);
    return term === undefined || term.isWeighed || term.isOfWeights ? [] : [JSON.stringify(layer.name)];
  });
  const size = Math.max(...model.outputs.map(({shape}) => shape.slice(1).reduce<number>((n, d) => n * (d ?? 1), 1)));
  if (names.length === 0 || size === 1 || meanSize(model).size > 1) return; // which was told
  warnOf(
    model,
    'scalar',
    `the divergence of layer ${names.join(', ')} is a sum, and the loss one number for the whole batch: if that is a mean ` +
      `over the ${size} values of an example too, the divergence counts ${size} times too much beside it; take a sum, ` +
      'as stl.withCosts does, or give the layer a klWeight',
  );
}

let isListening = false;

/** From now on the divergence of a layer is told of each `fit`. */
export function listenToFit(layer: layers.Layer, term: FitTerm): void {
  terms.set(layer, term);
  listenToAll();
}

/** From now on each `fit` is listened to. */
export function listenToAll(): void {
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
