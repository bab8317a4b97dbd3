/** Curves against the step as an SVG drawing with its legend, made without a browser. */
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

/** Draws one line for each entry that has a point. Text that describes the data is in `label` (y axis). */
export function drawCurves(lines: readonly Line[], {label}: {label: string}): string {
  const {document} = parseHTML('<!doctype html><html><body></body></html>');
  const points = lines.flatMap(({name, points: curve}) => curve.map(([step, value]) => ({name, step, value})));
  const drawing = Plot.plot({
    document: document as unknown as Document, // linkedom's own type; Plot uses the part that both have
    width: 760, height: 340, marginLeft: 56, marginBottom: 44, grid: true,
    style: {fontSize: '13px', background: 'transparent'},
    x: {label: 'training step', nice: true, zero: true},
    y: {label, domain: visibleRange(lines), nice: true},
    color: {domain: lines.map(l => l.name), range: lines.map((_, i) => colourOf(i))},
    marks: [Plot.lineY(points, {x: 'step', y: 'value', stroke: 'name', strokeWidth: 1.75, clip: true, curve: 'linear'})],
  });
  return drawing.outerHTML;
}

/** From the least value after the first steps, whose steep rise would flatten the rest, to the largest. */
function visibleRange(lines: readonly Line[]): [number, number] {
  const last = Math.max(...lines.flatMap(l => l.points.map(([step]) => step)));
  const values = lines.flatMap(l => {
    const later = l.points.filter(([step]) => step >= .04 * last);
    return (later.length > 0 ? later : l.points).map(([, value]) => value);
  });
  const [low, high] = [Math.min(...values), Math.max(...values)];
  return values.length === 0 ? [0, 1] : low === high ? [low - 1, high + 1] : [low, high];
}
