/** What a layer's estimator remembers of its nodes, as weights of the layer, so that it is saved and loaded with the model. */
import * as tf from '@tensorflow/tfjs-core';
import {initializers, type LayerVariable} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {aliveOf, type AddWeight} from './layerState.js';

/** The state of one node as a saved configuration tells of it: the shapes of its tensors, and how many things are counted. */
export interface SavedSlot {
  readonly shapes: readonly (readonly number[])[];
  readonly counters: number;
}

/** The weights of one node. */
interface SlotWeights {
  readonly saved: SavedSlot;
  readonly variables: readonly LayerVariable[];
  /** Whether there is a state, 0 or 1, and the counters. */
  readonly counts: LayerVariable;
  /** What the weights held when they were last written or read. */
  dataIds: readonly object[];
  written: string;
  /** Whether the weights hold what the estimator has still to take over. */
  isAhead: boolean;
}

/** More nodes of one layer in a step than anybody makes. */
const MOST_SLOTS = 1024;
const MOST_ELEMENTS = 2 ** 28;

/**
 * The weights stand for the estimator's own variables: they are brought up to date when somebody asks for the layer's
 * weights, and taken over before the next step in training when somebody has written into them.
 */
export class EstimatorState {
  readonly #who: string;
  readonly #states: st.NodeStates;
  readonly #layer: string;
  readonly #onDispose: () => void;
  readonly #slots: SlotWeights[] = [];

  /** @param onDispose called when the weights are disposed: a wrapper disposes those of its layer, and not the layer */
  constructor(who: string, states: st.NodeStates, layer: string, onDispose: () => void) {
    this.#who = who;
    this.#states = states;
    this.#layer = layer;
    this.#onDispose = onDispose;
  }

  /** Makes the weights of the nodes that a saved configuration tells of. */
  build(add: AddWeight, saved: readonly SavedSlot[]): void {
    saved.forEach(slot => this.#addSlot(add, slot));
  }

  /** Makes the weights of the first node, before there is one, so that a model has as many before its first step as after. */
  foresee(add: AddWeight, make: () => st.Distribution): void {
    if (this.#slots.length > 0 || this.#states.read(this.#name(0)) !== null) return;
    let saved: SavedSlot | null = null;
    try {
      tf.tidy(() => void (saved = savedOf(this.#states.make(FORESEEN, make()))));
    } catch {
      // what the distribution is for inputs that nobody gave is not known: the weights come with the first step
    } finally {
      this.#states.drop(FORESEEN);
    }
    if (saved !== null) this.#addSlot(add, saved);
  }

  /** The weights, as they were made. */
  get weights(): LayerVariable[] {
    return this.#slots.flatMap(({variables, counts}) => [...variables, counts]);
  }

  get saved(): SavedSlot[] {
    return this.#slots.map(({saved}) => saved);
  }

  /** Brings the weights up to date, before they are saved or copied; new nodes get weights. */
  write(add: AddWeight): void {
    for (let i = 0; i < MOST_SLOTS; i++) {
      const state = this.#states.read(this.#name(i));
      if (this.#slots[i] === undefined) {
        if (state === null) return;
        this.#addSlot(add, savedOf(state));
      }
      const slot = this.#slots[i]!;
      const alive = [...slot.variables, slot.counts].map(aliveOf);
      if (alive.some(v => v === null)) continue; // tf.disposeVariables() takes them too
      this.#look(slot);
      if (slot.isAhead) continue;
      if (state === null) this.#writeCounts(slot, new Array<number>(1 + slot.saved.counters).fill(0));
      else {
        state.variables.forEach((variable, j) => {
          const weight = alive[j]!;
          if (weight.dataId !== variable.dataId) weight.assign(variable);
        });
        this.#writeCounts(slot, [1, ...state.counters.map(({steps}) => steps)]);
      }
      this.#note(slot);
    }
  }

  /**
   * Hands over to the estimator what somebody, who loaded a model say, wrote into the weights.
   * @param distribution that of a node
   * @throws if it is no state of this estimator
   */
  take(distribution: st.Distribution): void {
    this.#slots.forEach((slot, i) => {
      if ([...slot.variables, slot.counts].some(w => aliveOf(w) === null)) return;
      this.#look(slot);
      if (!slot.isAhead) return;
      const name = this.#name(i);
      const [isThere, ...steps] = slot.counts.read().dataSync<'int32'>(); // what is loaded lies on the host
      if (isThere === 0) this.#states.drop(name);
      else this.#restore(slot, this.#states.read(name) ?? this.#states.make(name, distribution), isThere!, steps);
      slot.written = [isThere, ...steps].join();
      slot.isAhead = false;
      this.#note(slot);
    });
  }

  #restore(slot: SlotWeights, state: st.StateParts, isThere: number, steps: readonly number[]): void {
    const {shapes, counters} = savedOf(state);
    const expected = JSON.stringify([shapes, counters]);
    const found = JSON.stringify([slot.saved.shapes, slot.saved.counters]);
    st.extension.check(
      expected === found,
      this.#who,
      `the saved state must be that of its estimator: tensors of shapes and a number of counters ${expected}`,
      [slot.saved.shapes, slot.saved.counters],
    );
    const isCount = isThere === 1 && steps.every(n => n >= 0);
    st.extension.check(isCount, this.#who, 'what its saved state counts must be integers >= 0', [isThere, ...steps]);
    if (st.extension.readsAtOnce()) {
      for (const weight of slot.variables) {
        // the others cannot be read in between
        const bad = weight
          .read()
          .dataSync<'float32'>()
          .find(x => !Number.isFinite(x));
        st.extension.check(
          bad === undefined,
          this.#who,
          `its saved state must be finite; ${weight.originalName} is not`,
          bad,
        );
      }
    }
    state.variables.forEach((variable, j) => variable.assign(slot.variables[j]!.read()));
    state.counters.forEach((counter, j) => (counter.steps = steps[j]!));
  }

  #addSlot(add: AddWeight, saved: SavedSlot): void {
    const i = this.#slots.length;
    const make = (name: string, shape: readonly number[], dtype: 'float32' | 'int32'): LayerVariable => {
      const weight = add(`state_${i}_${name}`, [...shape], dtype, initializers.zeros());
      const write = weight.write.bind(weight);
      weight.write = value => {
        const fits =
          value.dtype === dtype && value.shape.length === shape.length && value.shape.every((d, k) => d === shape[k]);
        st.extension.check(
          fits,
          this.#who,
          `${weight.originalName} must be of ${dtype} and shape [${shape.join(',')}]`,
          value,
        );
        return write(value);
      };
      return weight;
    };
    const slot: SlotWeights = {
      saved,
      variables: saved.shapes.map((shape, j) => make(`${j}`, shape, 'float32')),
      counts: make('counts', [1 + saved.counters], 'int32'),
      dataIds: [],
      written: '',
      isAhead: false,
    };
    this.#note(slot);
    this.#slots.push(slot);
    const dispose = slot.counts.dispose.bind(slot.counts);
    slot.counts.dispose = () => {
      dispose();
      this.#onDispose();
    };
  }

  /** Sees whether somebody has written into the weights. */
  #look(slot: SlotWeights): void {
    if (dataIdsOf(slot).some((id, j) => id !== slot.dataIds[j])) slot.isAhead = true;
  }

  #note(slot: SlotWeights): void {
    slot.dataIds = dataIdsOf(slot);
  }

