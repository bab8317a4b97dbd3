/**
 * Where a box meets a piece of a track: the points at which they touch and the impulses there, as Box2D 2.3 finds them
 * (separating axes and clipping: Gottschalk et al. 1996; normals limited by the neighbouring pieces, so that no corner of
 * the track is felt where there is none).
 */

/** A point, or a direction. */
export interface PlanePoint {
  readonly x: number;
  readonly y: number;
}

/** A straight piece of a track, from left to right. */
export interface TrackPiece {
  readonly from: PlanePoint;
  readonly to: PlanePoint;
  /** Upwards, of length 1. */
  readonly normal: PlanePoint;
  /** The normals between which a box may be pushed: clockwise of its own, and counter-clockwise; null for any. */
  readonly right: PlanePoint | null;
  readonly left: PlanePoint | null;
}

/** An end of what is clipped. */
interface Corner extends PlanePoint {
  /** Tells it again in the next step. */
  readonly feature: number;
  /** The corner or the face of the box that it belongs to. */
  readonly root: number;
}

/** What Box2D tells ends by: here the two ends of a piece are one. */
const CUT = 16;

/** Where they touch. `isBoxFace`: along a face of the box, whose normal is used; else along the piece's. */
export interface Manifold {
  readonly isBoxFace: boolean;
  readonly normal: PlanePoint;
  /** A point of the face along which they touch. */
  readonly plane: PlanePoint;
  readonly points: readonly Corner[];
}

/** Both have a skin of 0.01. */
export const SKIN = 0.02;
const ANGULAR_TOLERANCE = (2 / 180) * Math.PI;

const dotOf = (a: PlanePoint, b: PlanePoint): number => a.x * b.x + a.y * b.y;
const minus = (a: PlanePoint, b: PlanePoint): PlanePoint => ({x: a.x - b.x, y: a.y - b.y});
const opposite = (a: PlanePoint): PlanePoint => ({x: -a.x, y: -a.y});

/** The corners of a box, counter-clockwise from its lower left. */
export function cornersOf(
  body: PlanePoint & {readonly angle: number},
  halfWidth: number,
  halfHeight: number,
): PlanePoint[] {
  const [cos, sin] = [Math.cos(body.angle), Math.sin(body.angle)];
  return [
    [-halfWidth, -halfHeight],
    [halfWidth, -halfHeight],
    [halfWidth, halfHeight],
    [-halfWidth, halfHeight],
  ].map(([x, y]) => ({x: body.x + cos * x! - sin * y!, y: body.y + sin * x! + cos * y!}));
}

/** How far the lowest corner is above the line of a piece. */
export function heightOver({from, normal}: TrackPiece, corners: readonly PlanePoint[]): number {
  let least = Infinity;
  for (const v of corners) least = Math.min(least, (v.x - from.x) * normal.x + (v.y - from.y) * normal.y);
  return least;
}

/** Where a box above the track touches a piece; null where it does not. `normals[i]` is that of corners i and i + 1. */
export function touch(
  piece: TrackPiece,
  corners: readonly PlanePoint[],
  normals: readonly PlanePoint[],
): Manifold | null {
  const {from, to, normal} = piece;
  const depth = heightOver(piece, corners);
  if (depth > SKIN) return null;
  const face = faceThatSeparates(piece, corners, normals);
  if (face !== null && face.separation > SKIN) return null;
  const isBoxFace = face !== null && face.separation > 0.98 * depth + 0.001;
  if (isBoxFace) {
    const [first, second] = [corners[face.index]!, corners[(face.index + 1) % 4]!];
    const own = normals[face.index]!;
    const end = (v: PlanePoint): Corner => ({...v, feature: CUT + 4 * face.index, root: face.index});
    const cuts = [face.index, (face.index + 1) % 4] as const;
    const points = within([end(from), end(to)], first, second, own, cuts);
    return made(true, own, first, points);
  }
  const values = normals.map(n => dotOf(normal, n));
  const index = values.indexOf(Math.min(...values));
  const next = (index + 1) % 4;
  const end = (i: number): Corner => ({...corners[i]!, feature: i, root: i});
  const points = within([end(index), end(next)], to, from, normal, [1, 0]);
  return made(false, normal, to, points);
}

function made(isBoxFace: boolean, normal: PlanePoint, plane: PlanePoint, clipped: readonly Corner[]): Manifold | null {
  const points = clipped.filter(p => dotOf(normal, minus(p, plane)) <= SKIN);
  return points.length === 0 ? null : {isBoxFace, normal, plane, points};
}

/** The face of the box, among those whose normals the neighbours allow, that is furthest from the piece. */
function faceThatSeparates(
  {from, to, normal, left, right}: TrackPiece,
  corners: readonly PlanePoint[],
  normals: readonly PlanePoint[],
): {index: number; separation: number} | null {
  let best: {index: number; separation: number} | null = null;
  for (const [index, outward] of normals.entries()) {
    const up = opposite(outward);
    const corner = corners[index]!;
    const separation = Math.min(dotOf(up, minus(corner, from)), dotOf(up, minus(corner, to)));
    if (separation > SKIN) return {index, separation};
    const isLeft = dotOf(up, {x: -normal.y, y: normal.x}) >= 0;
    const limit = isLeft ? left : right;
    if (limit !== null && dotOf(up, normal) - dotOf(limit, normal) < -ANGULAR_TOLERANCE) continue;
    if (best === null || separation > best.separation) best = {index, separation};
  }
  return best;
}

/** The part of a segment between the sides of a face from `first` to `second`: two points, or none. */
function within(
  segment: readonly [Corner, Corner],
  first: PlanePoint,
  second: PlanePoint,
  normal: PlanePoint,
  cuts: readonly [number, number],
): readonly Corner[] {
  const side = {x: normal.y, y: -normal.x};
  const once = clip(segment, side, dotOf(side, first), cuts[0]);
  return once === null ? [] : (clip(once, opposite(side), -dotOf(side, second), cuts[1]) ?? []);
}

/** The part of a segment where side·p <= offset; null unless it is one. */
function clip(
  [a, b]: readonly [Corner, Corner],
  side: PlanePoint,
  offset: number,
  cut: number,
): [Corner, Corner] | null {
  const [da, db] = [dotOf(side, a) - offset, dotOf(side, b) - offset];
  const kept = [a, b].filter((_, i) => [da, db][i]! <= 0);
  if (da * db < 0) {
    const t = da / (da - db);
    kept.push({x: a.x + t * (b.x - a.x), y: a.y + t * (b.y - a.y), feature: CUT + 4 * a.root + cut, root: a.root});
  }
  return kept.length === 2 ? [kept[0]!, kept[1]!] : null;
}
