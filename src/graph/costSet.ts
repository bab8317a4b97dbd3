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
    const words = a.words.slice();
    for (let i = 0; i < words.length; i++) words[i]! |= b.words[i]!;
    return new CostSet(words, [a, b], -1);
  }

  has(index: number): boolean {
    return (this.words[index >>> 5]! >>> (index & 31) & 1) === 1;
  }

  includes(other: CostSet): boolean {
    for (let i = 0; i < this.words.length; i++) {
      if ((other.words[i]! & ~this.words[i]!) !== 0) return false;
    }
    return true;
  }

  intersects(other: CostSet): boolean {
    for (let i = 0; i < this.words.length; i++) {
      if ((this.words[i]! & other.words[i]!) !== 0) return true;
    }
    return false;
  }
}
