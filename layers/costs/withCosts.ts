/** The loss of a model with the costs of its layers in it, and its parts as metrics. */
import * as tf from '@tensorflow/tfjs-core';
import type {layers, LayersModel} from '@tensorflow/tfjs-layers';
import {extension} from 'tfjs-stochastic';
import {costNameOf, KL, OBSERVED} from './costNames.js';
import {layersOf} from './layersOf.js';
import {mendCompile} from './compiledMetrics.js';
import {noteParts, noteOrigin} from './lossFacts.js';
import {underName, type Loss, type LossName} from './readLoss.js';
import {summedFor} from './sumOver.js';
import {isTrainStep, watchTrainSteps} from './trainStep.js';
import {noteWatched, WITH_COSTS} from './watchedLayers.js';

/** What `compile` takes of it. */
export interface LossWithCosts {
  /** The loss and all costs of the layers, of shape `[sample…, batch]`. */
  readonly loss: Loss;
  /**
   * `reconstruction`, the loss alone; `kl`, the divergences unweighted; and where a layer of the model is an
   * `observedValue`, `observed`, −ln p of what was observed, unweighted.
   */
  readonly metrics: Loss[];
}

type Costs = ReturnType<typeof extension.layerCosts>;

/**
 * For `model.compile({optimizer, ...stl.withCosts(loss, model)})`: for each example the loss, summed over everything
 * behind the batch as `sumOver` does, and the costs that the model's layers add (divergences from priors with their
 * weights, and what `st.extension.addCost` was given). `history` and `evaluate` have `reconstruction` and `kl` beside
 * `loss`, and `observed` where the model has an `observedValue`; metrics of one's own stand behind them,
 * `compile({optimizer, ...stl.withCosts(loss, model), metrics})`. Class weights count for the costs of an example too,
 * not for those of the whole batch.
 * In a step of one's own `loss(y, model.apply(x, {training: true}))` has all of them in it as well.
 *
 * In evaluation layers give out what `inference` says, their mean by default; with `inference: 'sample'` the loss
 * there is a sample of exactly what is minimised in training.
 *
 * @param loss a name, or a function whose values are summed as they are: it must take no mean itself, and a scalar is refused
 * @param model the one that is compiled, with all its layers, of one output; for several, write `klMetric(model)` among the metrics
 * @example
 * ```ts
 * const prior = {name: 'Normal', config: {loc: 0, scale: 1}};
 * const model = tf.sequential({
 *   layers: [tf.layers.dense({units: 4, inputShape: [3]}), stl.normal({prior}), tf.layers.dense({units: 3})],
 * });
 * const optimizer = st.stochasticOptimizer(tf.train.adam(1e-3));
 * model.compile({optimizer, ...stl.withCosts('meanSquaredError', model)});
 * const {history} = await model.fit(tf.zeros([8, 3]), tf.zeros([8, 3]), {epochs: 1, verbose: 0});
 * Object.keys(history).sort(); // ["kl", "loss", "reconstruction"]
 * ```
 */
export function withCosts(loss: LossName | Loss, model: LayersModel): LossWithCosts {
  const who = WITH_COSTS;
  const fn = summedFor(who, loss);
  const all = watched(who, model);
  const costs = allCosts(all);
  const outputs = model.outputs?.length ?? 1; // a sequential model may be open still
  extension.check(outputs === 1, who, ONE_OUTPUT, outputs);
  const total: Loss = (yTrue, yPred) => {
    return tf.tidy(() => {
      const each = fn(yTrue, yPred);
      // what is no example's tfjs-layers itself adds in its own steps, whatever the examples weigh
      const which = (cost: tf.Tensor): boolean => !isTrainStep() || cost.rank > 0;
      return costs.flatMap(one => one.take(yTrue, which)).reduce(addAligned, each);
    });
  };
  mendCompile();
  const observes = all.some(layer => costNameOf(layer) === OBSERVED);
  const metrics = [
    underName('reconstruction', (yTrue, yPred) => fn(yTrue, yPred)),
    noteWatched(reportOf(KL, costs), who, model, all),
    ...(observes ? [noteWatched(reportOf(OBSERVED, costs), who, model, all)] : []),
  ];
  const made = noteParts(noteOrigin(underName('withCosts', total), loss), metrics);
  return {loss: noteWatched(made, who, model, all), metrics};
}

/**
 * A metric for `compile` with the divergences of a model's layers from their priors: KL(q ‖ prior) summed over the
 * event, the uses of a layer and the layers, without weights and free bits, of shape `[sample…, batch]`. It is listed
 * as `kl`, in training, validation and `evaluate`.
 * @param model a model, a layer or layers
 */
export function klMetric(model: LayersModel | layers.Layer | ReadonlyArray<layers.Layer>): Loss {
  const who = 'stl.klMetric';
  const all = watched(who, model);
  mendCompile();
  return noteWatched(reportOf(KL, allCosts(all)), who, model, all);
}

/** A metric of the costs of one name. */
function reportOf(name: string, costs: readonly Costs[]): Loss {
  return underName(name, yTrue =>
    tf.tidy(() => costs.flatMap(one => one.reports(name, yTrue)).reduce(addAligned, tf.scalar(0) as tf.Tensor)),
  );
}

/** The layers, whose costs count in evaluation too from now on. */
function watched(who: string, model: LayersModel | layers.Layer | ReadonlyArray<layers.Layer>): layers.Layer[] {
  watchTrainSteps();
  const all = layersOf(who, model);
  for (const one of allCosts(all)) one.watch();
  return all;
}

function allCosts(all: readonly layers.Layer[]): Costs[] {
  return all.map(layer => extension.layerCosts(layer));
}

const ONE_OUTPUT =
  'the model must have one output; of several each has a loss of its own, in place of this write ' +
  'compile({optimizer, loss: {name: stl.sumOver(loss), …}, metrics: [stl.klMetric(model)]})';

/** The sum, example by example; a cost of another number of examples counts with its mean. */
function addAligned(sum: tf.Tensor, cost: tf.Tensor): tf.Tensor {
  const [a, b] = [sum.shape.slice().reverse(), cost.shape.slice().reverse()];
  const fits = a.every((d, i) => d === 1 || (b[i] ?? 1) === 1 || d === b[i]);
  return tf.add(sum, fits ? cost : tf.mean(cost));
}
