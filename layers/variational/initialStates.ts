/** Recurrent layers that are told their first states: in Keras an argument, or inputs behind the first. */
import type * as tf from '@tensorflow/tfjs-core';
import {InputSpec, RNN, type layers, type SymbolicTensor} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';

type Inputs = tf.Tensor | tf.Tensor[] | SymbolicTensor | SymbolicTensor[];
type Kwargs = Readonly<Record<string, unknown>>;

/** Whether a layer takes first states. */
export function takesStates(layer: layers.Layer): boolean {
  return layer instanceof RNN || layer.getClassName() === 'Bidirectional';
}

/** The states that are given as an argument moved behind the input; throws in the name of `who` where they are too few. */
export function withStates(
  who: string,
  layer: layers.Layer,
  inputs: Inputs,
  {initialState, ...kwargs}: Kwargs,
): {inputs: Inputs; kwargs: Kwargs} {
  if (initialState == null) return {inputs, kwargs};
  st.extension.check(
    takesStates(layer) && [inputs].flat().length === 1,
    who,
    'initialState is of recurrent layers that are given one input',
    layer.getClassName(),
  );
  const all = [inputs, initialState].flat() as tf.Tensor[]; // of either kind, which apply checks
  return {inputs: all, kwargs};
}

/** Throws in the name of `who` unless there are as many states as the layer has. */
export function checkStateCount(who: string, layer: layers.Layer, states: number): void {
  if (states === 0) return;
  const isBoth = !(layer instanceof RNN);
  const rnn = isBoth ? (layer as unknown as {forwardLayer: RNN}).forwardLayer : layer; // a bidirectional one
  const needed = [rnn.cell.stateSize].flat().length * (isBoth ? 2 : 1);
  st.extension.check(states === needed, who, `needs ${needed} initial states`, states);
}

/** What a layer says of its input, for an input with states behind it; states are free. */
export function specsFor(specs: readonly InputSpec[], states: readonly unknown[]): InputSpec[] {
  return [...specs, ...states.map(() => new InputSpec({}))];
}

/** What the layer gives out; states stand behind the input. */
export function callWith(
  layer: layers.Layer,
  inputs: tf.Tensor | tf.Tensor[],
  kwargs: object,
): tf.Tensor | tf.Tensor[] {
  if (!Array.isArray(inputs) || !takesStates(layer) || inputs.length === 1) return layer.call(inputs, kwargs);
  const [x, ...initialState] = inputs;
  return layer.call(x!, {...kwargs, initialState});
}
