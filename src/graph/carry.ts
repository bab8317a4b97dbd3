/** What a simulator returned, on its way back into the graph. */
import * as tf from '@tensorflow/tfjs-core';
import {check} from '../util/errors.js';
import {checkKeys} from '../util/options.js';
import {isTensor} from '../util/tensors.js';
import {checkTensor, type Numbers} from '../util/numbers.js';
import {detach} from '../math/stopGradient.js';
import {conventionalAxes} from './axes/convention.js';
import {toConstant} from './cost.js';
import {behind, depend, knownLead, leadIn, readDependsOn, alongLead, type DependsOn} from './dependsOn.js';
import {linkOf, linkOfValue} from './nodeLink.js';

/** What `carry` hangs on. */
export interface CarryOptions {
  /** What the state came of: the last state, as `carry` returned it, and the last action; `[]` for the first state. */
  dependsOn: DependsOn;
}

/**
 * A state from outside tfjs as part of the graph: a constant tensor `[sample…, batch…, …]` that lies downstream of the
 * nodes and tensors in `dependsOn`, and so does all that is made of it. A simulator's state is what later costs hang on,
 * and numbers that were read off tensors carry no influence by themselves: carried from step to step, each state by the
 * last one and the last action, it credits every action with all costs from its step on (the reward-to-go; Schulman et
 * al. 2015, Gradient estimation using stochastic computation graphs, section 2.3, example 5), with one
 * `cost(reward, {dependsOn: [state, action]})` a step.
 *
 * The leading axes of a state are those of the nodes' log-probabilities, or 1 where one state serves all; last states
 * without the sample axes of the last action serve all its samples. Of other tensors in `dependsOn` the first axes are
 * taken for these. A tensor keeps its dtype, all else becomes float32.
 * @throws if a number is not finite, the axes do not fit, or `dependsOn` is missing or names a node of a gradient scope
 * that is over
 * @example
 * ```ts
 * const logits = tf.variable(tf.zeros([2, 2]));
 * let place = 0; // of a simulator
 * st.variableGrads(() => {
 *   let state = st.carry([place], {dependsOn: []});
 *   return [0, 1].map(() => {
 *     const seen = tf.gather(logits, tf.cast(tf.squeeze(state), 'int32'));
 *     const action = new st.DistributionTensor(new st.Categorical({logits: seen}), {estimator: 'scoreFunction'});
 *     place = (place + action.value.dataSync()[0]) % 2;
 *     const reward = st.cost(-place, {dependsOn: [state, action]});
 *     state = st.carry([place], {dependsOn: [state, action]});
 *     return reward;
 *   });
 * }, [logits]);
 * ```
 */
export function carry(state: Numbers, options: CarryOptions): tf.Tensor {
  const who = 'carry';
  const how = 'write st.carry(state, {dependsOn: [last state, last action]}), or [] for the first state';
  check(options !== undefined, who, `what the state came of is missing: ${how}`);
  checkKeys(who, options, ['dependsOn']);
  check(options.dependsOn !== undefined, who, `dependsOn is missing: ${how}`);
  const {nodes: named, tensors} = readDependsOn(who, options.dependsOn, true);
  const links = [
    ...named.map(node => linkOf(who, node)),
    ...tensors.flatMap(t => linkOfValue(t) ?? []), // the value of a node is as good
  ];
  const others = tensors.filter(t => linkOfValue(t) === undefined);
  const own = isTensor(state) ? detach(checkTensor(who, 'the state', state)) : toConstant(who, state);
  try {
    const deepest = Math.max(
      0,
      ...links.map(({shape}) => shape.length),
      ...others.map(t => Math.min(knownLead(t) ?? 1, t.rank)),
    );
    const heads = own.shape.slice(0, deepest);
    for (const link of links)
      check(
        conventionalAxes(link, heads) !== null,
        who,
        `the state must have the axes [${link.shape.join(',')}] of node ${JSON.stringify(link.node.name)} in front, or 1 ` +
          'where one state serves all',
        own,
      );
    const sources = others.map(t => {
      const lead = t.isDisposed ? null : leadIn(t, heads);
      const rule = `a tensor in dependsOn must be alive and have the state's axes in front, [${heads.join(',')}], or 1 where it serves all`;
      check(lead !== null, who, rule, t);
      return () => alongLead(t, lead, own.shape);
    });
    const result = behind(own, sources);
    depend(
      result,
      links.map(({node}) => node),
      heads.length,
    );
    return result;
  } catch (error) {
    own.dispose();
    throw error;
  }
}
