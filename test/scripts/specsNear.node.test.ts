import {specsNear} from '../../scripts/specsNear.mjs';

describe('specs near to what changed', () => {
  const imports = {
    'src/a.ts': [],
    'src/b/b.ts': ['src/a.ts'],
    'src/c.ts': ['src/b/b.ts'],
    'src/d.ts': ['src/d.ts'],
    'test/a.test.ts': [],
    'test/far.test.ts': ['src/c.ts'],
    'test/b/near.test.ts': ['src/b/b.ts'],
    'test/b/b.test.ts': ['src/c.ts'],
    'test/d.test.ts': ['src/d.ts'],
    'test/helpers/h.ts': ['src/b/b.ts'],
    'test/by.node.test.ts': ['test/helpers/h.ts'],
  };

  it('are those that import it, nearest first, before them the one at the mirrored path', () => {
    expect(specsNear(imports, ['src/b/b.ts'])).toEqual([
      'test/b/b.test.ts',
      'test/b/near.test.ts',
      'test/by.node.test.ts',
      'test/far.test.ts',
    ]);
    expect(specsNear(imports, ['src/a.ts'])).toEqual([
      'test/a.test.ts',
      'test/b/near.test.ts',
      'test/b/b.test.ts',
      'test/by.node.test.ts',
      'test/far.test.ts',
    ]);
  });

  it('are a spec itself, and those that use a helper; circles end', () => {
    expect(specsNear(imports, ['test/helpers/h.ts', 'test/d.test.ts'])).toEqual([
      'test/d.test.ts',
      'test/by.node.test.ts',
    ]);
    expect(specsNear(imports, ['src/d.ts'])).toEqual(['test/d.test.ts']);
    expect(specsNear(imports, ['README.md'])).toEqual([]);
  });
});
