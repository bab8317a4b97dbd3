/** Baselines as functions: what is subtracted from given costs of three draws. */
import type * as st from 'tfjs-stochastic';
import {advantagesOf} from '../helpers/advantages.js';

export const logits = [0.3, -0.4, 0.9];

/** What is left of the costs of each step. */
export const advantages = async (
  baseline: st.Baseline,
  costs: number[][] | number[][][],
  valueType?: st.ValueType,
): Promise<{advantages: number[][]}> => ({advantages: await advantagesOf(baseline, costs, logits, valueType)});

export function expectClose(got: number[], wanted: number[]): void {
  expect(got.length).toBe(wanted.length);
  got.forEach((x, i) => expect(x).toBeCloseTo(wanted[i]!, 4));
}
