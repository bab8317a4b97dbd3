/** Where two recordings of one step differ, which tells what of it JavaScript decides anew in each call. */
import {describe} from '../util/errors.js';
import {sameShape} from '../util/shapes.js';
import type {HostArray, KeyWords} from '../util/recorder.js';
import {
  treeLeaves,
  type KernelStep,
  type Origin,
  type ResultLeaf,
  type TracedStep,
  type Trace,
  type TracedTensor,
} from './trace.js';

/** What differs, in words; null where nothing does. */
export function differenceOf(a: Trace, b: Trace): string | null {
  return (
    firstOf(a.steps.length, i => (i < b.steps.length ? stepDifference(a, b, i) : null)) ??
    (a.steps.length === b.steps.length
      ? null
      : `it runs ${a.steps.length} kernels in one call and ${b.steps.length} in another`) ??
    firstOf(a.tensors.length, i => tensorDifference(a.tensors[i]!, b.tensors[i]!, i)) ??
    keyDifference(a, b) ??
    assignedDifference(a, b) ??
    resultDifference(treeLeaves(a.result), treeLeaves(b.result))
  );
}

function firstOf(n: number, at: (i: number) => string | null): string | null {
  for (let i = 0; i < n; i++) {
    const found = at(i);
    if (found !== null) return found;
  }
  return null;
}

const nameOf = (step: TracedStep): string =>
  ({
    kernel: () => (step as KernelStep).name,
    host: () => 'a draw',
    look: () => 'a look at numbers',
    change: () => 'a change of state',
  })[step.kind]();

function stepDifference(a: Trace, b: Trace, i: number): string | null {
  const [x, y] = [a.steps[i]!, b.steps[i]!];
  if (nameOf(x) !== nameOf(y)) return `its kernel ${i} is ${nameOf(x)} in one call and ${nameOf(y)} in another`;
  if (x.kind === 'change' || y.kind === 'change') return null;
  const places = `the inputs of its kernel ${i}, ${nameOf(x)}, come from other places in another call`;
  if (!sameShape([...x.inputs], [...y.inputs])) return places;
  if (x.kind === 'kernel' && y.kind === 'kernel') {
    if (!sameShape([...x.outputs], [...y.outputs]) || x.key !== y.key) return places;
    return attrsDifference(x, y, i);
  }
  if (x.kind === 'look' && y.kind === 'look') {
    return Object.is(x.found, y.found)
      ? null
      : `what it does depends on numbers or on state that changes from call to call (step ${i})`;
  }
  if (x.kind === 'host' && y.kind === 'host') {
    if (!sameShape([...x.keys], [...y.keys])) return places;
    if (x.inputs.length > 0 || x.keys.length === 0) return null;
    // the same keys must give the same draws: their parameters may be numbers of JavaScript
    const probe = x.keys.map((_, k): KeyWords => [k + 1, 7]);
    return sameNumbers(x.run([], probe), y.run([], probe))
      ? null
      : 'it draws from parameters that are numbers of JavaScript and change from call to call: make them tensors';
  }
  return null;
}

function attrsDifference(x: KernelStep, y: KernelStep, i: number): string | null {
  for (const name of Object.keys({...x.attrs, ...y.attrs})) {
    if (name === 'key' && x.key !== null) continue;
    const [from, to] = [x.attrs?.[name], y.attrs?.[name]];
    if (!isSame(from, to))
      return `the attribute ${name} of its kernel ${i}, ${x.name}, changes from call to call, from ${describe(from)} to ${describe(to)}`;
  }
  return null;
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every(name => isSame((a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]))
  );
}

function tensorDifference(a: TracedTensor, b: TracedTensor, i: number): string | null {
  const what = `a tensor of shape [${a.shape.join(',')}]`;
  if (!sameShape([...a.shape], [...b.shape]) || a.dtype !== b.dtype)
    return `${what} and dtype ${a.dtype} has shape [${b.shape.join(',')}] and dtype ${b.dtype} in another call`;
  return originDifference(a.origin, b.origin, `${what} (its tensor ${i})`);
}

function originDifference(a: Origin, b: Origin, what: string): string | null {
  if (a.kind === 'constant' && b.kind === 'constant') {
    if (sameNumbers(a.values, b.values)) return null;
    return `${what} is made of numbers that change from call to call${firstChange(a.values, b.values)}: pass it as an argument, or keep it in a tf.Variable`;
  }
  if (a.kind === 'captured' && b.kind === 'captured')
    return a.tensor === b.tensor
      ? null
      : `${what} from outside is another in another call: pass it as an argument, or keep it in a tf.Variable`;
  const isSameKind =
    a.kind === b.kind &&
    (a.kind !== 'argument' || a.at === (b as typeof a).at) &&
    (a.kind !== 'variable' || a.variable === (b as typeof a).variable);
  return isSameKind ? null : `${what} is ${a.kind} in one call and ${b.kind} in another`;
}

function firstChange(a: ArrayLike<unknown>, b: ArrayLike<unknown>): string {
  for (let i = 0; i < Math.min(a.length, b.length); i++)
    if (!Object.is(a[i], b[i])) return `, such as ${describe(a[i])} and then ${describe(b[i])}`;
  return '';
}

function sameNumbers(a: ArrayLike<unknown> | HostArray, b: ArrayLike<unknown> | HostArray): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i]) && !isSame(a[i], b[i])) return false;
  return true;
}

function keyDifference(a: Trace, b: Trace): string | null {
  const another = 'its keys are made in another way in another call';
  if (a.keys.length !== b.keys.length || a.keySteps.length !== b.keySteps.length || a.advance !== b.advance)
    return another;
  for (const [i, x] of a.keySteps.entries()) {
    const y = b.keySteps[i]!;
    if (x.parent !== y.parent) return another;
    if (x.how !== y.how)
      return `it makes a key by "${x.how}" in one call and by "${y.how}" in another: make the key outside and pass it as an argument`;
  }
  for (const [i, x] of a.keys.entries()) {
    const y = b.keys[i]!;
    if (x.kind === 'constant' && y.kind === 'constant' && (x.words[0] !== y.words[0] || x.words[1] !== y.words[1]))
      return 'it draws with a key that changes from call to call: pass the key as an argument';
    if (x.kind !== y.kind || (x.kind === 'stream' && x.ahead !== (y as typeof x).ahead)) return another;
  }
  return null;
}

function assignedDifference(a: Trace, b: Trace): string | null {
  const same =
    a.assigned.size === b.assigned.size && [...a.assigned].every(([variable, at]) => b.assigned.get(variable) === at);
  return same ? null : 'it assigns other variables, or other values, in another call';
}

function resultDifference(a: readonly ResultLeaf[], b: readonly ResultLeaf[]): string | null {
  const same =
    a.length === b.length &&
    a.every((x, i) => {
      const y = b[i]!;
      if (x.kind === 'tensor') return y.kind === 'tensor' && x.at === y.at && x.object === y.object;
      if (x.kind === 'key') return y.kind === 'key' && x.at === y.at;
      return y.kind === 'same' && Object.is(x.value, y.value);
    });
  return same ? null : 'what it returns beside tensors, or its structure, changes from call to call';
}
