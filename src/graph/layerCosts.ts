/**
 * Costs that layers of a model have beside its losses: the divergence from a prior, a penalty. They are filed in the
 * forward pass, and handed over once to whoever makes the loss.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkBoolean, checkFunction, checkKeys, checkObject, checkText} from '../util/options.js';
import {checkTensor} from '../util/numbers.js';
import {isTensor} from '../util/tensors.js';
import {sumOfMeans} from './surrogateLoss.js';
import {inGradientScope, outlive} from './tape.js';
import {noteCost} from './untakenCosts.js';

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
  /**
   * Whether the layer has this cost once, however often it is used in a pass of the model, as that of its weights:
   * costs of one name then count with their mean. Default false, each use counts.
   */
  once?: boolean;
}

interface Entry {
  readonly name: string;
  readonly cost: tf.Tensor;
  readonly report: tf.Tensor;
  readonly once: boolean;
  isTaken: boolean;
}

/** Who added costs since somebody hears them outside gradient scopes; null while nobody does. */
let heard: Set<LayerCosts> | null = null;

/** What `hearCosts` gives. */
export interface HeardCosts<T> {
  /** What the function gave. */
  readonly value: T;
  /** Whether a layer added a cost in it. */
  readonly isHeard: boolean;
}

/**
 * Runs `fn`, a pass of a model in evaluation say: the costs that layers add in it count though no gradient is taken, and
 * are there for whoever takes them, as long as the outermost `tf.tidy` lasts.
 */
export function hearCosts<T>(fn: () => T): HeardCosts<T> {
  checkFunction('hearCosts', 'fn', fn);
  const before = heard;
  const layers = (heard = new Set());
  try {
    return {value: fn(), isHeard: layers.size > 0};
  } finally {
    heard = before;
  }
}

/** The costs of one layer in the pass that is going on. */
export class LayerCosts {
  #entries: Entry[] = [];
  /** Whether somebody reads the costs of passes without gradients. */
  #isWatched = false;
  readonly #layer: string;

  constructor(layer: CostLayer) {
    this.#layer = layer.name;
    layer.addLoss(() =>
      tf.tidy(() => {
        const costs = this.take();
        return costs.length === 0 ? tf.scalar(0) : sumOfMeans(costs);
      }),
    );
  }

  /** Whether anybody hears of a cost that is added now: in a gradient scope always, outside where reports are made. */
  get isWanted(): boolean {
    return this.#isWatched || heard !== null || inGradientScope();
  }

  /** Whether costs count outside gradient scopes because of `watch`. */
  get isWatched(): boolean {
    return this.#isWatched;
  }

  /** From now on costs count outside gradient scopes as well, where `model.evaluate` works. */
  watch(): void {
    this.#isWatched = true;
  }

  /** Files a cost under a name; see `addCost`. */
  add(cost: tf.Tensor, name: string, report: tf.Tensor, once = false): void {
    if (!this.isWanted) return;
    if (heard !== null && !heard.has(this)) {
      for (const entry of this.#entries) entry.isTaken = true; // left by a pass that failed
      heard.add(this);
    }
    const given = report === cost || !this.#isWatched ? [cost] : [cost, report]; // nobody reads it unless told to
    const outliving = outlive(given);
    if (outliving === null) return; // nobody will be there to read it
    const [kept, shown = kept] = outliving as [tf.Tensor, tf.Tensor?]; // as many as were given
    // costs that were handed over belong to a pass that is over
    this.#entries = this.#alive().filter(entry => !entry.isTaken);
    const entry: Entry = {name, cost: kept, report: shown, once, isTaken: false};
    this.#entries.push(entry);
    noteCost(this.#layer, entry);
  }

  /** Whether a cost of this name was added in this gradient scope, and has not been handed over. */
  isPending(name: string): boolean {
    return inGradientScope() && this.#alive().some(entry => entry.name === name && !entry.isTaken);
  }

  /**
   * The costs that nobody has taken yet, once: a layer that is used several times in a pass hands over all of them at
   * the first time.
   * @param since those of tensors made after this one
   * @param which those that it is true of; default all
   */
  take(since?: tf.Tensor, which: (cost: tf.Tensor) => boolean = () => true): tf.Tensor[] {
    const found = this.#of(since).filter(entry => !entry.isTaken && which(entry.cost));
    for (const entry of found) entry.isTaken = true;
    return eachOnce(found, ({cost}) => cost);
  }

  /** What is to be shown of the costs of a name, whether they were taken or not. */
  reports(name: string, since?: tf.Tensor): tf.Tensor[] {
    const found = this.#of(since).filter(entry => entry.name === name);
    return eachOnce(found, ({report}) => report);
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

/** One tensor for each entry, but for those that a layer has once: of those the mean, for each name. */
function eachOnce(entries: readonly Entry[], tensorOf: (entry: Entry) => tf.Tensor): tf.Tensor[] {
  const uses = new Map<string, tf.Tensor[]>();
  const found: tf.Tensor[] = [];
  for (const entry of entries) {
    if (!entry.once) found.push(tensorOf(entry));
    else uses.set(entry.name, [...(uses.get(entry.name) ?? []), tensorOf(entry)]);
  }
  for (const list of uses.values()) found.push(list.length === 1 ? list[0]! : tf.div(tf.addN(list), list.length));
  return found;
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
 * on what it computes, say. Each call adds one, also of a layer that is shared or in `timeDistributed`, unless the layer
 * has it `once`. The cost is credited, like a loss, to the draws upstream of it, example by example. In a pass without gradients it counts for the
 * reports that were asked for, and for nothing else.
 *
 * @param cost of shape `[sample…, batch]`, or a scalar
 * @throws unless the layer has `addLoss` and the cost is a tensor of real numbers that is alive
 */
export function addCost(layer: CostLayer, cost: tf.Tensor, options: AddCostOptions = {}): void {
  const who = 'addCost';
  checkObject(who, 'the layer', layer);
  checkFunction(who, 'addLoss of the layer', layer.addLoss);
  checkText(who, 'name of the layer', layer.name);
  checkKeys(who, options, ['name', 'report', 'once']);
  const {name = 'cost', report = cost, once = false} = options;
  checkText(who, 'name', name);
  checkBoolean(who, 'once', once);
  const about = `${who}: layer ${JSON.stringify(layer.name)}`;
  for (const [what, t] of Object.entries({'the cost': cost, report})) {
    check(isTensor(t), about, `${what} must be a tensor`, t);
    checkTensor(about, what, t);
  }
  layerCosts(layer).add(cost, name, report, once);
}
