/**
 * Recurrent layers that remember from batch to batch (`stateful: true`) keep their states on the host, where an
 * estimator that has the model run again would find those that the first run left.
 */
import {RNN} from '@tensorflow/tfjs-layers';
import type * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';

/** Fields of tfjs-layers that it declares protected, or not at all. */
interface Remembering {
  readonly stateful: boolean;
  states_: tf.Tensor[] | null;
  keptStates: tf.Tensor[][];
}

const mended = new WeakSet<object>();

/** From now on each run of a model starts from the states that its step started from. */
export function mendRecurrentStates(): void {
  if (mended.has(RNN.prototype)) return;
  mended.add(RNN.prototype);
  const {call} = RNN.prototype; // that of all recurrent layers comes down to it
  RNN.prototype.call = function (this: RNN, ...args: Parameters<RNN['call']>): ReturnType<RNN['call']> {
    const layer = this as unknown as Remembering;
    if (layer.stateful) {
      st.extension.noteHostState(this, {
        read: () => ({states: [...(layer.states_ ?? [])], kept: [...layer.keptStates]}),
        write: ({states, kept}) => {
          layer.states_ = [...states];
          layer.keptStates = [...kept];
        },
      });
    }
    return call.apply(this, args);
  };
}