  #writeCounts(slot: SlotWeights, counts: readonly number[]): void {
    const text = counts.join();
    const isSame = slot.written === text && dataIdsOf(slot).at(-1) === slot.dataIds.at(-1);
    if (isSame) return;
    const now = tf.tensor1d([...counts], 'int32');
    aliveOf(slot.counts)!.assign(now); // called where it is alive
    now.dispose();
    slot.written = text;
  }

  /** As nodes are told apart: by the layer's name, and how many of that name came before. */
  #name(i: number): string {
    return `${this.#layer}#${i}`;
  }
}

/** The slot of a state that is made to see its shapes. */
const FORESEEN = 'foreseen';

function dataIdsOf({variables, counts}: SlotWeights): object[] {
  return [...variables, counts].map(w => aliveOf(w)?.dataId ?? w);
}

function savedOf({variables, counters}: st.StateParts): SavedSlot {
  return {shapes: variables.map(({shape}) => [...shape]), counters: counters.length};
}

/** What a saved configuration tells of the states of an estimator. */
export function readSavedSlots(who: string, given: unknown): SavedSlot[] {
  const isShape = (x: unknown): x is number[] =>
    Array.isArray(x) &&
    x.length <= 8 &&
    x.every(d => Number.isInteger(d) && (d as number) >= 0) &&
    (x as number[]).reduce((n, d) => n * d, 1) <= MOST_ELEMENTS;
  const isSlot = (x: unknown): x is SavedSlot => {
    if (typeof x !== 'object' || x === null) return false;
    const {shapes, counters} = x as Partial<SavedSlot>;
    const isCount = Number.isInteger(counters) && counters! >= 0 && counters! <= MOST_SLOTS;
    return isCount && Array.isArray(shapes) && shapes.length <= MOST_SLOTS && shapes.every(isShape);
  };
  const isList = Array.isArray(given) && given.length <= MOST_SLOTS && given.every(isSlot);
  st.extension.check(isList, who, 'the saved state of its estimator must be a list of {shapes, counters}', given);
  return given.map(({shapes, counters}) => ({shapes: shapes.map(shape => [...shape]), counters}));
}
