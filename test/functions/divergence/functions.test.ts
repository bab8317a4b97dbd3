import * as tf from '@tensorflow/tfjs-core';
import * as divergence from '../../../src/functions/divergence/index.js';
import {expectClose} from '../functionSuite.js';
import {describeFunctionsOf} from '../familySuite.js';

const {classesKl, klOfLogWeights, ...elementwise} = divergence;

describeFunctionsOf('divergence', elementwise, {}, () => {
  it('classesKl is Σ q ln(q/p) in each parametrisation, and klOfLogWeights needs no sum of 1', async () => {
    const [q, p] = [
      [0.25, 0.75, 0],
      [0.5, 0.25, 0.25],
    ];
    const exact = [0.25 * Math.log(0.5) + 0.75 * Math.log(3)];
    const logs = (x: number[], shift: number) => tf.tensor1d(x.map(v => Math.log(v) + shift));
    const found = tf.tidy(() => {
      const [byProbs, otherProbs] = [q, p].map(x => ({by: 'probs', value: tf.tensor1d(x)}) as const);
      const [byLogits, otherLogits] = [q, p].map((x, i) => ({by: 'logits', value: logs(x, i)}) as const);
      return tf.stack([
        classesKl(byProbs!, otherProbs!),
        classesKl(byProbs!, otherLogits!),
        classesKl(byLogits!, otherProbs!),
        classesKl(byLogits!, otherLogits!),
        klOfLogWeights(logs(q, 3), logs(p, -2)),
      ]);
    });
    expectClose(
      await found.data(),
      Array.from({length: 5}, () => exact[0]!),
      i => `form ${i}`,
      {},
    );
    found.dispose();
  });
});
