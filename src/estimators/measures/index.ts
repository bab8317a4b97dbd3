/** The weak derivatives that `measureValued` knows, by the name of the family. */
import {bernoulli} from './bernoulli.js';
import {categorical} from './categorical.js';
import {exponential} from './exponential.js';
import {gamma} from './gamma.js';
import type {Measure} from './measure.js';
import {normal} from './normal.js';
import {oneHotCategorical} from './oneHotCategorical.js';
import {poisson} from './poisson.js';
import {weibull} from './weibull.js';

export const measures: ReadonlyMap<string, Measure> = new Map(
  Object.entries({
    Bernoulli: bernoulli,
    Categorical: categorical,
    Exponential: exponential,
    Gamma: gamma,
    Normal: normal,
    OneHotCategorical: oneHotCategorical,
    Poisson: poisson,
    Weibull: weibull,
  }),
);
