import {grepPattern, nodeShares, shares} from '../../scripts/grep.mjs';

describe('the choice of specs', () => {
  const chosen = (pattern: string, names: string[]) => names.filter(name => new RegExp(pattern).test(name));

  it('takes the text as it stands, anywhere in the name, or all but that', () => {
    const names = ['f [webgl] is 1/x', 'f [webgpu] is 1/x', 'webgl', 'w', 'two\nlines [webgl]'];
    expect(chosen(grepPattern('[webgl]'), names)).toEqual([names[0]!, names[4]!]);
    expect(chosen(grepPattern('[webgl]', true), names)).toEqual(names.slice(1, 4));
    expect(chosen(grepPattern('1/x'), names)).toEqual(names.slice(0, 2));
    expect(chosen(grepPattern('.*+?^${}()|\\-'), ['.*+?^${}()|\\-', 'x'])).toEqual(['.*+?^${}()|\\-']);
  });

  it('gives each spec to one share', () => {
    const pattern = ([, text, invert]: string[]) => grepPattern(text!, invert !== undefined);
    for (const name of [
      'f [cpu] is odd',
      'f [wasm] is odd',
      'f [webgl] is odd',
      'f [webgpu] is odd',
      'no backend',
      'f [x, y] of [webgl] and [webgpu]',
    ]) {
      for (const all of [shares, nodeShares]) {
        expect(all.filter(share => new RegExp(pattern(share)).test(name)).length)
          .withContext(name)
          .toBe(1);
      }
    }
  });
});
