/**
 * Costs that layers of a model have beside its losses: the divergence from a prior, a penalty. They are filed in the
 * forward pass, and handed over once to whoever makes the loss.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkFunction, checkKeys, checkObject, checkText} from '../util/options.js';
import {checkTensor} from '../util/numbers.js';
import {isTensor} from '../util/tensors.js';
import {sumOfMeans} from './surrogateLoss.js';
import {inGradientScope, outlive} from './tape.js';

/** What a layer of tfjs-layers has, as far as costs go. */
export interface CostLayer {
  /** For error messages. */
  readonly name: string;
  /** Told of the function that gives the layer's part of the loss; tfjs-layers asks it in training. */
  readonly addLoss: (loss: () => tf.Scalar) => void;
}

/** What `addCost` takes beside the layer and its cost. */
export interface AddCostOptions {
  /** What reports call it, `kl` say; costs of one name are added up there. Default `cost`. */
  name?: string;
  /** What a report of this name shows, of shape `[sample…, batch…]`; default the cost itself. */
  report?: tf.Tensor;
}

interface Entry {
  readonly name: string;
  readonly cost: tf.Tensor;
  readonly report: tf.Tensor;
  isTaken: boolean;
}

/** The costs of one layer in the pass that is going on. */
export class LayerCosts {
  #entries: Entry[] = [];
  /** Whether somebody reads the costs of passes without gradients. */
  #isWatched = false;

  constructor(layer: CostLayer) {
    layer.addLoss(() =>
      tf.tidy(() => {
        const costs = this.take();
        return costs.length === 0 ? tf.scalar(0) : sumOfMeans(costs);
      }),
    );
  }

  /** Whether anybody hears of a cost that is added now: in a gradient scope always, outside where reports are made. */
  get isWanted(): boolean {
    return this.#isWatched || inGradientScope();
  }

  /** From now on costs count outside gradient scopes as well, where `model.evaluate` works. */
  watch(): void {
    this.#isWatched = true;
  }

  /** Files a cost under a name; see `addCost`. */
  add(cost: tf.Tensor, name: string, report: tf.Tensor): void {
    if (!this.isWanted) return;
    const given = report === cost || !this.#isWatched ? [cost] : [cost, report]; // nobody reads it unless told to
    const outliving = outlive(given);
    if (outliving === null) return; // nobody will be there to read it
    const [kept, shown = kept] = outliving as [tf.Tensor, tf.Tensor?]; // as many as were given
    // costs that were handed over belong to a pass that is over
    this.#entries = this.#alive().filter(entry => !entry.isTaken);
    this.#entries.push({name, cost: kept, report: shown, isTaken: false});
  }

  /**
   * The costs that nobody has taken yet, once: a layer that is used several times in a pass hands over all of them at
   * the first time.
   * @param since those of tensors made after this one
   */
  take(since?: tf.Tensor): tf.Tensor[] {
    const found = this.#of(since).filter(entry => !entry.isTaken);
    for (const entry of found) entry.isTaken = true;
    return found.map(({cost}) => cost);
  }

  /** What is to be shown of the costs of a name, whether they were taken or not. */
  reports(name: string, since?: tf.Tensor): tf.Tensor[] {
    return this.#of(since).flatMap(entry => (entry.name === name ? [entry.report] : []));
  }

  #of(since: tf.Tensor | undefined): Entry[] {
    this.#entries = this.#alive();
    return this.#entries.filter(({cost}) => since === undefined || cost.id > since.id);
  }

  /** Tensors of steps that are over are disposed. */
  #alive(): Entry[] {
    return this.#entries.filter(({cost, report}) => !cost.isDisposed && !report.isDisposed);
  }
}

const byLayer = new WeakMap<CostLayer, LayerCosts>();

/** What `addCost` was given by a layer, to be read and handed over; the same object at each call. */
export function layerCosts(layer: CostLayer): LayerCosts {
  checkObject('layerCosts', 'the layer', layer);
  checkFunction('layerCosts', 'addLoss of the layer', layer.addLoss);
  let costs = byLayer.get(layer);
  if (costs === undefined) byLayer.set(layer, (costs = new LayerCosts(layer)));
  return costs;
}

/**
 * Adds the mean of `cost` to the loss of the model that `layer` is a part of, from inside the layer's `call`: a penalty
 * on what it computes, say. Each call adds one, also of a layer that is shared or in `timeDistributed`. The cost is
 * credited, like a loss, to the draws upstream of it, example by example. In a pass without gradients it counts for the
 * reports that were asked for, and for nothing else.
 *
 * @param cost of shape `[sample…, batch]`, or a scalar
 * @throws unless the layer has `addLoss` and the cost is a tensor of real numbers that is alive
 */
export function addCost(layer: CostLayer, cost: tf.Tensor, options: AddCostOptions = {}): void {
  const who = 'addCost';
  checkObject(who, 'the layer', layer);
  checkFunction(who, 'addLoss of the layer', layer.addLoss);
  checkKeys(who, options, ['name', 'report']);
  const {name = 'cost', report = cost} = options;
  checkText(who, 'name', name);
  const about = `${who}: layer ${JSON.stringify(layer.name)}`;
  for (const [what, t] of Object.entries({'the cost': cost, report})) {
    check(isTensor(t), about, `${what} must be a tensor`, t);
    checkTensor(about, what, t);
  }
  layerCosts(layer).add(cost, name, report);
}
