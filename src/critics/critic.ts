import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkKeys, checkBoolean, checkFunction, checkOneOf} from '../util/options.js';
import {sizeOf} from '../util/shapes.js';
import {positive} from '../constraints/numberSets.js';
import {checkNumber} from '../constraints/check.js';
import {grow} from '../math/grow.js';
import {detach} from '../math/stopGradient.js';
import {isModel, readNetwork} from '../baselines/network.js';
import type {Estimator, Objective} from '../graph/estimator.js';
import type {NodeView} from '../graph/nodeView.js';
import type {Requirement} from '../graph/estimatorFacts.js';
import {nameLarge} from '../graph/estimatorRegistry.js';
import {isStateFrozen} from '../graph/estimatorStore.js';
import type {StochasticTensor} from '../graph/stochasticTensor.js';
import {checkUnits} from '../estimators/lax.js';
import {contextFeatures, featuresBeside, joinRows, valueFeatures, type Context} from './criticFeatures.js';
import {know, registerCritic, type Critic, type Known} from './known.js';
import {LateCosts, lateNetwork} from './late.js';
import {Networks, type CriticNetwork} from './criticNetworks.js';
import {chooseSignal, signalNames, type SignalChoice, type SignalName} from './signalName.js';
import {drawFor, signalOf} from './signals.js';
import {isTabular, tabular, type Tabular} from './tabular.js';
import {readTarget, type CriticTarget} from './target.js';
import {targetNetwork, type TargetNetworkConfig} from './targetNetwork.js';
import {checkReplay, TransitionReplay, type ReplayConfig} from './transitionReplay.js';

/** What a critic learns, from what it sees, and how it becomes a gradient. */
export interface CriticConfig {
  /**
   * What Q regresses on: the costs as they were seen, or what critics further down expect. No default: it decides what
   * is learnt.
   */
  target: CriticTarget;
  /** `controlVariate` (default) is unbiased whatever Q is; `alone` passes on what Q says, with its error. */
  use?: 'controlVariate' | 'alone';
  /**
   * Q, from rows `[rows, value and context features]` to `[rows]` or `[rows, 1]`: a function, `{call, variables}`, a
   * tfjs-layers model or `tabular()`. It serves every node of this critic. Default: a perceptron of the critic's own
   * for each node.
   */
  network?: CriticNetwork;
  /**
   * What lies upstream and bears on the node's costs beside its value; it must not depend on the node's draw. Default:
   * the parameters of the node's distribution.
   */
  context?: Context;
  /**
   * How Q becomes a gradient. Default: the first of `support` (up to 64 values), `pathwise` and `relaxed` that the
   * distribution has.
   */
  signal?: SignalName;
  /** Learns from draws of earlier steps. */
  replay?: ReplayConfig;
  /** Bootstraps with a slow copy of Q. */
  targetNetwork?: TargetNetworkConfig;
  /**
   * Whether one default network, or one table, serves every node of this critic: then the context should tell them
   * apart. Default false.
   */
  shared?: boolean;
  /** Hidden widths of the default network; default [100]. */
  units?: readonly number[];
  /** Of the relaxed signal; default 0.5. */
  temperature?: number;
}

const WHO = 'critic';
const OPTIONS = [
  'target',
  'use',
  'network',
  'context',
  'signal',
  'replay',
  'targetNetwork',
  'shared',
  'units',
  'temperature',
];

