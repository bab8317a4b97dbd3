import {horner, literal, toGlsl, toWgsl} from '../../../src/kernels/elementwise/dialect.js';

describe('the dialect of shaders', () => {
  const inner = {name: 'inner', source: () => 'fn inner(x: f32, n: i32) -> f32 { return x * f32(n); }'};
  const outer = {
    name: 'outer',
    uses: [inner, inner],
    source: () =>
      'fn outer(x: f32) -> f32 { let a: f32 = inner(x, 2); var b: bool = a > INFINITY; return select(a, NAN, b); }',
  };

  it('writes numbers as both languages read them', () => {
    expect([0, 2, -3, 0.5, 1e-20, -1e30].map(literal)).toEqual(['0.0', '2.0', '(-3.0)', '0.5', '1e-20', '(-1e+30)']);
    expect(horner('x', [1, 2, 3])).toBe('(1.0 + x * (2.0 + x * 3.0))');
    expect(horner('x', [4])).toBe('4.0');
  });

  it('puts a function after what it calls, once, in WGSL', () => {
    const text = toWgsl(outer);
    expect(text.indexOf('fn inner')).toBeLessThan(text.indexOf('fn outer'));
    expect(text.match(/fn inner/g)!.length).toBe(1);
    expect(text).toContain('uniforms.INFINITY');
    expect(text).toContain('uniforms.NAN');
  });

  it('turns into GLSL word by word', () => {
    const text = toGlsl(outer);
    expect(text).toContain('float inner(float x, int n) { return x * float(n); }');
    expect(text).toContain('float outer(float x) { float a = inner(x, 2); bool b = a > uintBitsToFloat(0x7f800000u);');
    expect(text).not.toMatch(/\b(fn|let|var|f32|INFINITY|NAN)\b/);
  });
});
