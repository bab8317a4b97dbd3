/**
 * Matrix products of float32: 8 columns of the right operand are copied into a panel that stays in the cache, and 4 rows
 * of the left one meet it at a time.
 */

/** Terms added up in one go: a panel of so many rows takes 32 kB. */
const PANEL_ROWS: i32 = 1024;

/** Copies columns j to j + 7 of rows `from` to `to` of b, zeros beyond column n. Strides in bytes. */
function pack(panel: usize, b: usize, from: i32, to: i32, j: i32, n: i32, rowB: usize, colB: usize): void {
  const width = min(n - j, 8);
  let source = b + (<usize>from) * rowB + (<usize>j) * colB;
  let rows = to - from;
  if (width == 8 && colB == 4) {
    for (; rows > 0; rows--, source += rowB, panel += 32) {
      v128.store(panel, v128.load(source));
      v128.store(panel, v128.load(source, 16), 16);
    }
    return;
  }
  if (width == 8 && rowB == 4) {
    // columns lie one after the other: squares of 4 are turned
    for (; rows >= 4; rows -= 4, source += 16, panel += 128) {
      for (let half: usize = 0; half < 2; half++) {
        const at = source + half * 4 * colB;
        const c0 = v128.load(at);
        const c1 = v128.load(at + colB);
        const c2 = v128.load(at + 2 * colB);
        const c3 = v128.load(at + 3 * colB);
        const low01 = i8x16.shuffle(c0, c1, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
        const high01 = i8x16.shuffle(c0, c1, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
        const low23 = i8x16.shuffle(c2, c3, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23);
        const high23 = i8x16.shuffle(c2, c3, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31);
        const to = panel + half * 16;
        v128.store(to, i8x16.shuffle(low01, low23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23));
        v128.store(to, i8x16.shuffle(low01, low23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 32);
        v128.store(to, i8x16.shuffle(high01, high23, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), 64);
        v128.store(to, i8x16.shuffle(high01, high23, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31), 96);
      }
    }
  }
  for (; rows > 0; rows--, source += rowB, panel += 32) {
    for (let i = 0; i < 8; i++) {
      store<f32>(panel + (<usize>i << 2), i < width ? load<f32>(source + (<usize>i) * colB) : 0);
    }
  }
}

/** The first `width` of 8 numbers. */
function put(c: usize, low: v128, high: v128, width: i32): void {
  if (width == 8) {
    v128.store(c, low);
    v128.store(c, high, 16);
    return;
  }
  let rest = low;
  if (width >= 4) {
    v128.store(c, low);
    c += 16;
    width -= 4;
    rest = high;
  }
  if (width > 0) store<f32>(c, f32x4.extract_lane(rest, 0));
  if (width > 1) store<f32>(c, f32x4.extract_lane(rest, 1), 4);
  if (width > 2) store<f32>(c, f32x4.extract_lane(rest, 2), 8);
}

/** Four of 8 numbers of which the first `width` are there, from `first` on. */
function take(c: usize, width: i32, first: i32): v128 {
  if (width >= first + 4) return v128.load(c + (<usize>first << 2));
  let x = f32x4.splat(0);
  if (width > first) x = f32x4.replace_lane(x, 0, load<f32>(c + (<usize>first << 2)));
  if (width > first + 1) x = f32x4.replace_lane(x, 1, load<f32>(c + (<usize>first << 2), 4));
  if (width > first + 2) x = f32x4.replace_lane(x, 2, load<f32>(c + (<usize>first << 2), 8));
  return x;
}

/**
 * c = a·b, plus `bias` (one number a column) where that is not 0: [m, k]·[k, n]. Strides of the operands in bytes; c is
 * dense. `panel` points to PANEL_ROWS·32 bytes.
 */
export function product(
  c: usize,
  a: usize,
  b: usize,
  m: i32,
  k: i32,
  n: i32,
  rowA: usize,
  colA: usize,
  rowB: usize,
  colB: usize,
  bias: usize,
  panel: usize,
): void {
  const rowC = (<usize>n) << 2;
  for (let from = 0; from < k; from += PANEL_ROWS) {
    const to = min(from + PANEL_ROWS, k);
    for (let j = 0; j < n; j += 8) {
      const width = min(n - j, 8);
      // few rows read a panel once: where it lies well it is not copied
      const isCopied = m > 4 || width < 8 || colB != 4;
      if (isCopied) pack(panel, b, from, to, j, n, rowB, colB);
      const start = isCopied ? panel : b + (<usize>from) * rowB + ((<usize>j) << 2);
      const step: usize = isCopied ? 32 : rowB;
      const end = start + (<usize>(to - from)) * step;
      let at = a + (<usize>from) * colA;
      let out = c + ((<usize>j) << 2);
      let low = f32x4.splat(0);
      let high = f32x4.splat(0);
      if (bias != 0 && from == 0) {
        low = take(bias + ((<usize>j) << 2), width, 0);
        high = take(bias + ((<usize>j) << 2), width, 4);
      }
      let i = 0;
      for (; i + 4 <= m; i += 4, at += 4 * rowA, out += 4 * rowC) {
        let l0 = low, l1 = low, l2 = low, l3 = low;
        let h0 = high, h1 = high, h2 = high, h3 = high;
        if (from > 0) {
          l0 = take(out, width, 0);
          h0 = take(out, width, 4);
          l1 = take(out + rowC, width, 0);
          h1 = take(out + rowC, width, 4);
          l2 = take(out + 2 * rowC, width, 0);
          h2 = take(out + 2 * rowC, width, 4);
          l3 = take(out + 3 * rowC, width, 0);
          h3 = take(out + 3 * rowC, width, 4);
        }
        let x0 = at;
        let x1 = at + rowA;
        let x2 = at + 2 * rowA;
        let x3 = at + 3 * rowA;
        for (let p = start; p != end; p += step) {
          const b0 = v128.load(p);
          const b1 = v128.load(p, 16);
          const a0 = v128.load32_splat(x0);
          const a1 = v128.load32_splat(x1);
          const a2 = v128.load32_splat(x2);
          const a3 = v128.load32_splat(x3);
          l0 = f32x4.add(l0, f32x4.mul(a0, b0));
          h0 = f32x4.add(h0, f32x4.mul(a0, b1));
          l1 = f32x4.add(l1, f32x4.mul(a1, b0));
          h1 = f32x4.add(h1, f32x4.mul(a1, b1));
          l2 = f32x4.add(l2, f32x4.mul(a2, b0));
          h2 = f32x4.add(h2, f32x4.mul(a2, b1));
          l3 = f32x4.add(l3, f32x4.mul(a3, b0));
          h3 = f32x4.add(h3, f32x4.mul(a3, b1));
          x0 += colA;
          x1 += colA;
          x2 += colA;
          x3 += colA;
        }
        put(out, l0, h0, width);
        put(out + rowC, l1, h1, width);
        put(out + 2 * rowC, l2, h2, width);
        put(out + 3 * rowC, l3, h3, width);
      }
      for (; i < m; i++, at += rowA, out += rowC) {
        let l0 = low;
        let h0 = high;
        if (from > 0) {
          l0 = take(out, width, 0);
          h0 = take(out, width, 4);
        }
        // two sums of every other term: one would wait for itself
        let l1 = f32x4.splat(0);
        let h1 = f32x4.splat(0);
        let x = at;
        let p = start;
        for (let rows = to - from; rows >= 2; rows -= 2, p += 2 * step, x += 2 * colA) {
          const a0 = v128.load32_splat(x);
          const a1 = v128.load32_splat(x + colA);
          l0 = f32x4.add(l0, f32x4.mul(a0, v128.load(p)));
          h0 = f32x4.add(h0, f32x4.mul(a0, v128.load(p, 16)));
          l1 = f32x4.add(l1, f32x4.mul(a1, v128.load(p + step)));
          h1 = f32x4.add(h1, f32x4.mul(a1, v128.load(p + step, 16)));
        }
        if (p != end) {
          const a0 = v128.load32_splat(x);
          l0 = f32x4.add(l0, f32x4.mul(a0, v128.load(p)));
          h0 = f32x4.add(h0, f32x4.mul(a0, v128.load(p, 16)));
        }
        put(out, f32x4.add(l0, l1), f32x4.add(h0, h1), width);
      }
    }
  }
}
