/**
 * One source for both shading languages: functions are written in the part of WGSL that turns into GLSL ES 3.00 word by
 * word.
 *
 * Write `fn f(x: f32, n: i32) -> f32 { … }`; `let a: f32 = …;` and `var a: f32 = …;` with their types; f32, i32, u32
 * and bool and their conversions `f32(i)`; `if (…) {…} else {…}`; `for (var i: i32 = 0; i < 9; i = i + 1) {…}`; `while
 * (…) {…}`; break, return, assignment; `select(no, yes, test)`; numbers of type f32 with a point (`2.0`) or an
 * exponent; words as `13u`; INFINITY and NAN; isnan(x); and what both languages have: exp, log, sqrt, pow, abs, floor,
 * min, max, sin, cos, tan, atan, sign, clamp. No arrays, vectors, structures or pointers: polynomials are unrolled by
 * `horner`. Module variables: `var<private> name: u32;`. Parameters cannot be assigned to. Every name of a function or
 * a module variable is unique in the library.
 */
import type {ShaderFunction} from './definition.js';

/** c0 + x·(c1 + x·(…)) as an expression, coefficients in rising order. */
export function horner(x: string, coefficients: readonly number[]): string {
  return coefficients
    .slice(0, -1)
    .reduceRight((sum, c) => `(${literal(c)} + ${x} * ${sum})`, literal(coefficients[coefficients.length - 1]!));
}

/** A number as a literal of type f32 in both languages. */
export function literal(c: number): string {
  const text = String(c);
  const point = /[.e]/.test(text) ? text : `${text}.0`;
  return c < 0 ? `(${point})` : point;
}

/** The function and all that it uses, in an order in which each comes after what it calls. */
function collect(f: ShaderFunction, found = new Map<string, ShaderFunction>()): Map<string, ShaderFunction> {
  for (const used of f.uses ?? []) collect(used, found);
  if (!found.has(f.name)) found.set(f.name, f);
  return found;
}

/**
 * What `entries` call, themselves included, in the order of the source: a file's functions stand together, and a program that has
 * them all takes the longer to compile.
 */
function called(source: string, entries: readonly string[]): string {
  const parts = source.split(/^(?=fn |var<private>)/m);
  const byName = new Map(parts.map(part => [/^(?:fn|var<private>) *(\w+)/.exec(part)?.[1] ?? '', part]));
  const found = new Set<string>();
  const visit = (name: string): void => {
    const part = byName.get(name);
    if (part === undefined || found.has(part)) return;
    found.add(part);
    part.match(/\w+/g)!.forEach(visit); // it holds its own name
  };
  entries.forEach(visit);
  return parts.filter(part => found.has(part)).join('');
}

const sourceOf = (f: ShaderFunction, others: readonly string[]): string =>
  called([...collect(f).values()].map(g => g.source().trim()).join('\n'), [f.name, ...others]);

/** The source for webgpu, of all that `f` and `others`, which it brings along, call. */
export function toWgsl(f: ShaderFunction, ...others: readonly string[]): string {
  return sourceOf(f, others)
    .replace(/\bINFINITY\b/g, 'uniforms.INFINITY')
    .replace(/\bNAN\b/g, 'uniforms.NAN');
}

const GLSL_TYPES: Record<string, string> = {f32: 'float', i32: 'int', u32: 'uint', bool: 'bool'};

const glsl = new WeakMap<ShaderFunction, string>();

/** The same for webgl; made once for each function, since this backend wants the source at every call of a kernel. */
export function toGlsl(f: ShaderFunction, ...others: readonly string[]): string {
  const source = glsl.get(f) ?? makeGlsl(f, others);
  glsl.set(f, source);
  return source;
}

function makeGlsl(f: ShaderFunction, others: readonly string[]): string {
  const type = (t: string) => GLSL_TYPES[t]!;
  const body = sourceOf(f, others)
    .replace(
      /\bfn\s+(\w+)\s*\(([^)]*)\)\s*->\s*(f32|i32|u32|bool)/g,
      (_, name: string, parameters: string, out: string) => {
        const list = parameters.replace(
          /(\w+)\s*:\s*(f32|i32|u32|bool)/g,
          (__, p: string, t: string) => `${type(t)} ${p}`,
        );
        return `${type(out)} ${name}(${list})`;
      },
    )
    .replace(
      /\b(?:let|var(?:<private>)?)\s+(\w+)\s*:\s*(f32|i32|u32|bool)/g,
      (_, name: string, t: string) => `${type(t)} ${name}`,
    )
    .replace(/\b(f32|i32|u32)\s*\(/g, (_, t: string) => `${type(t)}(`)
    .replace(/\bINFINITY\b/g, 'uintBitsToFloat(0x7f800000u)')
    .replace(/\bNAN\b/g, 'uintBitsToFloat(0x7fc00000u)');
  return `float select(float no, float yes, bool test) { return test ? yes : no; }\n${body}`;
}
