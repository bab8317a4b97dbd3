/**
 * What the package test runs in every way of loading the package; plain JavaScript, for a script tag too.
 * Returns what was computed, on the cpu backend, so that the ways can be compared.
 */
globalThis.exercise = async function exercise(tf, st, stl, ctl) {
  await tf.setBackend('cpu');
  const [drawKey, nodeKey] = st.random.split(st.random.key(42), 2);
  const sample = new st.Normal({loc: 0, scale: [1, 2]}).sample([3], {key: drawKey});

  // d/dloc E[z²] = 2 loc for z ~ Normal(loc, 1), by 20,000 estimates.
  const loc = tf.variable(tf.scalar(1.5), true, 'loc');
  const {value, grads} = st.variableGrads(() => {
    const q = new st.Normal({loc: tf.add(loc, tf.zeros([20000])), scale: 1});
    const z = new st.DistributionTensor(q, {estimator: st.scoreFunction(), key: nodeKey});
    return tf.square(z.value);
  }, [loc]);

  // The layer finds an estimator that was registered with the core entry: there is one registry.
  st.estimators.register('exerciseEstimator', () => st.scoreFunction());
  const model = tf.sequential({
    layers: [
      tf.layers.dense({units: 4, inputShape: [2], kernelInitializer: 'ones'}),
      stl.bernoulli({estimator: 'exerciseEstimator', seed: 3}),
      tf.layers.dense({units: 1, kernelInitializer: 'ones'}),
    ],
  });
  model.compile({optimizer: st.stochasticOptimizer(tf.train.sgd(0.05)), loss: 'meanSquaredError'});
  const x = tf.tensor2d([
    [0, 1],
    [1, 0],
    [1, 1],
    [0, 0],
  ]);
  const y = tf.tensor2d([[1], [1], [0], [0]]);
  const history = await model.fit(x, y, {epochs: 3, batchSize: 2, shuffle: false, verbose: 0});

  const env = ctl.cartPoleBalancing({size: 2});
  env.reset({key: drawKey});
  const step = env.step([[0.5], [-0.5]]);

  return {
    sample: Array.from(await sample.data()),
    value: (await value.data())[0],
    grad: (await grads.loc.data())[0],
    losses: history.history.loss,
    layer: model.layers[1].getConfig(),
    control: Array.from(await step.finalObservation.data()),
    names: {core: Object.keys(st).sort(), layers: Object.keys(stl).sort(), control: Object.keys(ctl).sort()},
  };
};
