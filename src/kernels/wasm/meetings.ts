/** Where the windows of a convolution meet what they lie on. */

/** One axis of a convolution: sizes of input, filter and output, and where the windows lie. */
export interface ConvAxis {
  readonly inputs: number;
  readonly taps: number;
  readonly outputs: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
}

/**
 * Calls `meet` with the place of each pixel, of the filter's element that lies on it, and of the output that this is
 * for; all counted without channels.
 */
export function eachMeeting(
  batch: number,
  axes: readonly ConvAxis[],
  meet: (pixel: number, tap: number, out: number) => void,
): void {
  const visit = (axis: number, pixel: number, tap: number, out: number): void => {
    const along = axes[axis];
    if (along === undefined) return meet(pixel, tap, out);
    const {inputs, taps, outputs, stride, dilation, before} = along;
    for (let i = 0; i < outputs; i++) {
      for (let k = 0; k < taps; k++) {
        const at = i * stride - before + k * dilation;
        if (at >= 0 && at < inputs) visit(axis + 1, pixel * inputs + at, tap * taps + k, out * outputs + i);
      }
    }
  };
  for (let image = 0; image < batch; image++) visit(0, image, 0, image);
}
