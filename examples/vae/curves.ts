/** Curves against the step as an SVG drawing, made without a browser. */
import * as Plot from '@observablehq/plot';
import {parseHTML} from 'linkedom';
import type {Curve} from './report.js';

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

/** Draws one line for each entry; `label` names the y axis. */
export function drawCurves(lines: readonly Line[], {label}: {label: string}): string {
  const {document} = parseHTML('<!doctype html><html><body></body></html>');
  const points = lines.flatMap(({name, points: curve}) => curve.map(([step, value]) => ({name, step, value})));
  const drawing = Plot.plot({
    document,
    width: 520,
    height: 330,
    marginLeft: 48,
    marginTop: 30,
    marginBottom: 40,
    grid: true,
    style: {fontSize: '12px', background: 'transparent'},
    x: {label: 'training step', nice: true, zero: true},
    y: {label, nice: true},
    color: {domain: lines.map(l => l.name), range: lines.map((_, i) => colourOf(i))},
    marks: [Plot.lineY(points, {x: 'step', y: 'value', z: 'name', stroke: 'name', strokeWidth: 1.75})],
  });
  return drawing.outerHTML;
}