/**
 * Backprop-Q: a local surrogate cost at a random node (Xu et al. 2018). Q(x, context) learns the expected cost
 * downstream by regression, (Q − G)², where the target G is the cost that was seen or what critics further down expect.
 * The gradient at the node is then
 *
 * - `alone`: ∂/∂θ E_x Q(x), by the sum over the support, through a reparameterised draw or through a relaxed one.
 *   Biased by the error of Q;
 * - `controlVariate`: (f − L − Q(x)) ∂/∂θ log p(x|θ) + ∂/∂θ E_x Q(x), unbiased for every Q (as Grathwohl et al. 2018,
 *   eq. 5 and 8). L = Σ Q(x′) − E Q(x′) over critics further down with a finite support is what chance added after this
 *   draw; its mean is 0 given this draw.
 *
 * Q's variables are trained by its regression alone, in `st.variableGrads` and `stochasticOptimizer`. A critic also
 * stands in for costs that arrive late (`st.cost` of a promise).
 * @throws without a target; at a node that no signal can serve; if the network returns another shape
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2]));
 * const estimator = st.critic({target: 'monteCarlo', units: [8]});
 * const {grads} = st.variableGrads(() => {
 *   const b = new st.DistributionTensor(new st.Bernoulli({logits}), {estimator});
 *   return tf.square(tf.sub(b.value, 0.25));
 * }, [logits]);
 * grads[logits.name].shape; // [2]
 * ```
 */
export function critic(config: CriticConfig): Estimator {
  checkKeys(WHO, config, OPTIONS);
  const {use = 'controlVariate', units: widths = [100], temperature = 0.5, shared = false, context, replay} = config;
  const target = readTarget(WHO, config.target);
  checkOneOf(WHO, 'use', use, ['controlVariate', 'alone']);
  if (config.signal !== undefined) checkOneOf(WHO, 'signal', config.signal, signalNames);
  if (context !== undefined) checkFunction(WHO, 'context', context, 'of the node');
  checkBoolean(WHO, 'shared', shared);
  checkNumber(WHO, 'temperature', temperature, positive);
  checkUnits(WHO, widths);
  const units = [...widths]; // networks are made later, when lists may have changed
  if (replay !== undefined) checkReplay(`${WHO}: replay`, replay);
  if (config.targetNetwork !== undefined) targetNetwork(() => tf.scalar(0), config.targetNetwork); // checks its config
  const given = config.network === undefined ? null : readNetwork(WHO, 'network', config.network);
  const table = isTabular(config.network) ? (config.network as Tabular) : null; // isTabular says so
  const choice: SignalChoice = {asked: config.signal ?? null, use, isTable: table !== null};
  check(
    table === null || choice.asked === null || choice.asked === 'support',
    WHO,
    'a table has no derivatives: its signal must be "support"',
    choice.asked,
  );

  const networks = new Networks(WHO, {
    given,
    shared,
    units,
    target: config.targetNetwork ?? null,
    isPlain: context === undefined,
  });
  const transitions = replay === undefined ? null : new TransitionReplay(WHO, replay);
  const late = new LateCosts(
    WHO,
    lateNetwork(units),
    table === null ? null : () => tabular({contexts: table.contexts}),
  );
  const self: Critic = {
    lambda: target.kind === 'monteCarlo' ? 1 : target.lambda,
    isSlow: config.targetNetwork !== undefined,
    signal: view => chooseSignal(view.distribution, choice)!, // `requires` made sure of one
    context: view => contextFeatures(WHO, view, context),
    predict: (view, rows) => networks.predict(view, rows),
    bootstrap: (view, rows) => networks.bootstrap(view, rows),
  };

  /** (Q − G)² for the draws of this step, or for some of those that are kept. */
  const regression = (known: Known, cost: tf.Tensor): Objective => {
    const {view} = known;
    const returns = known.nodes.length === 0 ? cost : self.lambda === 0 && transitions !== null ? null : known.returns;
    const width = known.rows.shape[1]!;
    if (transitions === null || isStateFrozen()) {
      const targets = tf.reshape(grow(detach(returns ?? known.returns), view.shape), [sizeOf(view.shape)]);
      return {loss: tf.square(tf.sub(known.prediction, targets)), variables: networks.variables(view, width)};
    }
    transitions.add(known, returns);
    const lesson = transitions.lesson(known, returns !== null, next => networks.nodeOf(next.view));
    if (lesson === null) return {loss: tf.zeros([1]), variables: []};
    const {rows, targets} = lesson;
    return {
      loss: tf.square(tf.sub(networks.predict(view, rows), detach(targets))),
      variables: networks.variables(view, width),
    };
  };

  const saved =
    context === undefined && replay?.policy === undefined && replay?.key === undefined
      ? {
          target,
          use,
          units: [...units],
          temperature,
          shared,
          ...(config.signal === undefined ? {} : {signal: config.signal}),
          ...(replay === undefined ? {} : {replay: {...replay}}),
          ...(config.targetNetwork === undefined ? {} : {targetNetwork: {...config.targetNetwork}}),
        }
      : null;
  const estimator: Estimator = {
    kind: 'estimator',
    name: WHO,
    config: given === null ? saved : null,
    configWithModels:
      given === null ? saved : saved !== null && isModel(config.network) ? {...saved, network: config.network} : null,
    bias: use === 'alone' ? 'biased' : 'unbiased',
    requires: requirement(choice),
    evaluations: 1,
    source: 'Xu et al. 2018; as a control variate Grathwohl et al. 2018, eq. 5 and 8',
    differentiable: false,
    draw: (distribution, sampleShape, key) =>
      drawFor(chooseSignal(distribution, choice)!, distribution, sampleShape, key), // `requires` made sure of one
    combine(view, {total: cost}, downstream) {
      if (!isStateFrozen()) late.raise();
      const known = know({estimator, view, downstream});
      networks.follow(view, known.rows.shape[1]!);
      const {baseline, alone, compensation} = signalOf(known, temperature);
      const objective = together([regression(known, cost), ...late.lessons(view)]);
      if (use === 'alone') return {surrogate: alone, objective};
      const {luck} = known;
      const residual = tf.sub(luck === null ? cost : tf.sub(cost, luck), baseline);
      return {surrogate: tf.add(tf.mul(view.logProb(), detach(residual)), compensation), objective};
    },
    standIn: (view, cost) => late.standIn(view, detach(rowsOf(view, self.context(view), cost.besides)), cost),
    states: networks.states,
    dispose() {
      networks.dispose();
      transitions?.dispose();
      late.dispose();
    },
  };
  registerCritic(estimator, self);
  return estimator;
}

