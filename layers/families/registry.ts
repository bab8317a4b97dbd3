/** From a layer's input to a distribution: what `distribution: 'normal'` means. */
import * as tf from '@tensorflow/tfjs-core';
import {
  Bernoulli,
  extension,
  Exponential,
  Gumbel,
  Laplace,
  Logistic,
  Normal,
  OneHotCategorical,
  type Distribution,
} from 'tfjs-stochastic';

/** A shape as tfjs-layers passes it about; null is the batch. */
export type LayerShape = Array<number | null>;

/** Makes a distribution with one draw for each element of the layer's output. */
export interface DistributionMaker {
  /** From the inputs, `[batch, …]` each, to a distribution of batch shape `[batch, …]`. */
  make(inputs: tf.Tensor[]): Distribution;
  /** The shape of the value. */
  outputShape(inputs: LayerShape[]): LayerShape;
}

/** A family of one parameter, read from the one input. */
function single(name: string, make: (input: tf.Tensor) => Distribution): DistributionMaker {
  const outputShape = (inputs: LayerShape[]): LayerShape => {
    extension.check(inputs.length === 1, `stl.${name}`, 'needs one input', inputs);
    return inputs[0]!;
  };
  return {
    make(inputs) {
      outputShape(inputs.map(x => x.shape));
      return make(inputs[0]!);
    },
    outputShape,
  };
}

/** Location and scale from two inputs, or from the halves of one input's last axis; scale = softplus(second). */
function locationScale(
  name: string,
  family: new (config: {loc: tf.Tensor; scale: tf.Tensor}) => Distribution,
): DistributionMaker {
  const who = `stl.${name}`;
  const outputShape = (inputs: LayerShape[]): LayerShape => {
    const [shape, second] = inputs as [LayerShape, LayerShape?]; // a layer has an input
    if (second !== undefined) {
      extension.check(
        inputs.length === 2 && second.length === shape.length && second.every((d, i) => d === shape[i]),
        who,
        'two inputs, locations and raw scales, must have one shape',
        inputs,
      );
      return shape;
    }
    const last = shape[shape.length - 1];
    if (typeof last !== 'number' || last % 2 !== 0) {
      return extension.fail(
        who,
        "the input's last axis must be even, locations first and raw scales second, or give two inputs",
        last,
      );
    }
    return [...shape.slice(0, -1), last / 2];
  };
  return {
    make(inputs) {
      outputShape(inputs.map(x => x.shape));
      const [loc, raw] = inputs.length === 2 ? inputs : tf.split(inputs[0]!, 2, -1);
      return new family({loc: loc!, scale: tf.softplus(raw!)});
    },
    outputShape,
  };
}

const own = {
  bernoulli: single('bernoulli', logits => new Bernoulli({logits})),
  oneHotCategorical: single('oneHotCategorical', logits => new OneHotCategorical({logits})),
  exponential: single('exponential', raw => new Exponential({rate: tf.softplus(raw)})),
  normal: locationScale('normal', Normal),
  laplace: locationScale('laplace', Laplace),
  logistic: locationScale('logistic', Logistic),
  gumbel: locationScale('gumbel', Gumbel),
};

/** The name of a family: those of the library are offered by an editor, any other may be registered. */
export type DistributionName = keyof typeof own | (string & {});

const makers = new Map<string, DistributionMaker>(Object.entries(own));

/** What people call them elsewhere. */
const MEANT = extension.synonyms([
  [['normal'], ['gaussian', 'gauss', 'multivariatenormaldiag', 'diagonalgaussian']],
  [['oneHotCategorical'], ['categorical', 'onehot', 'softmax', 'multinomial', 'discrete']],
  [['bernoulli'], ['binary', 'sigmoid', 'bit', 'bits']],
]);

/** The maker of a name; throws in the name of `who` for an unknown one. */
export function findMaker(who: string, name: string): DistributionMaker {
  return makers.get(name) ?? extension.failUnknown(who, 'distribution', name, makers.keys(), MEANT);
}

/**
 * Gives a name to a maker of one's own, so that models with it can be saved and loaded. The name must be in camelCase:
 * tfjs-layers rewrites others on the way to JSON and back.
 */
export function registerDistribution(name: string, maker: DistributionMaker): void {
  const who = 'registerDistribution';
  extension.check(
    typeof name === 'string' && /^[a-z][A-Za-z0-9]*$/.test(name),
    who,
    'the name must be in camelCase',
    name,
  );
  extension.check(
    typeof maker?.make === 'function' && typeof maker.outputShape === 'function',
    who,
    'the maker must have functions make and outputShape',
    maker,
  );
  extension.check(!makers.has(name), who, 'the name is taken', name);
  makers.set(name, maker);
}
