/** Writes down what a step does while it runs. */
import * as tf from '@tensorflow/tfjs-core';
import type {HostArray, HostWork, KeyWords, Recorder} from '../util/recorder.js';
import {isTensor, isVariable} from '../util/tensors.js';
import type {Origin, ResultLeaf, TracedStep, Trace, TracedOptimizer, TracedTensor} from './trace.js';
import {KeyLeaf, markKeys} from './arguments.js';
import {KeyTrace} from './keyTrace.js';
import {takeApart} from './trace.js';

/** Kernels whose outputs have shapes that depend on numbers. */
const OF_UNKNOWN_SHAPE: ReadonlySet<string> = new Set([
  'NonMaxSuppressionV3',
  'NonMaxSuppressionV4',
  'NonMaxSuppressionV5',
  'RaggedGather',
  'RaggedRange',
  'RaggedTensorToTensor',
  'SparseFillEmptyRows',
  'SparseReshape',
  'SparseSegmentMean',
  'SparseSegmentSum',
  'StringNGrams',
  'StringSplit',
  'Unique',
]);

export class Tracer implements Recorder {
  readonly #backendName = tf.getBackend();
  readonly #tensors: TracedTensor[] = [];
  readonly #held = new Map<number, tf.Tensor>();
  readonly #steps: TracedStep[] = [];
  readonly #keys: KeyTrace;
  readonly #assigned = new Map<tf.Variable, number>();
  readonly #optimizers: TracedOptimizer[] = [];
  /** Of tensors and of what kernels return. */
  readonly #placeOf = new WeakMap<object, number>();
  readonly #constants = new WeakMap<object, ArrayLike<unknown>>();
  readonly #readByKernels = new Set<object>();
  /** Tensors with smaller ids were there before. */
  readonly #first: number;
  readonly #variables = new Set<tf.Variable>(Object.values(tf.engine().registeredVariables));
  /** Why the step cannot be recorded; the first reason counts. */
  refusal: string | null = null;
  /** Why this run of it tells nothing, though the next may. */
  isPassing: string | null = null;

  /** @param args the tensors and the keys among the arguments, as the step is given them */
  constructor(args: readonly tf.Tensor[], keys: readonly KeyWords[]) {
    const next = tf.scalar(0);
    this.#first = next.id;
    next.dispose();
    args.forEach((t, at) => this.#placeOf.set(t, this.#place(t, {kind: 'argument', at})));
    this.#keys = new KeyTrace(keys);
  }

  refused(why: string): void {
    this.refusal ??= why;
  }

  /** A tensor was made from numbers. */
  wrote(tensor: tf.Tensor, values: unknown): void {
    const list = values as ArrayLike<unknown>; // what tfjs makes tensors of
    this.#constants.set(tensor, ArrayBuffer.isView(values) ? (values as Float32Array).slice() : Array.from(list));
  }

  /** tfjs made a tensor of what a kernel returned. */
  wrapped(info: object, tensor: tf.Tensor): void {
    const at = this.#placeOf.get(info);
    if (at !== undefined) this.#placeOf.set(tensor, at);
  }

  /** A kernel ran. */
  kernel(
    name: string,
    run: tf.KernelFunc,
    inputs: unknown,
    attrs: tf.NamedAttrMap | undefined,
    out: tf.TensorInfo | tf.TensorInfo[],
  ): void {
    if (OF_UNKNOWN_SHAPE.has(name)) this.refused(`the shape of what ${name} gives depends on numbers`);
    const given = Object.entries(inputs as object).filter(([, t]) => t != null) as Array<[string, tf.Tensor]>; // as tfjs passes them
    if (!given.every(([, t]) => isTensor(t))) {
      this.refused(`${name} takes what is no tensor`);
      return;
    }
    const words = attrs?.['key'] as KeyWords | undefined;
    this.#add(
      name,
      run,
      given.map(([, t]) => t),
      Array.isArray(inputs) ? null : given.map(([key]) => key),
      attrs,
      Array.isArray(out) ? out : [out],
      words,
    );
  }

  ran(
    name: string,
    inputs: readonly tf.Tensor[],
    outputs: readonly tf.Tensor[],
    run: (inputs: readonly tf.TensorInfo[]) => tf.TensorInfo[],
    reads?: object,
  ): void {
    if (reads !== undefined) this.#readByKernels.add(reads);
    const asKernel: tf.KernelFunc = args => run(args.inputs as unknown as tf.TensorInfo[]); // a list, since it has no names
    this.#add(name, asKernel, inputs, null, undefined, outputs, undefined);
  }

