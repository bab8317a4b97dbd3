/** Densities and masses as SVG drawings, made without a browser. */
import * as Plot from '@observablehq/plot';
import {parseHTML} from 'linkedom';
import type * as tf from '@tensorflow/tfjs-core';
import type {Distribution} from '../../src/distributions/index.js';
import type {Example} from './examples.js';

const WIDTH = 360;
const HEIGHT = 200;
const COLOURS = ['#0072b2', '#d55e00'];
const POINTS = 241;
const GRID = 48;

const read = (t: tf.Tensor): number[] => Array.from(t.dataSync(), v => Math.round(v * 1e4) / 1e4);

/** A picture of one example: curves, bars, contours over the plane, or contours over the triangle of three classes. */
export function picture(example: Example): string {
  const [first] = Object.values(example.curves) as [Distribution];
  if (example.range !== undefined)
    return first.isDiscrete ? bars(example.curves, example.range) : lines(example.curves, example.range);
  return first.isDiscrete ? barsOfVectors(first) : contours(first);
}

function draw(options: Plot.PlotOptions): string {
  const {document} = parseHTML('<!doctype html><html><body></body></html>');
  const drawing = Plot.plot({
    document,
    width: WIDTH,
    height: HEIGHT,
    marginLeft: 40,
    style: {fontSize: '11px', background: 'white'},
    ...options,
  });
  // a drawing with a legend is a figure around several; the last is the picture
  const svg = drawing.tagName.toLowerCase() === 'svg' ? drawing : [...drawing.querySelectorAll('svg')].pop()!;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML}\n`;
}

/** The labels of several curves, in their colours, at the top right. */
function labels(curves: Example['curves'], x: number, y: number): Plot.Markish[] {
  return Object.keys(curves).map((label, i) =>
    Plot.text([label], {x: [x], y: [y], dy: 8 + 14 * i, textAnchor: 'end', fill: COLOURS[i]}),
  );
}

function lines(curves: Example['curves'], [low, high]: [number, number]): string {
  // just inside the ends, where a density may be infinite
  const x = Array.from({length: POINTS}, (_, i) => low + ((high - low) * (i + 0.5)) / POINTS);
  const points = Object.entries(curves).flatMap(([label, d]) =>
    read(d.prob(x)).map((p, i) => ({label, x: Math.round(x[i]! * 1e4) / 1e4, p: Math.min(p, 4)})),
  );
  const top = Math.max(...points.map(point => point.p));
  return draw({
    x: {label: 'x'},
    y: {label: 'density', grid: true, domain: [0, top * 1.2]},
    color: {range: COLOURS, domain: Object.keys(curves)},
    marks: [
      Plot.lineY(points, {x: 'x', y: 'p', z: 'label', stroke: 'label', strokeWidth: 1.75}),
      ...labels(curves, high, top * 1.2),
    ],
  });
}

function bars(curves: Example['curves'], [low, high]: [number, number]): string {
  const values = Array.from({length: high - low + 1}, (_, i) => low + i);
  const points = Object.entries(curves).flatMap(([label, d]) =>
    read(d.prob(values)).map((p, i) => ({label, x: values[i]!, p})),
  );
  return stems(points, Object.keys(curves)[0]!);
}

function barsOfVectors(d: Distribution): string {
  const all = d.enumerateSupport();
  const rows = all.arraySync() as number[][]; // vectors
  const probabilities = read(d.prob(all));
  return stems(
    probabilities.map((p, i) => ({x: rows[i]!.join(' '), p})),
    '',
  );
}

function stems(points: Array<{x: number | string; p: number}>, label: string): string {
  const top = Math.max(...points.map(point => point.p)) * 1.15;
  const ordinal = typeof points[0]!.x === 'string';
  const last = points[points.length - 1]!.x;
  return draw({
    x: ordinal
      ? {type: 'point', domain: points.map(point => point.x), label: 'x', tickRotate: points.length > 6 ? -60 : 0}
      : {label: 'x', nice: true},
    ...(ordinal ? {marginBottom: 48} : {}),
    y: {label: 'probability', grid: true, domain: [0, top]},
    marks: [
      Plot.ruleX(points, {x: 'x', y: 'p', stroke: COLOURS[0], strokeWidth: 2}),
      Plot.dot(points, {x: 'x', y: 'p', fill: COLOURS[0], r: 3}),
      ...(label === '' ? [] : [Plot.text([label], {x: [last], y: [top], dy: 8, textAnchor: 'end', fill: COLOURS[0]})]),
    ],
  });
}

/** Over the square [−3, 3]² for two coordinates, over the triangle for three that sum to 1. */
function contours(d: Distribution): string {
  const isSimplex = d.eventShape[0] === 3;
  const span = isSimplex ? ([0, 1] as const) : ([-3, 3] as const);
  const at = (i: number) => span[0] + ((span[1] - span[0]) * (i + 0.5)) / GRID;
  const cells = Array.from({length: GRID * GRID}, (_, i) => [at(i % GRID), at(Math.floor(i / GRID))] as const);
  const height = Math.sqrt(3) / 2;
  const value = ([u, v]: readonly [number, number]): number[] => {
    if (!isSimplex) return [u, v];
    const third = v;
    const second = u - third / 2;
    return [1 - second - third, second, third];
  };
  const points = cells.map(value);
  const inside = points.map(p => !isSimplex || p.every(q => q > 0.004));
  const safe = points.map((p, i) => (inside[i] ? p : isSimplex ? [1 / 3, 1 / 3, 1 / 3] : p));
  const density = read(d.prob(safe)).map((p, i) => (inside[i] ? p : 0));
  return draw({
    width: 240,
    height: 220,
    marginLeft: 36,
    x: {label: isSimplex ? null : 'x₁', domain: [...span], ...(isSimplex ? {ticks: []} : {})},
    y: {label: isSimplex ? null : 'x₂', domain: [...span], ...(isSimplex ? {ticks: []} : {})},
    color: {scheme: 'Blues', type: 'linear'},
    marks: [
      Plot.contour(density, {
        width: GRID,
        height: GRID,
        x1: span[0],
        x2: span[1],
        y1: span[0],
        y2: span[1],
        value: (v: number) => v,
        fill: 'value',
        thresholds: 8,
      }),
      ...(isSimplex
        ? [
            Plot.line(
              [
                [0, 0],
                [1, 0],
                [0.5, 1],
                [0, 0],
              ],
              {stroke: '#444'},
            ),
          ]
        : []),
    ],
    ...(isSimplex ? {height: 40 + Math.round(200 * height)} : {}),
  });
}
