/** What quadratureScalar.ts does, for GPUs. WGSL has no functions as arguments: the loop is made for each exponent. */
import type {ShaderFunction} from '../../kernels/elementwise/definition.js';
import {sigmoidShader, softplusShader} from '../betaDensity/commonShader.js';

/** Past this value of the exponent nothing counts; the first node; the step. */
const END = 22;
const START = -3;
const STEP = 0.45;

export interface TailSource {
  /** Parameters of the functions made, `'a: f32, b: f32'`, and the arguments that pass them on. */
  readonly parameters: string;
  readonly arguments: string;
  /** Expressions of g(s) and of g′(s), which may use what g left in module variables. */
  readonly value: string;
  readonly slope: string;
  /** Expressions of g′(0) and g″(0). */
  readonly slopeAt0: string;
  readonly curvature: string;
  /** Expression of the length over which the rest of the integrand changes; 1 where it is missing. */
  readonly longest?: string;
  /** Statements for a node: `s`, its weight `w`, and `g`, the exponent there. */
  readonly visit: string;
  readonly uses: readonly ShaderFunction[];
}

/** A function `name(parameters) -> bool` that visits all nodes. */
export function tailLoop(name: string, t: TailSource): ShaderFunction {
  return {
    name,
    uses: [sigmoidShader, softplusShader, ...t.uses],
    source: () => `
fn ${name}Guess(level: f32, slope: f32, curvature: f32) -> f32 {
  return min(40.0, 2.0 * level / (slope + sqrt(slope * slope + 2.0 * level * curvature)));
}

fn ${name}(${t.parameters}) -> bool {
  let slope: f32 = ${t.slopeAt0};
  let curvature: f32 = ${t.curvature};
  // where g is 1, then where it ends, by Newton's method from above
  var level: f32 = 1.0;
  var s: f32 = ${name}Guess(level, slope, curvature);
  var unit: f32 = s;
  for (var i: i32 = 0; i < 16; i = i + 1) {
    let g: f32 = ${t.value};
    let next: f32 = s - (g - level) / (${t.slope});
    s = select(0.5 * s, next, next > 0.0);
    if (abs(g - level) < 0.1 * level || i == 7) {
      if (level > 1.0) { break; }
      unit = s;
      level = ${END}.0;
      s = max(s, ${name}Guess(level, slope, curvature));
    }
  }
  let end: f32 = s;
  let length: f32 = min(unit, ${t.longest ?? '1.0'});
  let last: f32 = end / length;
  for (var i: i32 = 0; i < 200; i = i + 1) {
    let u: f32 = ${START}.0 + ${STEP} * f32(i);
    if (u > last) { break; }
    let e: f32 = exp(-u);
    s = length * betaSoftplus(u - e);
    let w: f32 = length * ${STEP} * (1.0 + e) * betaSigmoid(u - e);
    let g: f32 = ${t.value};
    ${t.visit}
  }
  return true;
}`,
  };
}
