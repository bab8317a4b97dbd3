import {drawDigits} from '../../examples/data/digits.js';

describe('drawn digits', () => {
  const images = drawDigits(600, 7);
  const image = (i: number): Uint8Array => images.subarray(i * 784, (i + 1) * 784);
  const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < 784; i++) sum += (a[i]! - b[i]!) ** 2;
    return sum;
  };

  it('are the same for the same seed, others for another, and do not depend on their number', () => {
    expect(drawDigits(20, 7)).toEqual(images.slice(0, 20 * 784));
    expect(drawDigits(20, 8)).not.toEqual(images.slice(0, 20 * 784));
  });

  it('are pixels of 0 and 1 with the ink in the middle', () => {
    expect(images.every(p => p === 0 || p === 1)).toBeTrue();
    for (let i = 0; i < 600; i++) {
      const ink = image(i).reduce((a, b) => a + b);
      expect(ink).withContext(`image ${i}`).toBeGreaterThan(15);
      expect(ink).withContext(`image ${i}`).toBeLessThan(300);
    }
    const corner = [0, 27, 27 * 28, 783];
    expect(
      corner.reduce((sum, p) => sum + images.filter((_, i) => i % 784 === p).reduce((a, b) => a + b, 0), 0),
    ).toBeLessThan(5);
  });

  it('vary', () => {
    expect(new Set(Array.from({length: 600}, (_, i) => image(i).join(''))).size).toBe(600);
  });

  it('can be told apart: the nearest of 500 others shows the same digit for most', () => {
    let right = 0;
    for (let i = 500; i < 600; i++) {
      let [best, nearest] = [Infinity, -1];
      for (let j = 0; j < 500; j++) {
        const d = distance(image(i), image(j));
        if (d < best) [best, nearest] = [d, j];
      }
      if (nearest % 10 === i % 10) right++;
    }
    expect(right).toBeGreaterThan(75);
  });
});
