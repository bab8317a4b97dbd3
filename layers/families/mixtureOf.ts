/** Layers of values from a mixture of members of any family. */
import {extension, type EstimatorName} from 'tfjs-stochastic';
import {StochasticLayer, type StochasticLayerArgs} from '../stochasticLayer.js';
import {ofComponents, type MixtureArgs} from './componentMixture.js';
import {familyLayer} from './familyLayer.js';
import {findMaker, nameFamily, type NamedDistribution} from './familyNames.js';

/** The options of `mixtureOf`. */
export interface MixtureOfArgs extends MixtureArgs {
  /** The family of the components: a layer of it, of which nothing else is taken, or its name, or `{name, config}`. */
  component: StochasticLayer | NamedDistribution | string;
}

const family = ofComponents(
  'mixtureOf',
  (who, {component}, depth) => findMaker(who, named(who, component), depth + 1),
  ['component'],
);
nameFamily('mixtureOf', family);

/**
 * Values whose last axis comes from one of K members of a family: from `[batch, …, K + K · m]`, the logits of the
 * components, and then for each component the m parameters that a layer of that family reads. Gives out what that layer
 * would. There is no mode.
 * @example
 * ```ts
 * const layer = stl.mixtureOf({component: stl.gamma(), components: 3, output: 'distribution'});
 * const model = tf.sequential({layers: [tf.layers.dense({units: layer.paramsSize(2), inputShape: [3]}), layer]});
 * model.compile({optimizer: 'adam', loss: stl.negativeLogLikelihood});
 * model.predict(tf.zeros([2, 3])).shape; // [2, 2]
 * ```
 */
export function mixtureOf<Name extends EstimatorName>(
  args: StochasticLayerArgs<Name> & MixtureOfArgs,
): StochasticLayer {
  const {component} = args ?? {};
  return familyLayer(
    'mixtureOf',
    family,
    component === undefined ? args : ({...args, component: named('stl.mixtureOf', component)} as StochasticLayerArgs),
  );
}

/** The family of a component, as JSON has it. */
function named(who: string, component: unknown): NamedDistribution {
  if (typeof component === 'string') return {name: component};
  if (component instanceof StochasticLayer) {
    const {distribution} = component;
    if (distribution === null)
      extension.fail(who, 'component must have a family by name; give it one with stl.registerDistribution', component);
    return distribution;
  }
  extension.checkObject(who, 'component', component, 'with a name, a name, or a layer');
  return component as NamedDistribution; // what it holds is checked where it is looked for
}
