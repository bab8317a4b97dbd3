/** When a moving box comes to a piece of the track within a step. */
import type {RigidBody} from './rigidBody.js';
import type {PlanePoint, TrackPiece} from './trackContact.js';

/** Where a body is. */
export interface Pose extends PlanePoint {
  readonly angle: number;
}

/** So near, without skins, a box may come; within the tolerance it counts as there. */
const NEAREST = 0.005;
const TOLERANCE = 0.00125;
/** Parts of a motion that are looked at before it is halved. */
const PARTS = 4;
const HALVINGS = 12;

/** The pose a part of the way from one to another. */
export function poseBetween(from: Pose, to: Pose, t: number): Pose {
  return {
    x: from.x + t * (to.x - from.x),
    y: from.y + t * (to.y - from.y),
    angle: from.angle + t * (to.angle - from.angle),
  };
}

/** Where a body is. */
export function poseOf({x, y, angle}: RigidBody): Pose {
  return {x, y, angle};
}

/**
 * The part of the way after which a box is as near to a piece as it may come; 1 where that is not so, and where it lies in
 * the track from the start. (Box2D 2.3's time of impact; there by conservative advancement, here by halving.)
 */
export function timeOfImpact(piece: TrackPiece, from: Pose, to: Pose, cornersAt: (pose: Pose) => PlanePoint[]): number {
  const distance = (t: number): number => distanceTo(piece, cornersAt(poseBetween(from, to, t)));
  const start = distance(0);
  if (start <= 0) return 1;
  if (start < NEAREST + TOLERANCE) return 0;
  for (let k = 1; k <= PARTS; k++) {
    if (distance(k / PARTS) > NEAREST) continue;
    let [low, high] = [(k - 1) / PARTS, k / PARTS];
    for (let i = 0; i < HALVINGS; i++) {
      const middle = (low + high) / 2;
      if (distance(middle) > NEAREST) low = middle;
      else high = middle;
    }
    return low;
  }
  return 1;
}

/** Between a box and a piece, 0 where they overlap. */
function distanceTo(piece: TrackPiece, corners: readonly PlanePoint[]): number {
  const ends = [piece.from, piece.to];
  if (!areApart(piece, corners)) return 0;
  let least = Infinity;
  for (const [i, corner] of corners.entries()) {
    least = Math.min(least, toSegment(corner, piece.from, piece.to));
    for (const end of ends) least = Math.min(least, toSegment(end, corner, corners[(i + 1) % 4]!));
  }
  return least;
}

/** Whether the normal of the piece or one of the box's faces lies between them. */
function areApart({from, to, normal}: TrackPiece, corners: readonly PlanePoint[]): boolean {
  const along = (a: PlanePoint, x: number, y: number, b: PlanePoint): number => (a.x - b.x) * x + (a.y - b.y) * y;
  if (corners.every(v => along(v, normal.x, normal.y, from) > 0)) return true;
  return corners.some((corner, i) => {
    const next = corners[(i + 1) % 4]!;
    const [nx, ny] = [next.y - corner.y, corner.x - next.x];
    return along(from, nx, ny, corner) > 0 && along(to, nx, ny, corner) > 0;
  });
}

function toSegment(p: PlanePoint, a: PlanePoint, b: PlanePoint): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const t = Math.min(Math.max(((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy), 0), 1);
  return Math.hypot(p.x - a.x - t * dx, p.y - a.y - t * dy);
}
