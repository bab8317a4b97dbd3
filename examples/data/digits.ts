/** Draws handwritten-looking digits, 28 × 28 pixels of 0 and 1, so that the example needs no download. */
import {imageSide} from './idx.js';
import {type Prng, prng} from './prng.js';
import {type Glyph, glyphs, type Point, type Stroke} from './strokes.js';

/** `count` images one after another; image i shows the digit i mod 10. The same seed gives the same pixels. */
export function drawDigits(count: number, seed: number): Uint8Array {
  const images = new Uint8Array(count * imageSide * imageSide);
  for (let i = 0; i < count; i++) {
    drawDigit(images.subarray(i * imageSide * imageSide, (i + 1) * imageSide * imageSide), i % 10, prng(seed, 3, i));
  }
  return images;
}

/** Draws one digit in a random hand. */
export function drawDigit(image: Uint8Array, digit: number, random: Prng): void {
  const ways = glyphs[digit]!;
  const glyph: Glyph = ways[random.integer(ways.length)]!;
  const place = randomHand(random);
  const halfWidth = random.between(0.75, 1.5);
  const ink = new Float32Array(image.length);
  for (const stroke of glyph) {
    const path = trace(stroke).map(place);
    for (let i = 1; i < path.length; i++) inkSegment(ink, path[i - 1]!, path[i]!, halfWidth);
  }
  for (let i = 0; i < image.length; i++) image[i] = ink[i]! >= 0.5 ? 1 : 0;
}

/** A random map from the unit box to pixels: a bend, then scale, slant, rotation and shift. */
function randomHand(random: Prng): (p: Point) => Point {
  const width = random.between(13, 19),
    height = random.between(18, 21);
  const slant = 0.18 * random.normal() + 0.08,
    turn = 0.09 * random.normal();
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  const dx = imageSide / 2 + random.between(-1.2, 1.2),
    dy = imageSide / 2 + random.between(-1.2, 1.2);
  const bend = Array.from({length: 4}, () => ({
    size: 0.025 * random.normal(),
    fx: random.between(2, 6),
    fy: random.between(2, 6),
    phase: random.between(0, 2 * Math.PI),
  }));
  const wave = (k: number, [x, y]: Point): number =>
    bend[k]!.size * Math.sin(bend[k]!.fx * x + bend[k]!.fy * y + bend[k]!.phase);
  return p => {
    const x = (p[0] - 0.5 + wave(0, p) + wave(1, p)) * width;
    const y = (p[1] - 0.5 + wave(2, p) + wave(3, p)) * height;
    const slanted = x - slant * y;
    return [cos * slanted - sin * y + dx, sin * slanted + cos * y + dy];
  };
}

/** The stroke as a polyline; curves are Catmull–Rom splines through their points. */
function trace({points, smooth}: Stroke, pieces = 5): Point[] {
  if (!smooth) return points.flatMap((p, i) => (i === 0 ? [p] : [mid(points[i - 1]!, p), p]));
  const out: Point[] = [points[0]!];
  for (let i = 1; i < points.length; i++) {
    const [a, b, c, d] = [points[i - 2] ?? points[i - 1]!, points[i - 1]!, points[i]!, points[i + 1] ?? points[i]!];
    for (let k = 1; k <= pieces; k++)
      out.push([spline(a[0], b[0], c[0], d[0], k / pieces), spline(a[1], b[1], c[1], d[1], k / pieces)]);
  }
  return out;
}

function mid(a: Point, b: Point): Point {
  return [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2];
}

function spline(a: number, b: number, c: number, d: number, t: number): number {
  return b + (t / 2) * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

/** Adds a round-ended segment: ink is 1 inside, 0 outside, and falls off over one pixel at the edge. */
function inkSegment(ink: Float32Array, [ax, ay]: Point, [bx, by]: Point, halfWidth: number): void {
  const reach = halfWidth + 0.5;
  const clamp = (v: number): number => Math.min(imageSide - 1, Math.max(0, v));
  const [left, right] = [
    clamp(Math.ceil(Math.min(ax, bx) - reach - 0.5)),
    clamp(Math.floor(Math.max(ax, bx) + reach - 0.5)),
  ];
  const [top, bottom] = [
    clamp(Math.ceil(Math.min(ay, by) - reach - 0.5)),
    clamp(Math.floor(Math.max(ay, by) + reach - 0.5)),
  ];
  const [ux, uy] = [bx - ax, by - ay];
  const squared = ux * ux + uy * uy || 1e-9;
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const [px, py] = [column + 0.5 - ax, row + 0.5 - ay];
      const t = Math.min(1, Math.max(0, (px * ux + py * uy) / squared));
      const distance = Math.hypot(px - t * ux, py - t * uy);
      const at = row * imageSide + column;
      ink[at] = Math.max(ink[at]!, Math.min(1, Math.max(0, reach - distance)));
    }
  }
}
