/**
 * Losses and metrics that are functions, in files of models that are saved with their optimizer. tfjs-layers loses such a
 * loss, refuses a list of them, and writes metrics by names that it then does not find: such files could not be loaded.
 */
import {LayersModel, type layers} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {layersOf} from './costs/layersOf.js';
import {mendMethod} from './mendMethod.js';
import {drawingOf} from './values/inference.js';

/** A loss or a metric, or some of them by place or by the name of an output. */
type NamedFunctions =
  | string
  | ((...args: never[]) => unknown)
  | readonly NamedFunctions[]
  | {readonly [name: string]: NamedFunctions}
  | null;

/** Fields and methods of a model that tfjs-layers declares protected. */
interface Compiled {
  loss: NamedFunctions;
  metrics: NamedFunctions;
  readonly optimizer: {getClassName(): string};
  readonly outputs: ReadonlyArray<{readonly sourceLayer: {readonly name: string}}>;
  readonly layers: layers.Layer[];
}
interface SavedTraining {
  loss?: NamedFunctions;
  metrics?: NamedFunctions;
}

/** What a function is called in a file; no name of tfjs-layers has a space in it. */
const MARK = 'function ';

/** Functions whose names tfjs-layers finds again among its metrics. */
const FOUND_AGAIN: readonly string[] = [
  'binaryAccuracy',
  'categoricalAccuracy',
  'precision',
  'categoricalCrossentropy',
  'sparseCategoricalCrossentropy',
];

/** From now on a model with random layers that is saved with its optimizer can be loaded, whatever its losses are. */
export function mendTrainingConfig(): void {
  mendMethod<(this: Compiled) => SavedTraining>(
    LayersModel,
    'getTrainingConfig',
    getTrainingConfig =>
      function () {
        const {loss, metrics} = this;
        const named = {
          loss: map(loss, one => (isFunction(one) ? MARK + nameOf(one) : one)),
          metrics: map(metrics, one =>
            !isFunction(one) ? one : FOUND_AGAIN.includes(one.name) ? one.name : MARK + nameOf(one),
          ),
        };
        const isNew = JSON.stringify(named).includes(MARK);
        if (!isNew || !isOurs(this)) return getTrainingConfig.call(this);
        this.loss = this.metrics = []; // it reads neither functions nor lists in lists
        try {
          return {...getTrainingConfig.call(this), ...named};
        } finally {
          this.loss = loss;
          this.metrics = metrics;
        }
      },
  );

  type Load = (this: Compiled, saved: SavedTraining) => void;
  mendMethod<Load>(
    LayersModel,
    'loadTrainingConfig',
    loadTrainingConfig =>
      function (saved) {
        const who = `model ${JSON.stringify((this as {readonly name?: string}).name)}`; // which it has
        checkNames(who, 'loss', saved.loss, 1);
        checkNames(who, 'metrics', saved.metrics, 2);
        const found = (what: string) => (name: NamedFunctions) =>
          typeof name === 'string' && name.startsWith(MARK) ? standIn(this, what, name.slice(MARK.length)) : name;
        const [loss, metrics] = [map(saved.loss, found('loss')), map(saved.metrics, found('metric'))];
        // it takes a function by the name of an output, and no other way
        const names = this.outputs.map(({sourceLayer}) => sourceLayer.name); // sequential models have no outputNames
        const byOutput = typeof loss === 'function' ? Object.fromEntries(names.map(name => [name, loss])) : loss;
        loadTrainingConfig.call(this, {
          ...saved,
          ...(saved.loss === undefined ? {} : {loss: byOutput}),
          ...(saved.metrics === undefined ? {} : {metrics}),
        });
      },
  );
}

/** Files of other models stay as tfjs-layers writes them. */
function isOurs(model: Compiled): boolean {
  return (
    model.optimizer.getClassName() === st.StochasticOptimizer.className || // instanceof says yes of every optimizer
    layersOf('stl', model.layers).some(layer => drawingOf(layer) !== undefined)
  );
}

const isFunction = (one: NamedFunctions): one is (...args: never[]) => unknown => typeof one === 'function';
const nameOf = (fn: {readonly name: string}): string => (fn.name === '' ? 'of no name' : fn.name);

/** Lists of lists by name are the most that `compile` takes. */
const DEPTH = 3;

function map(
  given: NamedFunctions | undefined,
  fn: (one: NamedFunctions) => NamedFunctions,
  depth = 0,
): NamedFunctions {
  if (given === undefined || given === null) return null;
  if (typeof given !== 'object' || depth === DEPTH) return fn(given);
  if (isList(given)) return given.map(one => map(one, fn, depth + 1));
  return Object.fromEntries(Object.entries(given).map(([name, one]) => [name, map(one, fn, depth + 1)]));
}

const isList = (given: object): given is readonly NamedFunctions[] => Array.isArray(given);

/** In a file there are names, alone or as lists and by outputs, of metrics also lists of those; or nothing. */
function checkNames(who: string, what: string, given: unknown, depth: number): void {
  if (given === undefined || given === null) return;
  const isName = (one: unknown, left: number): boolean => {
    if (typeof one !== 'object' || one === null) return typeof one === 'string';
    return left > 0 && Object.values(one).every(inner => isName(inner, left - 1));
  };
  const rule = `the saved ${what} must be a name, or names in a list or by output`;
  st.extension.check(isName(given, depth), who, rule, given);
}

/** In the place of a function that is not there; it takes no arguments by name, for which tfjs-layers asks. */
function standIn({name: model}: Compiled & {readonly name?: string}, what: string, name: string): NamedFunctions {
  const missing = (): never =>
    st.extension.fail(
      `model ${JSON.stringify(model)}`,
      `was saved with the ${what} ${JSON.stringify(name)}, a function, which is not in the file: compile it again, and ` +
        'with the optimizer of the file it goes on where it stopped, model.compile({optimizer: model.optimizer, loss, metrics})',
    );
  return Object.defineProperty(missing, 'name', {value: name});
}
