/** What the layers of mixtures share. */
import * as tf from '@tensorflow/tfjs-core';
import {Categorical, extension, independent, MixtureSameFamily} from 'tfjs-stochastic';
import {oneOf, shown, type DistributionFamily, type DistributionMaker, type LayerShape} from './distributionMaker.js';

/** The option of every mixture. */
export interface MixtureArgs {
  /** How many components there are. */
  components: number;
}

/**
 * Mixtures of `components` members of a family, each a distribution of all of the last axis: from the logits of the
 * components, and then the parameters of each component, one after the other.
 * @param componentOf the maker of one component, from the family's options
 */
export function ofComponents(
  name: string,
  componentOf: (who: string, config: Readonly<Record<string, unknown>>, depth: number) => DistributionMaker,
  options: readonly string[] = [],
): DistributionFamily {
  return {
    options: ['components', ...options],
    maker(who, config, depth) {
      const {components} = config;
      extension.checkCount(who, 'components', components, 1);
      const component = componentOf(who, config, depth);
      /** The shape of one component's parameters. */
      const partOf = (inputs: LayerShape[]): LayerShape => {
        const shape = oneOf(who, name, inputs);
        const last = shape[shape.length - 1];
        const each = typeof last === 'number' ? (last - components) / components : 0;
        extension.check(
          shape.length > 1 && Number.isInteger(each) && each > 0,
          who,
          `${name} of ${components} components needs an input whose last axis has ${components} logits and then the ` +
            `parameters of each component, got ${shown(shape)}`,
        );
        return [...shape.slice(0, -1), each];
      };
      return {
        make(inputs) {
          const part = partOf(inputs.map(x => x.shape)) as number[]; // of tensors
          const [outer, each] = [part.slice(0, -1), part[part.length - 1]!];
          const [logits, rest] = tf.split(inputs[0]!, [components, components * each], -1);
          const made = component.make([tf.reshape(rest!, [...outer, components, each])]);
          const inner = made.batchShape.length - outer.length - 1;
          return new MixtureSameFamily({
            mixtureDistribution: new Categorical({logits: logits!}),
            componentsDistribution: inner > 0 ? independent(made, inner) : made,
          });
        },
        outputShape: inputs => component.outputShape([partOf(inputs)]),
        paramsSize(size) {
          const each = component.paramsSize?.(size);
          if (each === undefined) extension.fail(who, 'the component does not say how many parameters it needs');
          return components * (1 + each);
        },
        ...(component.inference === undefined ? {} : {inference: 'sample' as const}), // a mixture has no mode
      };
    },
  };
}
