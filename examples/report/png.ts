/** Rows of small grey images as one PNG. */
import {PNG} from 'pngjs';

/**
 * Lays out images of `side` × `side` values in [0, 1] on a grid, `columns` a row, dark on light, each pixel `zoom`
 * wide.
 */
export function gridPng(
  images: readonly Float32Array[],
  {side, columns, zoom = 2, gap = 2}: {side: number; columns: number; zoom?: number; gap?: number},
): Buffer {
  const rows = Math.ceil(images.length / columns);
  const cell = side * zoom + gap;
  const png = new PNG({width: columns * cell - gap, height: rows * cell - gap, colorType: 0});
  png.data.fill(255);
  images.forEach((image, i) => {
    const [left, top] = [(i % columns) * cell, Math.floor(i / columns) * cell];
    for (let y = 0; y < side * zoom; y++) {
      for (let x = 0; x < side * zoom; x++) {
        const value = image[Math.floor(y / zoom) * side + Math.floor(x / zoom)]!;
        const shade = Math.round(245 - 225 * Math.min(1, Math.max(0, value)));
        png.data.fill(shade, ((top + y) * png.width + left + x) * 4, ((top + y) * png.width + left + x) * 4 + 3);
      }
    }
  });
  return PNG.sync.write(png, {colorType: 0});
}

/** The same as a data URI, for a page that loads nothing. */
export function pngDataUri(png: Buffer): string {
  return `data:image/png;base64,${png.toString('base64')}`;
}
