/** Immutable sets of costs that remember how they came about, so that sums over nested sets can be shared. */

export class CostSet {
  private constructor(
    private readonly words: Uint32Array,
    /** The two sets that this is the union of; null for a single cost. */
    readonly parts: readonly [CostSet, CostSet] | null,
    /** The index of a single cost; -1 for a union. */
    readonly index: number,
  ) {}

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

  /** What both hold; null if that is nothing. */
  static intersection(a: CostSet, b: CostSet): CostSet | null {
    if (!a.intersects(b)) return null;
    return a.includes(b) ? b : b.includes(a) ? a : CostSet.#ofWords(a.words.map((word, i) => word & b.words[i]!));
  }

  /** What `a` holds and `b` does not; null if that is nothing. */
  static difference(a: CostSet, b: CostSet): CostSet | null {
    if (!a.intersects(b)) return a;
    return b.includes(a) ? null : CostSet.#ofWords(a.words.map((word, i) => word & ~b.words[i]!));
  }

  static #ofWords(words: Uint32Array): CostSet {
    const count = words.length * 32;
    let set: CostSet | null = null;
    for (let i = 0; i < count; i++) {
      if (((words[i >>> 5]! >>> (i & 31)) & 1) === 0) continue;
      const one = CostSet.of(i, count);
      set = set === null ? one : CostSet.union(set, one);
    }
    return set!; // its callers have seen that something is left
  }

  has(index: number): boolean {
    return ((this.words[index >>> 5]! >>> (index & 31)) & 1) === 1;
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
