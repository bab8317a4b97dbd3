/** Running a plan straight on the backend. */
import * as tf from '@tensorflow/tfjs-core';
import {keyAhead, returnTo, streamPosition} from '../random/stream.js';
import type {HostArray, KeyWords} from '../util/recorder.js';
import {reference} from './tracer.js';
import type {Plan} from './plan.js';
import {rebuild, type KernelStep, type Origin, type Trace} from './trace.js';

/** What a backend of tfjs does for a program. */
interface ProgramBackend {
  incRef(dataId: object): void;
  disposeData(dataId: object, force?: boolean): boolean;
  write(values: HostArray, shape: number[], dtype: tf.DataType): object;
  readSync(dataId: object): HostArray;
  /** On wasm. */
  typedArrayFromHeap?(info: tf.TensorInfo): HostArray;
}

/** Why a call was not run. */
export type Miss =
  /** What was recorded is no longer what the step would do. */
  | 'changed'
  /** A number that the recording relied on was another in this call; nothing was changed. */
  | 'unexpected';

interface KernelArguments {
  readonly inputs: tf.NamedTensorInfoMap;
  readonly attrs: tf.NamedAttrMap;
  readonly backend: object;
}

export class RecordedProgram {
  readonly plan: Plan;
  readonly #trace: Trace;
  readonly #backend: ProgramBackend;
  readonly #folded: Array<readonly [at: number, tensor: tf.Tensor]> = [];
  /** The tensors that a step does not make: few among many. */
  readonly #given: ReadonlyArray<{readonly at: number; readonly origin: Origin}>;
  /** What there is of each tensor while a call runs. */
  readonly #infos: tf.TensorInfo[];
  readonly #words: KeyWords[];
  /** For each kernel what it is called with; its inputs are put in for each call. */
  readonly #args = new Map<KernelStep, KernelArguments>();
  /** The tensors that the running call has made and not yet freed. */
  readonly #alive = new Set<number>();

  constructor(plan: Plan) {
    this.plan = plan;
    this.#trace = plan.trace;
    this.#backend = tf.backend() as unknown as ProgramBackend; // which all backends of tfjs are
    const {tensors, held, keys} = this.#trace;
    this.#infos = tensors.map(({shape, dtype}) => ({dataId: {}, shape: [...shape], dtype}));
    this.#given = tensors.flatMap(({origin}, at) => (origin.kind === 'made' ? [] : [{at, origin}]));
    this.#words = keys.map(origin => (origin.kind === 'constant' ? origin.words : [0, 0]));
    for (const [at, tensor] of held) this.#infos[at] = tensor;
    for (const {step} of plan.steps) if (step.kind === 'kernel') this.#prepare(step);
    plan.prologue.forEach(step => this.#prepare(step));
    this.#foldConstants();
  }

  dispose(): void {
    tf.dispose([...this.#trace.held.values(), ...this.#folded.map(([, tensor]) => tensor)]);
  }

  /** Whether all is there that the recording was made of. */
  #isCurrent(): boolean {
    const {assigned, optimizers, variables} = this.#trace;
    for (const {origin} of this.#given) {
      if (origin.kind === 'variable' && !isAsRecorded(origin)) return false;
      if (origin.kind === 'captured' && origin.tensor.isDisposed) return false;
    }
    for (const variable of assigned.keys()) if (variable.isDisposed) return false;
    for (const {optimizer, settings} of optimizers) {
      const fields = optimizer as unknown as Record<string, unknown>; // tfjs declares them private
      for (const [field, value] of settings) if (fields[field] !== value) return false;
    }
    const registered: tf.Variable[] = Object.values(tf.engine().registeredVariables);
    return registered.length === variables.length && registered.every((variable, i) => variable === variables[i]);
  }

  /** One call: what the step returns, or why it has to be run as it is written. */
  run(args: readonly tf.Tensor[], keys: readonly KeyWords[]): {readonly value: unknown} | Miss {
    if (!this.#isCurrent()) return 'changed';
    const undo: Array<() => void> = [];
    try {
      this.#takeInputs(args);
      this.#makeKeys(keys);
      if (!this.#runSteps(undo)) {
        this.#takeBack(undo);
        return 'unexpected';
      }
    } catch (error) {
      this.#takeBack(undo);
      throw error;
    }
    return {value: this.#finish()};
  }

  #takeInputs(args: readonly tf.Tensor[]): void {
    for (const {at, origin} of this.#given) {
      if (origin.kind === 'argument') this.#infos[at] = args[origin.at]!;
      else if (origin.kind === 'variable') this.#infos[at] = origin.variable;
    }
  }

  #makeKeys(given: readonly KeyWords[]): void {
    const words = this.#words;
    this.#trace.keys.forEach((origin, i) => {
      if (origin.kind === 'stream') words[i] = keyAhead(origin.ahead).words;
      else if (origin.kind === 'argument') words[i] = given[origin.at]!;
    });
    for (const {parent, make, made} of this.#trace.keySteps) {
      const children = make(words[parent]!);
      for (let i = 0; i < made.length; i++) words[made[i]!] = children[i]!;
    }
  }

