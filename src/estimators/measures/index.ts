/** The weak derivatives that `measureValued` knows, by the name of the family. */
import {bernoulliMeasure} from './bernoulli.js';
import {categoricalMeasure} from './categorical.js';
import {exponentialMeasure} from './exponential.js';
import {gammaMeasure} from './gamma.js';
import type {Measure} from './measure.js';
import {normalMeasure} from './normal.js';
import {oneHotCategoricalMeasure} from './oneHotCategorical.js';
import {poissonMeasure} from './poisson.js';
import {weibullMeasure} from './weibull.js';

export const measures: ReadonlyMap<string, Measure> = new Map(
  Object.entries({
    Bernoulli: bernoulliMeasure,
    Categorical: categoricalMeasure,
    Exponential: exponentialMeasure,
    Gamma: gammaMeasure,
    Normal: normalMeasure,
    OneHotCategorical: oneHotCategoricalMeasure,
    Poisson: poissonMeasure,
    Weibull: weibullMeasure,
  }),
);