/** The draws of a node where there are no costs yet, with those of other nodes behind the context. */
function rowsOf(view: NodeView, context: tf.Tensor, besides: readonly StochasticTensor[]): tf.Tensor {
  const rows = joinRows(valueFeatures(view.distribution, view.value, sizeOf(view.shape)), context);
  return besides.reduce((joined, node) => joinRows(joined, featuresBeside(WHO, view, node)), rows);
}

/** One objective: the sum of the losses' means. */
function together(objectives: readonly Objective[]): Objective {
  if (objectives.length === 1) return objectives[0]!;
  return {
    loss: objectives.map(({loss}) => tf.mean(loss)).reduce((a, b) => tf.add(a, b)),
    variables: [...new Set(objectives.flatMap(({variables}) => variables))],
  };
}

function requirement(choice: SignalChoice): Requirement {
  const rules: Record<SignalName, string> = {
    support: 'a finite support (Bernoulli, Categorical, OneHotCategorical, …)',
    pathwise: 'a reparameterised draw (Normal, …)',
    relaxed: 'a continuous relaxation (Bernoulli, Categorical, OneHotCategorical)',
  };
  const ways = choice.asked !== null ? [choice.asked] : choice.isTable ? ['support' as const] : signalNames;
  return {
    rule:
      ways.map(way => rules[way]).join(' or ') +
      (choice.use === 'alone' ? '' : ', in a distribution whose parameters do not move its support'),
    accepts: q => chooseSignal(q, choice) !== null,
  };
}

/**
 * By name a critic may come without a configuration, like every other: then it learns from the costs as they were seen.
 */
export const byName = (config?: Partial<CriticConfig>): Estimator => critic({target: 'monteCarlo', ...config});

nameLarge(WHO, byName);
