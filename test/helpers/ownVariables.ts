import * as tf from '@tensorflow/tfjs-core';

/** In a suite: disposes after each spec the variables that it made, which others would find among those registered. */
export function disposeOwnVariables(): void {
  let before: ReadonlySet<tf.Variable>;
  beforeEach(() => {
    before = new Set<tf.Variable>(Object.values(tf.engine().registeredVariables));
  });
  afterEach(() => {
    const all: tf.Variable[] = Object.values(tf.engine().registeredVariables);
    for (const v of all) if (!before.has(v)) v.dispose();
  });
}
