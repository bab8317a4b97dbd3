/** The code of assembly/ working where tfjs's wasm backend keeps its tensors. */
import type * as tf from '@tensorflow/tfjs-core';
import {simdIn, type SimdCode} from '../../simd/code.js';
import type {WasmBackend} from '../backendParts.js';

/** Bytes of the panel that products work with: 8 columns of 1,024 rows. */
const PANEL_BYTES = 32 * 1024;

/** The parts of the backend that this needs: the module's memory and allocator, and where the numbers of a tensor lie. */
interface WasmHeap {
  readonly wasm: {
    readonly asm?: {readonly memory?: unknown; readonly malloc?: (bytes: number) => number};
    /** Where the memory is that threads share. */
    readonly wasmMemory?: unknown;
  };
  readonly dataIdMap: WasmBackend['dataIdMap'];
}

export interface HeapSimd {
  readonly code: SimdCode;
  /** Memory of its own for a product. */
  readonly panel: number;
  /** Where the numbers of a tensor begin. */
  readonly at: (x: tf.TensorInfo) => number;
  /** Whether the backend's own kernels work on several threads. */
  readonly hasThreads: boolean;
}

const known = new WeakMap<object, HeapSimd | null>();

/** Null where it cannot be had, as in engines without SIMD. */
export function heapSimd(backend: object): HeapSimd | null {
  let simd = known.get(backend);
  if (simd === undefined) known.set(backend, (simd = make(backend as WasmHeap))); // called for the wasm backend alone
  return simd;
}

function make({wasm, dataIdMap}: WasmHeap): HeapSimd | null {
  const memory = wasm.asm?.memory ?? wasm.wasmMemory;
  const malloc = wasm.asm?.malloc;
  if (!(memory instanceof WebAssembly.Memory) || malloc === undefined) return null;
  const code = simdIn(memory);
  if (code === null) return null;
  const panel = malloc(PANEL_BYTES);
  if (panel === 0) return null;
  return {
    code,
    panel,
    at: x => dataIdMap.get(x.dataId).memoryOffset,
    hasThreads: !(memory.buffer instanceof ArrayBuffer),
  };
}
