/** What tfjs's pooling kernels are called with. */

/** Height and width. */
export type Sizes2d = [number, number];

/** Depth, height and width. */
export type Sizes3d = [number, number, number];

/** The attributes of a pooling kernel over windows of `Sizes`. */
export interface PoolAttrs<Sizes = Sizes2d> {
  filterSize: Sizes | number;
  strides: Sizes | number;
  pad: 'valid' | 'same' | number;
  dimRoundingMode?: 'floor' | 'round' | 'ceil';
}
