/** A tape without gradients: for values that are to be the same outside a gradient scope as inside. */
import * as tf from '@tensorflow/tfjs-core';
import {Ambient} from '../util/ambient.js';
import {withFrozenState} from './estimatorStore.js';
import {disposeAbandonedTape, scopeDepth} from './tape.js';

/** The depth of the open value scope, 0 for none. */
const openAt = new Ambient(0);

/** Whether the innermost scope is one of `valueScope`, so that nobody will ask for gradients. */
export function inValueScope(): boolean {
  return openAt.now > 0 && scopeDepth() === openAt.now;
}

/**
 * What `fn` gives, computed with a tape that tells which draws bear on what and which sample axes are taken, and with
 * the state of estimators frozen. It is a gradient scope to all that runs inside, but nothing is differentiated.
 */
export function valueScope(fn: () => tf.Tensor): tf.Tensor {
  const nothing = tf.scalar(0);
  try {
    // The engine opens a scope only to differentiate; what `fn` gives does not depend on this, so there is nothing to
    // do.
    return tf
      .engine()
      .gradients(
        () => openAt.with('a value scope', scopeDepth(), () => withFrozenState(fn)),
        [nothing],
        undefined,
        true,
      ).value;
  } catch (error) {
    disposeAbandonedTape();
    throw error;
  } finally {
    nothing.dispose();
  }
}