  #add(
    name: string,
    run: tf.KernelFunc,
    inputs: readonly tf.Tensor[],
    names: readonly string[] | null,
    attrs: tf.NamedAttrMap | undefined,
    outputs: readonly tf.TensorInfo[],
    words: KeyWords | undefined,
  ): void {
    const from = inputs.map(t => this.#find(t));
    this.#steps.push({
      kind: 'kernel',
      name,
      run,
      inputs: from,
      names,
      attrs: copied(attrs) as tf.NamedAttrMap | undefined, // of its kind
      key: isKeyWords(words) ? this.#keys.find(words) : null,
      outputs: outputs.map(info => {
        const at = this.#place(info, {kind: 'made'});
        this.#placeOf.set(info, at);
        return at;
      }),
    });
  }

  derived(...keys: Parameters<Recorder['derived']>): void {
    this.#keys.derived(...keys);
  }

  made(
    output: tf.Tensor,
    {inputs = [], keys = []}: HostWork,
    run: (values: readonly HostArray[], keys: readonly KeyWords[]) => HostArray,
  ): void {
    const from = inputs.map(t => this.#find(t));
    const at = this.#place(output, {kind: 'made'});
    this.#placeOf.set(output, at);
    this.#steps.push({kind: 'host', inputs: from, keys: keys.map(words => this.#keys.find(words)), run, output: at});
  }

  expected(found: unknown, inputs: readonly tf.Tensor[], run: (values: readonly HostArray[]) => unknown): void {
    this.#steps.push({kind: 'look', inputs: inputs.map(t => this.#find(t)), run, found});
  }

  changed(run: () => () => void): void {
    this.#steps.push({kind: 'change', run});
  }

  /** A variable is given a value; or a tensor of the step another one, which tfjs has no method for. */
  assigned(variable: tf.Variable, value: tf.Tensor): void {
    const at = this.#find(value);
    this.#placeOf.set(variable, at);
    if (isVariable(variable)) this.#assigned.set(variable, at);
  }

  /** An optimizer counted a step. */
  counted(optimizer: tf.Optimizer, count: () => void, uncount: () => void): void {
    const fields = optimizer as unknown as Record<string, unknown>; // tfjs declares them private
    const settings = this.#readByKernels.has(optimizer)
      ? []
      : Object.entries(fields).filter(
          (entry): entry is [string, number | boolean] =>
            ['number', 'boolean'].includes(typeof entry[1]) && !/^iterations/.test(entry[0]),
        );
    this.#optimizers.push({optimizer, settings});
    this.changed(() => {
      count();
      return uncount;
    });
  }

  /**
   * What was written down.
   * @param returned what the step returned
   */
  finish(returned: unknown): Trace | null {
    const registered: tf.Variable[] = Object.values(tf.engine().registeredVariables);
    const alive = registered.filter(v => this.#variables.has(v)).length;
    if (alive < this.#variables.size) this.refused('it disposes a variable');
    if (registered.length > alive) this.isPassing = 'it makes variables';
    const objects = new Map<tf.Tensor, number>();
    const result = takeApart<ResultLeaf>(markKeys(returned), value => this.#leaf(value, objects));
    if (result === null) this.refused('it returns what is no tensor, number, text, array or record');
    if (result === null || this.refusal !== null || this.isPassing !== null) return null;
    return {
      backendName: this.#backendName,
      tensors: this.#tensors,
      held: this.#held,
      steps: this.#steps,
      keys: this.#keys.origins,
      keySteps: this.#keys.steps,
      advance: this.#keys.advance,
      assigned: this.#assigned,
      optimizers: this.#optimizers,
      result,
      variables: registered,
    };
  }

  /** Lets go of what is held, where the trace is not used. */
  dispose(): void {
    tf.dispose([...this.#held.values()]);
  }

  /** Whether a key that never changes was drawn with. */
  get hasConstantKey(): boolean {
    return this.#keys.hasConstant;
  }

  /** How many tensors it holds. */
  get heldCount(): number {
    return this.#held.size;
  }

  /** Whether the step made the tensor. */
  isNew(tensor: tf.Tensor): boolean {
    return tensor.id >= this.#first;
  }

  #leaf(value: unknown, objects: Map<tf.Tensor, number>): ResultLeaf | null {
    if (value instanceof KeyLeaf) return {kind: 'key', at: this.#keys.find(value.words, false)};
    if (isVariable(value)) return {kind: 'same', value};
    if (isTensor(value)) {
      if (value.isDisposed) {
        this.refused('it returns a tensor that is disposed');
        return {kind: 'same', value};
      }
      const at = this.#find(value);
      if (this.#tensors[at]!.origin.kind === 'captured') return {kind: 'same', value};
      if (!objects.has(value)) objects.set(value, objects.size);
      return {kind: 'tensor', at, object: objects.get(value)!};
    }
    return value == null || ['number', 'string', 'boolean'].includes(typeof value) ? {kind: 'same', value} : null;
  }

  #place({shape, dtype}: tf.TensorInfo, origin: Origin): number {
    return this.#tensors.push({shape: [...shape], dtype, origin}) - 1;
  }

  #find(tensor: tf.Tensor): number {
    const known = this.#placeOf.get(tensor);
    if (known !== undefined) return known;
    const values = this.#constants.get(tensor);
    const at = this.#place(tensor, this.#originOf(tensor, values));
    this.#placeOf.set(tensor, at);
    if (!isVariable(tensor)) this.#held.set(at, reference(tensor));
    return at;
  }

  #originOf(tensor: tf.Tensor, values: ArrayLike<unknown> | undefined): Origin {
    if (values !== undefined) return {kind: 'constant', values};
    if (this.isNew(tensor))
      this.isPassing = `a tensor of shape [${tensor.shape.join(',')}] was made by what is not known`;
    return isVariable(tensor)
      ? {kind: 'variable', variable: tensor, isTrainable: tensor.trainable}
      : {kind: 'captured', tensor};
  }
}

/** Attributes as they are now: lists among them may be the caller's, who may write into them. */
function copied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(copied);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return (value as Float32Array).slice();
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, copied(each)]));
}

const isKeyWords = (x: unknown): x is KeyWords =>
  Array.isArray(x) && x.length === 2 && x.every(w => typeof w === 'number');

/** Another tensor of the same data, which is nobody's but ours. */
export function reference(tensor: tf.Tensor): tf.Tensor {
  const engine = tf.engine();
  const {dataId, shape, dtype} = tensor;
  engine.backend.incRef(dataId);
  return tf.keep(engine.makeTensorFromTensorInfo({dataId, shape, dtype}));
}
