/** Ranks of costs: what a strategy that only compares sees of them. */

/** The indices of `costs` from the least cost to the greatest; equal ones keep their order. */
export function ascending(costs: ArrayLike<number>): number[] {
  return Array.from({length: costs.length}, (_, i) => i).sort((a, b) =>
    costs[a]! < costs[b]! ? -1 : costs[a]! > costs[b]! ? 1 : a - b,
  );
}

/**
 * Ranks spread evenly over [−1/2, 1/2], the least cost at −1/2; equal costs share the mean of their ranks, so the sum
 * is 0. Salimans et al. 2017, section 2.1.
 */
export function centeredRanks(costs: ArrayLike<number>): number[] {
  const order = ascending(costs);
  const ranks = new Array<number>(order.length);
  for (let first = 0, next = 0; first < order.length; first = next) {
    while (next < order.length && costs[order[next]!] === costs[order[first]!]) next++;
    for (let i = first; i < next; i++) ranks[order[i]!] = (first + next - 1) / 2 / (order.length - 1) - 0.5;
  }
  return ranks;
}
