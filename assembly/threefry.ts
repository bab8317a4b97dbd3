/** Threefry-2x32-20 on four blocks at a time; src/keys/threefry.ts says what a block is. */

/** The parity word of the key schedule. */
const PARITY: u32 = 0x1bd11bda;

// @ts-ignore: decorator
@inline
function turned(x: v128, by: i32): v128 {
  return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by));
}

/**
 * Writes the words of blocks first, first + 1, … of a key to memory, in their order: 2·blocks words, where `blocks` is
 * rounded up to a multiple of 4.
 */
export function words(out: usize, blocks: i32, k0: u32, k1: u32, domain: u32, first: u32): void {
  const k2 = k0 ^ k1 ^ PARITY;
  const v0 = i32x4.splat(k0);
  const v1 = i32x4.splat(k1);
  const v2 = i32x4.splat(k2);
  const v2p1 = i32x4.splat(k2 + 1);
  const v0p2 = i32x4.splat(k0 + 2);
  const v1p3 = i32x4.splat(k1 + 3);
  const v2p4 = i32x4.splat(k2 + 4);
  const v0p5 = i32x4.splat(k0 + 5);
  const start = i32x4.splat(domain + k1);
  const step = i32x4.splat(4);
  let index = i32x4.add(i32x4.splat(first + k0), i32x4(0, 1, 2, 3));
  for (let i = 0; i < blocks; i += 4, out += 32) {
    let a = index;
    let b = start;
    index = i32x4.add(index, step);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 13), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 15), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 26), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 6), a);
    a = i32x4.add(a, v1);
    b = i32x4.add(b, v2p1);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 17), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 29), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 16), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 24), a);
    a = i32x4.add(a, v2);
    b = i32x4.add(b, v0p2);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 13), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 15), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 26), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 6), a);
    a = i32x4.add(a, v0);
    b = i32x4.add(b, v1p3);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 17), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 29), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 16), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 24), a);
    a = i32x4.add(a, v1);
    b = i32x4.add(b, v2p4);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 13), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 15), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 26), a);
    a = i32x4.add(a, b);
    b = v128.xor(turned(b, 6), a);
    a = i32x4.add(a, v2);
    b = i32x4.add(b, v0p5);
    v128.store(out, i8x16.shuffle(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23));
    v128.store(out, i8x16.shuffle(a, b, 8, 9, 10, 11, 24, 25, 26, 27, 12, 13, 14, 15, 28, 29, 30, 31), 16);
  }
}
