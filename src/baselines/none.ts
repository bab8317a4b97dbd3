import type {Baseline} from './baseline.js';

/** No baseline: the advantage is the cost itself (Williams 1992, REINFORCE with b = 0). */
export function none(): Baseline {
  return {
    kind: 'baseline',
    name: 'none',
    config: {},
    source: 'Williams 1992',
    advantage: (_, {total}) => ({advantage: total}),
  };
}
