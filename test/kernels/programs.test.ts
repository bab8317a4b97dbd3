import * as tf from '@tensorflow/tfjs';
import {baseMends, ensureBase} from '../../src/kernels/base.js';
import {ensureKernels, programMends} from '../../src/kernels/programs.js';

/** What both of them mend. */
const shared = (a: Iterable<string>, b: Iterable<string>): string[] => {
  const known = new Set(a);
  return [...b].filter(name => known.has(name));
};

describe('what programs need beside the base', () => {
  it('mends no kernel that the base mends, which would be taken for mended already', () => {
    for (const [backend, kernels] of Object.entries(programMends.kernels)) {
      const names = (list: ReadonlyArray<{kernelName: string}>) => list.map(r => r.kernelName);
      expect(shared(names(baseMends.kernels[backend]!), names(kernels)))
        .withContext(backend)
        .toEqual([]);
    }
  });

  it('has no gradient that the base has: each would put its own in the place of the other', () => {
    const names = ({gradients}: typeof baseMends) => gradients.map(g => g.kernelName);
    expect(shared(names(baseMends), names(programMends))).toEqual([]);
    expect(new Set(names(baseMends)).size).toBe(names(baseMends).length);
    expect(new Set(names(programMends)).size).toBe(names(programMends).length);
  });

  it('leaves gradients that tell their attributes where they are, whoever asks next', () => {
    for (const name of [tf.Cumsum, tf.Sum, tf.BatchMatMul]) {
      ensureKernels();
      const answering = tf.getGradient(name);
      ensureBase();
      expect(tf.getGradient(name)).withContext(name).toBe(answering);
      ensureKernels();
      expect(tf.getGradient(name)).withContext(name).toBe(answering);
    }
  });
});
