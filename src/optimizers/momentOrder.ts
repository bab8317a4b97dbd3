/** tfjs's optimizers keep their moments by position: which variable stands where. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {sameShape} from '../util/shapes.js';
import {momentsOf} from './optimizerState.js';

/** The order that was saved: for each position the place of its variable in the list of a step, -1 for none there. */
export interface SavedOrder {
  readonly places: readonly number[];
  /** How many variables that list had. */
  readonly listed: number;
}

/** The names of every variable that an optimizer met, in one order for good. */
export class MomentOrder {
  readonly names = new Set<string>();
  #listed: readonly string[] = [];
  #saved: SavedOrder | null = null;

  /** Forgets the names; those of later steps come in the order of `saved`, where it is given. */
  reset(saved: SavedOrder | null = null): void {
    this.names.clear();
    this.#listed = [];
    this.#saved = saved;
  }

  /** As it would be saved now. */
  get saved(): SavedOrder {
    if (this.#saved !== null) return this.#saved; // nothing was met since
    const place = new Map(this.#listed.map((name, i) => [name, i]));
    return {places: Array.from(this.names, name => place.get(name) ?? -1), listed: this.#listed.length};
  }

  /**
   * Takes in what a step is about: `names` have gradients, `listed` is the list that they are from.
   * @throws if moments were loaded that do not fit these variables
   */
  meet(optimizer: tf.Optimizer, names: readonly string[], listed: readonly string[]): void {
    const saved = this.#saved;
    if (saved !== null) {
      this.#saved = null;
      // a list of another length is another list: then the order of the names is that of the moments
      const isSame = saved.listed === listed.length;
      if (isSame) saved.places.forEach((at, i) => this.names.add(listed[at] ?? `a variable that is gone: ${i}`));
      else listed.forEach(name => this.names.add(name));
      checkFit(optimizer, this.names);
    }
    this.#listed = listed;
    names.forEach(name => this.names.add(name));
  }
}

function checkFit(optimizer: tf.Optimizer, names: ReadonlySet<string>): void {
  const order = [...names];
  for (const {variable: moment, at} of momentsOf(optimizer)) {
    const variable = at === null ? undefined : tf.engine().registeredVariables[order[at] ?? ''];
    check(
      variable === undefined || sameShape(moment.shape, variable.shape),
      'stochasticOptimizer',
      `the moments of ${optimizer.getClassName()} that were loaded must be those of the variables that it trains; ` +
        `one for ${JSON.stringify(variable?.name)} must have shape [${variable?.shape.join(',')}]`,
      [...moment.shape],
    );
  }
}
