/**
 * Recurrent layers that remember from batch to batch (`stateful: true`) keep their states on the host, where an
 * estimator that has the model run again would find those that the first run left. And tfjs-layers takes what a cell
 * gives as it comes: a state of another shape than it says is broadcast, or fails somewhere else.
 */
import {RNN} from '@tensorflow/tfjs-layers';
import type * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {mendMethod} from './mendMethod.js';

/** Fields of tfjs-layers that it declares protected, or not at all. */
interface Remembering {
  readonly stateful: boolean;
  states_: tf.Tensor[] | null;
  keptStates: tf.Tensor[][];
}

/** From now on each run of a model starts from the states that its step started from. */
export function mendRecurrentStates(): void {
  type Call = (this: RNN, ...args: Parameters<RNN['call']>) => ReturnType<RNN['call']>;
  // that of all recurrent layers comes down to it
  mendMethod<Call>(
    RNN,
    'call',
    call =>
      function (...args) {
        const layer = this as unknown as Remembering; // fields of tfjs-layers, private in its types
        if (layer.stateful) {
          st.extension.noteHostState(this, {
            read: () => ({states: [...(layer.states_ ?? [])], kept: [...layer.keptStates]}),
            write: ({states, kept}) => {
              layer.states_ = [...states];
              layer.keptStates = [...kept];
            },
          });
        }
        checkStates(this, [(args[1]?.['initialState'] as tf.Tensor | tf.Tensor[] | undefined) ?? []].flat());
        const {cell} = this;
        const plain = Object.getOwnPropertyDescriptor(cell, 'call');
        const step = cell.call.bind(cell);
        cell.call = (inputs, kwargs) => {
          const given = step(inputs, kwargs);
          if (Array.isArray(given)) checkStates(this, given.slice(1));
          return given;
        };
        try {
          return call.apply(this, args);
        } finally {
          if (plain === undefined) delete (cell as {call?: unknown}).call;
          else Object.defineProperty(cell, 'call', plain);
        }
      },
  );
}

/** States must be those that the cell says, of one length or of several. */
function checkStates({name, cell}: RNN, states: readonly tf.Tensor[]): void {
  const sizes = [cell.stateSize].flat();
  states.forEach((state, i) => {
    const size = sizes[i];
    st.extension.check(
      size === undefined || state.rank > 2 || state.shape[1] === size, // images have more axes
      `layer ${JSON.stringify(name)}`,
      `state ${i} of the cell ${JSON.stringify(cell.name)} must have the shape [batch, ${size}], as its stateSize says`,
      state,
    );
  });
}