  /** @returns whether all was as the recording relied on */
  #runSteps(undo: Array<() => void>): boolean {
    const [infos, words, alive, backend] = [this.#infos, this.#words, this.#alive, this.#backend];
    for (const {step, frees} of this.plan.steps) {
      switch (step.kind) {
        case 'alias': {
          const {shape, dtype} = this.#trace.tensors[step.to]!;
          infos[step.to] = {dataId: infos[step.from]!.dataId, shape: shape as number[], dtype}; // nobody writes into it
          break;
        }
        case 'kernel':
          this.#runKernel(step);
          break;
        case 'host': {
          const values = step.run(
            step.inputs.map(this.#valuesOf),
            step.keys.map(key => words[key]!),
          );
          const {shape, dtype} = this.#trace.tensors[step.output]!;
          const dataId = backend.write(values, shape as number[], dtype); // nobody writes into it
          infos[step.output] = {dataId, shape: shape as number[], dtype};
          alive.add(step.output);
          break;
        }
        case 'look':
          if (!Object.is(step.run(step.inputs.map(this.#valuesOf)), step.found)) return false;
          break;
        case 'change':
          undo.push(step.run());
      }
      for (const at of frees) {
        backend.disposeData(infos[at]!.dataId);
        alive.delete(at);
      }
    }
    return true;
  }

  #runKernel(step: KernelStep): void {
    const {inputs, names, outputs, key} = step;
    const args = this.#args.get(step)!;
    for (let i = 0; i < inputs.length; i++) args.inputs[names === null ? i : names[i]!] = this.#infos[inputs[i]!]!;
    if (key !== null) (args.attrs as Record<string, unknown>)['key'] = this.#words[key]; // a copy of the attributes
    const out = step.run(args);
    if (Array.isArray(out)) {
      for (let i = 0; i < outputs.length; i++) this.#infos[outputs[i]!] = this.#untracked(out[i]!);
    } else {
      this.#infos[outputs[0]!] = this.#untracked(out);
    }
    for (const at of outputs) this.#alive.add(at);
  }

  /** What a kernel gave, without a tensor of the engine, which some kernels of cpu make. */
  #untracked(out: tf.TensorInfo): tf.TensorInfo {
    if (!('rank' in out)) return out;
    const tensor = out as tf.Tensor; // infos have no rank
    const {dataId, shape, dtype} = tensor;
    this.#backend.incRef(dataId);
    tensor.dispose();
    return {dataId, shape, dtype};
  }

  readonly #valuesOf = (at: number): HostArray => {
    const info = this.#infos[at]!;
    return this.#backend.typedArrayFromHeap?.(info) ?? this.#backend.readSync(info.dataId);
  };

  #prepare(step: KernelStep): void {
    this.#args.set(step, {
      inputs: (step.names === null ? [] : {}) as tf.NamedTensorInfoMap, // a list where tfjs passes one
      attrs: step.key === null ? step.attrs! : {...step.attrs},
      backend: this.#backend,
    });
  }

  #foldConstants(): void {
    const {prologue, folded} = this.plan;
    prologue.forEach(step => this.#runKernel(step));
    for (const at of folded) {
      const tensor = reference(this.#infos[at] as tf.Tensor); // which is asked for no more than an info has
      this.#folded.push([at, tensor]);
    }
    this.#freeAlive();
    for (const [at, tensor] of this.#folded) this.#infos[at] = tensor;
  }

  /** What a call changes, once nothing can fail any more, and what it gives. */
  #finish(): unknown {
    const {assigned, result, advance} = this.#trace;
    const position = streamPosition();
    returnTo({...position, next: position.next + advance});
    const objects = new Map<number, tf.Tensor>();
    const value = rebuild(result, leaf => {
      if (leaf.kind === 'same') return leaf.value;
      if (leaf.kind === 'key') return [...this.#words[leaf.at]!];
      const known = objects.get(leaf.object);
      if (known !== undefined) return known;
      const tensor = this.#tensorOf(leaf.at);
      objects.set(leaf.object, tensor);
      return tensor;
    });
    const next = [...assigned].map(([variable, at]) => [variable, tf.keep(this.#tensorOf(at))] as const);
    for (const [variable, tensor] of next) {
      variable.assign(tensor);
      tensor.dispose();
    }
    this.#freeAlive();
    return value;
  }

  #tensorOf(at: number): tf.Tensor {
    const {dataId, dtype} = this.#infos[at]!;
    this.#backend.incRef(dataId);
    return tf.engine().makeTensorFromTensorInfo({dataId, shape: [...this.#trace.tensors[at]!.shape], dtype});
  }

  #takeBack(undo: Array<() => void>): void {
    while (undo.length > 0) undo.pop()!();
    this.#freeAlive();
  }

  #freeAlive(): void {
    for (const at of this.#alive) this.#backend.disposeData(this.#infos[at]!.dataId);
    this.#alive.clear();
  }
}

/** Optimizers leave out variables that are not trainable. */
function isAsRecorded({variable, isTrainable}: Extract<Origin, {kind: 'variable'}>): boolean {
  return !variable.isDisposed && variable.trainable === isTrainable;
}
