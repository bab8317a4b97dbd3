/** Weights of a divergence that change from training step to training step. */
import {constraints, extension} from 'tfjs-stochastic';

/** JSON form of a schedule. */
export interface KlScheduleConfig {
  /** One of the functions of `klSchedule`. */
  readonly name: string;
  /** What that function takes. */
  readonly config: Readonly<Record<string, number>>;
}

/** A weight for each training step. It has no state: the layer counts the steps. */
export class KlSchedule {
  /** @param weight of a step, the first being step 0 */
  constructor(
    /** Of the function that made it, by which it is saved. */
    readonly name: string,
    /** What that function was given, with the defaults. */
    readonly config: Readonly<Record<string, number>>,
    private readonly weight: (step: number) => number,
  ) {}

  /** The weight in a training step, the first being step 0. */
  at(step: number): number {
    return this.weight(step);
  }
}

/** What `klSchedule.linear` takes. */
export interface LinearSchedule {
  /** The weight of the first step; default 0. */
  from?: number;
  /** The weight at the end, and from then on; default 1. */
  to?: number;
  /** How many training steps the way takes. */
  steps: number;
  /** For so many steps before that the weight stays where it is; default 0. */
  delay?: number;
}

/** What `klSchedule.cyclical` takes. */
export interface CyclicalSchedule {
  /** The weight at the start of each cycle; default 0. */
  from?: number;
  /** The weight at the end of each cycle; default 1. */
  to?: number;
  /** Training steps of one cycle. */
  period: number;
  /** The part of a cycle in which the weight rises, above 0 and at most 1; for the rest it stays. Default 0.5. */
  ratio?: number;
  /** How many cycles there are, after which the weight stays at `to`; default no end. */
  cycles?: number;
}

function checkEnds(who: string, from: number, to: number): void {
  extension.checkNumber(who, 'from', from, constraints.nonNegative);
  extension.checkNumber(who, 'to', to, constraints.nonNegative);
}

function linearWeight(options: LinearSchedule): KlSchedule {
  const who = 'stl.klSchedule.linear';
  extension.checkKeys(who, options, ['from', 'to', 'steps', 'delay']);
  const {from = 0, to = 1, steps, delay = 0} = options;
  checkEnds(who, from, to);
  extension.checkCount(who, 'steps', steps, 1);
  extension.checkInteger(who, 'delay', delay);
  extension.check(delay >= 0, who, 'delay must be 0 or more', delay);
  const weight = (step: number): number => from + (to - from) * Math.min(1, Math.max(0, (step - delay) / steps));
  return new KlSchedule('linear', {from, to, steps, delay}, weight);
}

function cyclicalWeight(options: CyclicalSchedule): KlSchedule {
  const who = 'stl.klSchedule.cyclical';
  extension.checkKeys(who, options, ['from', 'to', 'period', 'ratio', 'cycles']);
  const {from = 0, to = 1, period, ratio = 0.5, cycles} = options;
  checkEnds(who, from, to);
  extension.checkCount(who, 'period', period, 1);
  extension.checkNumber(who, 'ratio', ratio, constraints.positive);
  extension.check(ratio <= 1, who, 'ratio must be at most 1', ratio);
  if (cycles !== undefined) extension.checkCount(who, 'cycles', cycles, 1);
  const weight = (step: number): number => {
    if (cycles !== undefined && step >= cycles * period) return to;
    return from + (to - from) * Math.min(1, (step % period) / (ratio * period));
  };
  return new KlSchedule('cyclical', {from, to, period, ratio, ...(cycles === undefined ? {} : {cycles})}, weight);
}

/**
 * Schedules for the weight of a layer's divergence from its prior: `linear({from, to, steps, delay})` goes from one
 * weight to another (Bowman et al. 2016), `cyclical({from, to, period, ratio, cycles})` does so again and again (Fu et
 * al. 2019). Weights are 0 or more. They count the training steps of the layer, which are saved with the model.
 * @example
 * ```ts
 * const warmUp = stl.klSchedule.linear({steps: 100});
 * warmUp.at(25); // 0.25
 * stl.normal({prior: {name: 'Normal', config: {loc: 0, scale: 1}}, klWeight: warmUp});
 * ```
 */
export const klSchedule: Readonly<{
  /** From one weight to another in so many steps, in a straight line. */
  linear: (options: LinearSchedule) => KlSchedule;
  /** Up again and again, each time from where it began. */
  cyclical: (options: CyclicalSchedule) => KlSchedule;
}> = {linear: linearWeight, cyclical: cyclicalWeight};

/** Reads the JSON form of a schedule. */
export function readSchedule(who: string, given: KlScheduleConfig): KlSchedule {
  extension.checkKeys(`${who}: klWeight`, given, ['name', 'config']);
  const {name, config} = given;
  if (!extension.isNameIn(klSchedule, name))
    extension.failUnknown(`${who}: klWeight`, 'schedule', name, Object.keys(klSchedule));
  const make = klSchedule[name] as (options: unknown) => KlSchedule; // each checks its own
  return make(config);
}
