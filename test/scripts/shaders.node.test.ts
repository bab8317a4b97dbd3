import {tighten} from '../../scripts/shaders.mjs';

describe('tighten', () => {
  it('leaves out comments, ends of lines and spaces', () => {
    const text = `
fn f(x: f32, n: i32) -> f32 {
  // not for x < 0
  if (x >= 1.0 && n == 2) { return x * 2.0; } // large
  let y: f32 = x +
    1.0;
  return y / x - 1.0;
}`;
    expect(tighten([text])).toEqual([
      '\nfn f(x:f32,n:i32)->f32{if(x>=1.0&&n==2){return x*2.0;}let y:f32=x +1.0;return y/x-1.0;}',
    ]);
  });

  it('begins a line with each declaration, for `dialect.ts` takes them apart there', () => {
    expect(
      tighten(['\nvar<private> a: u32;\n\nfn f(x: f32) -> f32 {\n  return x;\n}\nfn g() -> f32 { return 0.0; }']),
    ).toEqual(['\nvar<private> a:u32;\nfn f(x:f32)->f32{return x;}\nfn g()->f32{return 0.0;}']);
  });

  it('keeps two signs and two words apart, also where an expression comes between', () => {
    expect(tighten(['\nfn f() -> f32 { return a - -b + +c; }'])).toEqual(['\nfn f()->f32{return a - -b + +c;}']);
    expect(tighten(['\nfn f() -> f32 { return a - ', ' - ', '; }'])).toEqual([
      '\nfn f()->f32{return a - ',
      ' - ',
      ';}',
    ]);
    expect(tighten(['\nfn f() -> f32 {\n  ', '\n  return x;\n}'])).toEqual(['\nfn f()->f32{\n', '\nreturn x;}']);
    expect(tighten(['\nfn f() -> f32 { x = a\n    b; }'])).toEqual(['\nfn f()->f32{x=a\nb;}']);
  });
});
