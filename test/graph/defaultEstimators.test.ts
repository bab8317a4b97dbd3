import * as tf from '@tensorflow/tfjs';
import {pathwiseByDefault, scoreByDefault} from '../../src/graph/defaultEstimators.js';
import type {Estimator} from '../../src/graph/estimator.js';
import * as st from '../../src/index.js';

/** What is data about an estimator. */
/** What is not said is undefined; and a configuration with models is that without where there are none. */
const facts = (estimator: Estimator) => {
  const {config, configWithModels = config, ...others} = estimator;
  const said = Object.entries(others).filter(([, value]) => typeof value !== 'function' && value !== undefined);
  return {...Object.fromEntries(said), config, configWithModels};
};

describe('the estimator of a node that names none', () => {
  it('says of itself what the one made by the function says', () => {
    expect(facts(scoreByDefault)).toEqual(facts(st.scoreFunction()));
    expect(facts(pathwiseByDefault)).toEqual(facts(st.pathwise()));
  });

  it('gives the same gradient as the one made by the function', async () => {
    const logits = tf.variable(tf.tensor1d([0.3, -1, 2]));
    const gradient = (estimator?: Estimator) => {
      const {value, grads} = st.variableGrads(() => {
        const q = new st.Bernoulli({logits});
        const z = new st.DistributionTensor(q, {key: st.random.key(5), ...(estimator ? {estimator} : {})});
        return tf.square(tf.sub(z.value, 0.4));
      }, [logits]);
      value.dispose();
      return grads[logits.name]!;
    };
    const [a, b] = [gradient(), gradient(st.scoreFunction())];
    expect(await a.data()).toEqual(await b.data());
    expect((await a.data()).some(x => x !== 0)).toBeTrue();
    tf.dispose([a, b, logits]);
  });
});
