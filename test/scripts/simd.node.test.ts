import {readFileSync} from 'node:fs';
import {compiledSimd} from '../../scripts/simd.mjs';

describe('npm run simd', () => {
  it('gives the bytes that are in src/simd/bytes.ts', async () => {
    const text = await compiledSimd();
    expect(text.length).toBeGreaterThan(1000);
    expect(readFileSync('src/simd/bytes.ts', 'utf8') === text)
      .withContext('assembly/ compiles to other bytes; run: npm run simd')
      .toBeTrue();
  });
});
