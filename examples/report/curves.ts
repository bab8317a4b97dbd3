/** Drawings as SVG, made without a browser. */
import * as Plot from '@observablehq/plot';
import {parseHTML} from 'linkedom';

export type Curve = Array<[step: number, value: number]>;

export interface Line {
  readonly name: string;
  readonly points: Curve;
}

/** Eight colours that stay apart for most kinds of colour blindness (Okabe and Ito), the lightest left out. */
const palette = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#7f7f7f', '#8c564b'];

/** The colour of the i-th line, in every drawing of a report. */
export function colourOf(i: number): string {
  return palette[i % palette.length]!;
}

/** The points that can be drawn. */
export function finite(points: Curve): Curve {
  return points.filter(([, value]) => Number.isFinite(value));
}

/** Any drawing of Observable Plot, in the size and style of a report. */
export function draw(options: Plot.PlotOptions): string {
  const {document} = parseHTML('<!doctype html><html><body></body></html>');
  return Plot.plot({
    document,
    width: 520,
    height: 330,
    marginLeft: 48,
    marginTop: 30,
    marginBottom: 40,
    grid: true,
    style: {fontSize: '12px', background: 'transparent'},
    ...options,
  }).outerHTML;
}

/** Draws one line against the step for each entry; `label` names the y axis, `x` the other one. */
export function drawCurves(
  lines: readonly Line[],
  {label, x = 'training step'}: {readonly label: string; readonly x?: string},
): string {
  const points = lines.flatMap(({name, points: curve}) => curve.map(([step, value]) => ({name, step, value})));
  return draw({
    x: {label: x, nice: true, zero: true},
    y: {label, nice: true},
    color: {domain: lines.map(l => l.name), range: lines.map((_, i) => colourOf(i))},
    marks: [
      Plot.lineY(points, {
        ...{x: 'step', y: 'value', z: 'name', strokeWidth: 1.75},
        stroke: {value: 'name', scale: 'color'}, // also where names are colours, as "none" is
      }),
    ],
  });
}
