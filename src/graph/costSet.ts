/** Immutable sets of costs that remember how they came about, so that sums over nested sets can be shared. */

export class CostSet {
  private constructor(
      private readonly words: Uint32Array,
      /** The two sets that this is the union of; null for a single cost. */
      readonly parts: readonly [CostSet, CostSet] | null,
      /** The index of a single cost; -1 for a union. */
      readonly index: number) {}

  /** The set of one cost out of `count`. */
  static of(index: number, count: number): CostSet {
    const words = new Uint32Array((count + 31) >>> 5);
    words[index >>> 5] = 1 << (index & 31);
    return new CostSet(words, null, index);
  }

  /** The union; one of the arguments itself where it holds the other. */
  static union(a: CostSet, b: CostSet): CostSet {
    if (a === b || a.includes(b)) return a;
    if (b.includes(a)) return b;
    const words = Uint32Array.from(a.words, (w, i) => w | b.words[i]!);
    return new CostSet(words, [a, b], -1);
  }

  has(index: number): boolean {
    return (this.words[index >>> 5]! >>> (index & 31) & 1) === 1;
  }

  includes(other: CostSet): boolean {
    return this.words.every((w, i) => (other.words[i]! & ~w) === 0);
  }

  intersects(other: CostSet): boolean {
    return this.words.some((w, i) => (w & other.words[i]!) !== 0);
  }
}
