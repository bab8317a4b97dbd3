/** What rounding takes from a product, for GPUs. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';

/**
 * x·b − y, where y is x·b rounded: by Dekker's products of halves (1971), for which a compiler may put an exact one or 0.
 * 0 where the halves leave the range of float32.
 */
export const productRestShader: ShaderFunction = {
  name: 'productRest',
  source: () => `
fn productRest(x: f32, b: f32, y: f32) -> f32 {
  let cx: f32 = 4097.0 * x;
  let cb: f32 = 4097.0 * b;
  let xh: f32 = cx - (cx - x);
  let bh: f32 = cb - (cb - b);
  let xl: f32 = x - xh;
  let bl: f32 = b - bh;
  let e: f32 = ((xh * bh - y) + xh * bl + xl * bh) + xl * bl;
  return select(0.0, e, abs(e) <= 2e-7 * abs(y));
}`,
};
