/**
 * Samples in turn: where the code between a node and the cost takes a batch of examples and nothing else, as most
 * layers do, it runs once for each of the node's samples. The costs of all passes are stacked, and the tape says which
 * sample each of them is of.
 */
import {checkFunction} from '../util/options.js';
import {currentRun} from './run.js';
import type {StochasticTensor} from './stochasticTensor.js';
import {Turns, type InTurn} from './turns.js';

/**
 * The sample of a node that the code is to go on with, `[batch…, event…]`: the code runs once for each. In a gradient
 * scope whose code cannot run again it is the node's value, with its samples in front.
 * @param make makes the node; not called in a pass that only sees another of its samples
 * @throws unless it is a function
 */
export function sampleInTurn(make: () => StochasticTensor): InTurn {
  checkFunction('sampleInTurn', 'the argument', make, 'that makes a node');
  const run = currentRun();
  if (run === null || !run.canRunAgain) return {value: make().value, all: null};
  run.turns ??= new Turns(run.keys);
  return run.turns.take(make);
}
