/** How a tensor bears on costs: on which, and which of its axes are axes of theirs. */
import {CostSet} from '../costSet.js';
import {join, sameAxes, type Axes} from './factors.js';

export interface Reach {
  /** The axes of the tensor. */
  readonly axes: Axes;
  readonly costs: CostSet;
}

/** Ways to costs of which no cost has two: one for each way in which axes meet. */
export type Reaches = readonly Reach[];

/** Both together. A cost that is reached in two ways has them joined. */
export function mergeReaches(a: Reaches, b: Reaches): Reaches {
  if (a === b) return a;
  let merged = a;
  for (const reach of b) merged = put(merged, reach);
  return merged;
}

function put(reaches: Reaches, {axes, costs}: Reach): Reaches {
  const [only] = reaches;
  if (reaches.length === 1 && sameAxes(only!.axes, axes)) {
    // nearly always
    const union = CostSet.union(only!.costs, costs);
    return union === only!.costs ? reaches : [{axes: only!.axes, costs: union}];
  }
  let rest: CostSet | null = costs;
  const out: Reach[] = [];
  for (const reach of reaches) {
    const both: CostSet | null =
      rest === null || sameAxes(reach.axes, axes) ? null : CostSet.intersection(reach.costs, rest);
    if (both === null) {
      add(out, reach);
      continue;
    }
    const left = CostSet.difference(reach.costs, both);
    if (left !== null) add(out, {axes: reach.axes, costs: left});
    add(out, {axes: join(reach.axes, axes), costs: both});
    rest = CostSet.difference(rest!, both);
  }
  if (rest !== null) add(out, {axes, costs: rest});
  return out;
}

function add(out: Reach[], {axes, costs}: Reach): void {
  const at = out.findIndex(reach => sameAxes(reach.axes, axes));
  if (at < 0) out.push({axes, costs});
  else out[at] = {axes: out[at]!.axes, costs: CostSet.union(out[at]!.costs, costs)};
}

/** The axes by which cost `i` is reached. */
export function axesFor(reaches: Reaches, i: number): Axes {
  return reaches.find(({costs}) => costs.has(i))!.axes; // asked only of costs that are reached
}

/** All costs that are reached. */
export function costsOf(reaches: Reaches): CostSet {
  return reaches.map(({costs}) => costs).reduce((a, b) => CostSet.union(a, b));
}
