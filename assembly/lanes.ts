/** Four floats at a time, and the last one to three. */

// @ts-ignore: decorator
@inline
export function part(at: usize, rest: i32): v128 {
  return rest >= 4 ? v128.load(at) : few(at, rest);
}

function few(at: usize, rest: i32): v128 {
  let x = v128.load32_zero(at);
  if (rest > 1) x = f32x4.replace_lane(x, 1, load<f32>(at, 4));
  if (rest > 2) x = f32x4.replace_lane(x, 2, load<f32>(at, 8));
  return x;
}

// @ts-ignore: decorator
@inline
export function set(at: usize, x: v128, rest: i32): void {
  if (rest >= 4) v128.store(at, x);
  else setFew(at, x, rest);
}

function setFew(at: usize, x: v128, rest: i32): void {
  store<f32>(at, f32x4.extract_lane(x, 0));
  if (rest > 1) store<f32>(at, f32x4.extract_lane(x, 1), 4);
  if (rest > 2) store<f32>(at, f32x4.extract_lane(x, 2), 8);
}

/** Two doubles and two more as four floats. */
// @ts-ignore: decorator
@inline
export function floats(low: v128, high: v128): v128 {
  return i8x16.shuffle(
    f32x4.demote_f64x2_zero(low), f32x4.demote_f64x2_zero(high),
    0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23,
  );
}
