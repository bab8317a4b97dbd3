/** What plain tfjs is asked for, in a process or on a page of its own. */
import * as tf from '@tensorflow/tfjs-core';
import {byHand, makeModel, type Draws, type StepName, type VaeModel} from '../byHand.js';
import {fitting} from '../fitByHand.js';
import {here, type Contender} from '../measure.js';
import {controlByHand, makeControl} from '../policyByHand.js';

const draws: Draws = {uniform: shape => tf.randomUniform(shape), normal: shape => tf.randomNormal(shape)};

const models = new Map<number, VaeModel>();
const ready = new Map<string, Contender>();

/** The operations by the first word of their names: each makes ready what the others say. */
const kinds: Record<string, (...words: string[]) => Contender> = {
  fit: examples => here(fitting(Number(examples), tf.train.adam(1e-3), [])),
  policy: steps => here(controlByHand(makeControl(Number(steps), draws))),
  step(name, size) {
    const batch = Number(size);
    let model = models.get(batch);
    if (model === undefined) models.set(batch, (model = makeModel(batch, draws)));
    return here(byHand[name as StepName](model, draws)); // as it is asked by bench/step.ts
  },
};

/** Does what a line `REPEATS OPERATION` says: mean milliseconds, or `none`. */
export async function plainAnswer(line: string): Promise<string> {
  const [repeats, ...words] = line.trim().split(' ');
  const operation = words.join(' ');
  let contender = ready.get(operation);
  if (contender === undefined) {
    const make = kinds[words[0]!];
    if (make === undefined) return 'none';
    ready.set(operation, (contender = make(...words.slice(1))));
  }
  return String(await contender(Number(repeats)));
}
