import * as tf from '@tensorflow/tfjs';
import {heapSimd} from '../../../src/kernels/wasm/heap.js';
import {describeBackends} from '../../helpers/backends.js';

describeBackends(
  'the heap of the wasm backend',
  () => {
    it('is where the numbers of tensors lie, also after it has grown', () => {
      const simd = heapSimd(tf.backend())!;
      const [x, large, out] = [tf.tensor1d([4, 9, 16]), tf.zeros([5_000_000]), tf.zeros([3])];
      simd.code.sqrt(simd.at(out), simd.at(x), 3);
      expect(Array.from(out.dataSync())).toEqual([2, 3, 4]);
      expect(heapSimd(tf.backend())).toBe(simd);
      tf.dispose([x, large, out]);
    });

    it('is not worked in where it cannot be had', () => {
      const dataIdMap = {get: () => ({memoryOffset: 0})};
      const memory = new WebAssembly.Memory({initial: 1});
      for (const wasm of [
        {},
        {asm: {}},
        {asm: {memory}},
        {asm: {malloc: () => 8}},
        {asm: {memory: {}, malloc: () => 8}},
      ])
        expect(heapSimd({wasm, dataIdMap})).withContext(Object.keys(wasm).join()).toBeNull();
      expect(heapSimd({wasm: {asm: {memory, malloc: () => 0}}, dataIdMap})).toBeNull(); // out of memory
      expect(heapSimd({wasm: {asm: {memory, malloc: () => 8}}, dataIdMap})).not.toBeNull();
      expect(heapSimd({wasm: {asm: {malloc: () => 8}, wasmMemory: memory}, dataIdMap})).not.toBeNull();
    });
  },
  {only: ['wasm'], inBrief: ['wasm']},
);
