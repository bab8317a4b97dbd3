/**
 * What an optimizer of tfjs remembers from step to step, all of it and to the bit. tfjs's own `getWeights` leaves out the
 * powers of β that Adam multiplies step by step, and does not serve Adamax at all.
 */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {isVariable} from '../util/tensors.js';
import type {NamedTensor} from './namedGradients.js';

/** A variable that an optimizer keeps, and where. */
interface Moment {
  readonly field: string;
  /** Its position in a list of one for each variable that is trained; null where the field holds it alone. */
  readonly at: number | null;
  readonly variable: tf.Variable;
}

/** How tfjs's optimizers keep one moment for each variable. */
interface MomentEntry {
  readonly originalName: string;
  readonly variable: tf.Variable;
}

const fieldsOf = (optimizer: tf.Optimizer): Record<string, unknown> => optimizer as unknown as Record<string, unknown>; // tfjs declares them private

/** The variables in the fields of an optimizer. */
export function momentsOf(optimizer: tf.Optimizer): Moment[] {
  return Object.entries(fieldsOf(optimizer)).flatMap(([field, value]): Moment[] => {
    if (isVariable(value)) return [{field, at: null, variable: value}];
    if (!Array.isArray(value)) return [];
    return (value as Array<Partial<MomentEntry> | null | undefined>).flatMap((entry, at) =>
      isVariable(entry?.variable) ? [{field, at, variable: entry.variable}] : [],
    );
  });
}

/** Whether all that the optimizer keeps lies in its fields, as it does in tfjs's own. */
const isPlain = (optimizer: tf.Optimizer): boolean =>
  momentsOf(optimizer).length > 0 || OF_TFJS.includes(optimizer.getClassName());

const OF_TFJS = ['SGD', 'Momentum', 'RMSProp', 'Adagrad', 'Adadelta', 'Adam', 'Adamax'];

/** Its state but for the number of steps, each name behind `prefix`. */
export async function saveOptimizer(optimizer: tf.Optimizer, prefix: string): Promise<NamedTensor[]> {
  if (!isPlain(optimizer))
    return (await optimizer.getWeights()).map(({name, tensor}) => ({name: prefix + name, tensor}));
  return momentsOf(optimizer).map(({field, at, variable}) => ({
    name: prefix + (at === null ? field : `${field}/${at}`),
    tensor: variable,
  }));
}

/**
 * Takes over what `saveOptimizer` gave; nothing of the tensors is kept.
 * @param count how many variables it has met
 * @throws unless they are the state of an optimizer of this class
 */
export async function loadOptimizer(
  who: string,
  optimizer: tf.Optimizer,
  saved: readonly NamedTensor[],
  count: number,
): Promise<void> {
  if (!isPlain(optimizer)) {
    if (saved.length > 0) await optimizer.setWeights([...saved]);
    return;
  }
  const fields = fieldsOf(optimizer);
  const kind = optimizer.getClassName();
  const alone: Array<{variable: tf.Variable; tensor: tf.Tensor}> = [];
  const lists = new Map<string, tf.Tensor[]>();
  for (const {name, tensor} of saved) {
    const [field = '', at, ...rest] = name.split('/');
    const held = Object.hasOwn(fields, field) ? fields[field] : undefined;
    const isAlone = isVariable(held) && at === undefined;
    const place = Number(at);
    check(
      isAlone || (Array.isArray(held) && rest.length === 0 && Number.isInteger(place) && place >= 0 && place < count),
      who,
      `${kind} keeps nothing of the name`,
      name,
    );
    await checkMoment(who, `${kind}: ${name}`, tensor);
    if (isVariable(held)) {
      check(tensor.rank === 0, who, `${kind}: ${name} must be a number`, tensor);
      alone.push({variable: held, tensor});
    } else {
      const list = lists.get(field) ?? [];
      lists.set(field, list);
      check(list[place] === undefined, who, `${kind} keeps one tensor of the name`, name);
      list[place] = tensor;
    }
  }
  for (const {field, at} of momentsOf(optimizer))
    check(at !== null || saved.some(({name}) => name === field), who, `${kind} must find what it keeps as`, field);
  for (const [field, list] of lists)
    check(list.filter(Boolean).length === count, who, `${kind} must find ${count} tensors for ${field}`, list.length);
  alone.forEach(({variable, tensor}) => variable.assign(tensor));
  for (const {field, at, variable} of momentsOf(optimizer)) {
    if (at === null) continue;
    variable.dispose();
    fields[field] = [];
  }
  for (const [field, list] of lists)
    fields[field] = list.map((tensor, i): MomentEntry => ({
      originalName: `${field}/${i}`,
      variable: tf.variable(tensor, false),
    }));
}

async function checkMoment(who: string, what: string, tensor: tf.Tensor): Promise<void> {
  check(tensor.dtype === 'float32', who, `${what} must hold floats`, tensor.dtype);
  const values = await tensor.data<'float32'>();
  const bad = values.find(v => !Number.isFinite(v));
  check(bad === undefined, who, `${what} must be finite`, bad);
}
