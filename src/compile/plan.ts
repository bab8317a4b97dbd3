/** From a recording to what is run: what nobody asks for is left out, what never changes is computed once. */
import * as tf from '@tensorflow/tfjs-core';
import {treeLeaves, type KernelStep, type TracedStep, type Trace} from './trace.js';

/** A tensor that is another one's data under a shape of its own. */
export interface AliasStep {
  readonly kind: 'alias';
  readonly from: number;
  readonly to: number;
}

/** A step, and the tensors that nobody needs after it. */
export interface PlannedStep {
  readonly step: TracedStep | AliasStep;
  readonly frees: readonly number[];
}

export interface Plan {
  readonly trace: Trace;
  /** Run once. */
  readonly prologue: readonly KernelStep[];
  /** Tensors that the prologue makes and `steps` need. */
  readonly folded: readonly number[];
  readonly steps: readonly PlannedStep[];
  /** Tensors that a call makes and that outlive its steps. */
  readonly lasting: readonly number[];
}

export function planTrace(trace: Trace): Plan {
  const needed = neededOf(trace);
  const wanted = trace.steps.filter((step, i) => needed.steps.has(i) && step.kind !== undefined);
  const constant = new Set(
    trace.tensors.flatMap(({origin}, i) => (origin.kind === 'constant' || origin.kind === 'captured' ? [i] : [])),
  );
  const prologue: KernelStep[] = [];
  const steps: Array<TracedStep | AliasStep> = [];
  for (const step of wanted) {
    if (step.kind === 'kernel' && step.key === null && step.inputs.every(i => constant.has(i))) {
      prologue.push(step);
      step.outputs.forEach(i => constant.add(i));
    } else if (step.kind === 'kernel' && isAlias(step, trace)) {
      steps.push({kind: 'alias', from: step.inputs[0]!, to: step.outputs[0]!});
    } else {
      steps.push(step);
    }
  }
  const lasting = new Set(lastingOf(trace));
  const used = new Set(steps.flatMap(inputsOf));
  const made = new Set(prologue.flatMap(step => step.outputs));
  return {
    trace,
    prologue,
    folded: [...made].filter(i => used.has(i) || lasting.has(i)),
    ...withLifetimes(steps, lasting),
  };
}

const inputsOf = (step: TracedStep | AliasStep): readonly number[] =>
  step.kind === 'alias' ? [step.from] : step.kind === 'change' ? [] : step.inputs;

const outputsOf = (step: TracedStep | AliasStep): readonly number[] =>
  step.kind === 'kernel' ? step.outputs : step.kind === 'host' ? [step.output] : step.kind === 'alias' ? [step.to] : [];

/** What is returned or assigned. */
const lastingOf = (trace: Trace): number[] => [
  ...treeLeaves(trace.result).flatMap(leaf => (leaf.kind === 'tensor' ? [leaf.at] : [])),
  ...trace.assigned.values(),
];

/** The steps that bear on what is returned, assigned or looked at. */
function neededOf(trace: Trace): {steps: ReadonlySet<number>} {
  const tensors = new Set(lastingOf(trace));
  const steps = new Set<number>();
  for (let i = trace.steps.length - 1; i >= 0; i--) {
    const step = trace.steps[i]!;
    const isNeeded = step.kind === 'look' || step.kind === 'change' || outputsOf(step).some(out => tensors.has(out));
    if (!isNeeded) continue;
    steps.add(i);
    inputsOf(step).forEach(at => tensors.add(at));
  }
  return {steps};
}

/** Backends on which another shape is the same data: webgl lays some shapes out in another way. */
const RESHAPES_FREELY: ReadonlySet<string> = new Set(['cpu', 'wasm', 'webgpu']);

/** Whether a kernel only gives its input another name, or another shape. */
function isAlias({name, inputs, outputs}: KernelStep, {tensors, backendName}: Trace): boolean {
  if (inputs.length !== 1 || outputs.length !== 1) return false;
  const [from, to] = [tensors[inputs[0]!]!, tensors[outputs[0]!]!];
  if (from.dtype !== to.dtype || from.dtype === 'complex64' || from.dtype === 'string') return false;
  if (name === tf.Identity || name === tf.Cast) return true;
  return name === tf.Reshape && RESHAPES_FREELY.has(backendName);
}

/** Each step with what is free after it. An alias lives as long as what it is an alias of. */
function withLifetimes(
  steps: ReadonlyArray<TracedStep | AliasStep>,
  lasting: ReadonlySet<number>,
): {steps: PlannedStep[]; lasting: number[]} {
  const rootOf = new Map<number, number>();
  const root = (at: number): number => rootOf.get(at) ?? at;
  const lastUse = new Map<number, number>();
  const made = new Set<number>();
  steps.forEach((step, i) => {
    if (step.kind === 'alias') rootOf.set(step.to, root(step.from));
    inputsOf(step).forEach(at => lastUse.set(root(at), i));
    if (step.kind === 'alias') return;
    outputsOf(step).forEach(at => {
      made.add(at);
      lastUse.set(at, i);
    });
  });
  const kept = new Set([...lasting].map(root));
  const frees: number[][] = steps.map(() => []);
  for (const at of made) if (!kept.has(at)) frees[lastUse.get(at)!]!.push(at);
  return {steps: steps.map((step, i) => ({step, frees: frees[i]!})), lasting: [...made].filter(at => kept.has(at))};
}
