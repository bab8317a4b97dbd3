/** Variables that are random: what is trained is their distribution. */
import * as tf from '@tensorflow/tfjs-core';
import {brand} from '../util/copy.js';
import {floatTensor} from '../util/numbers.js';
import {check} from '../util/errors.js';
import {checkKeys, checkText} from '../util/options.js';
import {sameShape, tryBroadcast} from '../util/shapes.js';
import {Distribution} from '../distributions/distribution.js';
import {independent} from '../distributions/independent.js';
import {klDivergence, type MonteCarloOptions} from '../distributions/kl.js';
import {ensureKernels} from '../kernels/index.js';
import {DistributionTensor, type DistributionTensorOptions} from '../graph/distributionTensor.js';
import {registerPrior} from './latents.js';
import {unconstrained, type Unconstrained} from './unconstrained.js';

const WHO = 'stochasticVariable';

/** The name of a random variable, and how its draws are trained through. */
export interface StochasticVariableOptions<D extends Distribution = Distribution> {
  /** Of the nodes that it draws, and before each parameter in the names of its variables; default those of tfjs. */
  name?: string;
  /** For its draws. Default: as for `DistributionTensor`. */
  estimator?: DistributionTensorOptions<D>['estimator'];
}

/** How to draw: see `DistributionTensor`. */
export type DrawVariableOptions = Pick<DistributionTensorOptions, 'valueType' | 'key'>;

/** A parameter's variable, and the map from it to the parameter. */
interface Trained {
  readonly variable: tf.Variable;
  readonly map: Unconstrained;
}

/** A random variable whose distribution is trained; made by `stochasticVariable`. */
export class StochasticVariable<D extends Distribution = Distribution> {
  /** Of the nodes that it draws; that of the posterior's family where none was given. */
  readonly name: string;
  /** As it was given: what the draws' terms in an ELBO are relative to. */
  readonly prior: Distribution;
  readonly #posterior: D;
  readonly #options: DistributionTensorOptions;
  readonly #trained: ReadonlyMap<string, Trained>;

  constructor(posterior: D, prior: Distribution, options: StochasticVariableOptions<D> = {}) {
    brand(StochasticVariable.prototype, 'StochasticVariable');
    check(posterior instanceof Distribution, WHO, 'the posterior must be a distribution', posterior);
    check(prior instanceof Distribution, WHO, 'the prior must be a distribution', prior);
    checkKeys(WHO, options, ['name', 'estimator']);
    const {name} = options;
    if (name !== undefined) checkText(WHO, 'name', name);
    const {eventShape, batchShape} = posterior;
    check(
      sameShape(prior.eventShape, eventShape),
      WHO,
      `the prior must have the posterior's event shape [${eventShape.join(',')}]`,
      prior.eventShape,
    );
    check(
      sameShape(tryBroadcast([prior.batchShape, batchShape]) ?? [NaN], batchShape),
      WHO,
      `the prior's batch must broadcast to the posterior's [${batchShape.join(',')}]`,
      prior.batchShape,
    );
    const tensors = Object.entries(posterior.tensors());
    check(
      tensors.length > 0,
      WHO,
      'the posterior must have a parameter that is a tensor: those are trained',
      posterior,
    );
    const maps = tensors.map(([parameter]) => unconstrained(WHO, parameter, posterior.parameterConstraints[parameter]));
    const names = tensors.map(([parameter]) => (name === undefined ? undefined : `${name}/${parameter}`));
    names.forEach(n =>
      check(
        n === undefined || !(n in tf.engine().registeredVariables),
        WHO,
        'the name must be new: there is a variable',
        n,
      ),
    );
    ensureKernels();
    this.name = name ?? posterior.name;
    this.prior = prior;
    this.#posterior = posterior;
    // D has done its part: the type checker has compared the two
    const {estimator} = options as object as StochasticVariableOptions;
    this.#options = {...(estimator === undefined ? {} : {estimator}), ...(name === undefined ? {} : {name})};
    this.#trained = new Map(
      tensors.map(([parameter, start], i) => {
        const map = maps[i]!;
        return [
          parameter,
          {
            map,
            variable: tf.tidy(() =>
              tf.variable(map.inverse(floatTensor('stochasticVariable', 'a parameter', start)), true, names[i]),
            ),
          },
        ];
      }),
    );
  }

  /** What is trained, free of constraints: one variable for each parameter that was given as a tensor. */
  get variables(): tf.Variable[] {
    return [...this.#trained.values()].map(({variable}) => variable);
  }

  /** q as it is now. Its parameters are new tensors, or variables: call it in a tidy or a gradient scope. */
  distribution(): D {
    const {name} = this;
    const tensors = tf.tidy(() =>
      Object.fromEntries(
        [...this.#trained].map(([parameter, {variable, map}]) => {
          check(!variable.isDisposed, WHO, `${JSON.stringify(name)} was disposed`);
          return [parameter, map.forward(variable)];
        }),
      ),
    );
    return this.#posterior.withTensors(tensors);
  }

  /**
   * A node with a new draw, its prior registered. Every example of a batch of data bears on all of it, so the node has
   * the posterior's batch axes as event axes: its log-probability has the shape `[sample…]`. Draw once in a step: to
   * `elbo` each draw is a latent of its own. Call it in a tidy or a gradient scope.
   */
  draw(options: DrawVariableOptions = {}): DistributionTensor {
    checkKeys(`${WHO}.draw`, options, ['valueType', 'key']);
    const q = this.distribution();
    const {batchShape} = q;
    const whole = (d: Distribution): Distribution => (batchShape.length === 0 ? d : independent(d, batchShape.length));
    const node = new DistributionTensor(whole(q), {...options, ...this.#options});
    registerPrior(
      node,
      whole(sameShape(this.prior.batchShape, batchShape) ? this.prior : this.prior.expand([...batchShape])),
    );
    return node;
  }

  /** KL(q ‖ prior), summed over the batch: a scalar. By draws only where `samples` is given, as in `klDivergence`. */
  divergence(options: MonteCarloOptions = {}): tf.Scalar {
    return tf.tidy(() => tf.sum(klDivergence(this.distribution(), this.prior, options)));
  }

  /** Disposes the variables. */
  dispose(): void {
    tf.dispose(this.variables);
  }
}

/**
 * A variable that is random, as get_stochastic_variable of tf.contrib.bayesflow: its distribution q is trained and each
 * step draws it anew. With `divergence()` added to the expected cost, or by `elbo` with `keepBatchDim: false`, this is
 * Bayes by backprop (Blundell et al. 2015, eq. 1): minimise KL(q ‖ prior) − E_q[ln p(data|w)].
 *
 * The parameters of `posterior` that are tensors are the start of `variables`, which an optimizer may move freely:
 * positive ones are trained through softplus, probabilities through the sigmoid or softmax, triangular factors through
 * `FillScaleTriL`. Numbers and arrays stay as they are. The tensors that were given are not needed any more; those of
 * the prior are.
 * @throws where no parameter is a tensor, one has no such map, or the prior's shapes do not fit
 */
export function stochasticVariable<D extends Distribution>(
  posterior: D,
  prior: Distribution,
  options: StochasticVariableOptions<D> = {},
): StochasticVariable<D> {
  return new StochasticVariable(posterior, prior, options);
}
