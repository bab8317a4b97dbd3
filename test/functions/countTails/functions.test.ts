import * as tails from '../../../src/functions/countTails/index.js';
import {describeFunctionsOf} from '../familySuite.js';

const {binomialTails, geometricTails, negativeBinomialTails, poissonTails} = tails;
/** `{cdf, …}` as `{'binomialTails.cdf': …}`. */
const named = <F>(prefix: string, functions: Readonly<Record<string, F>>): Record<string, F> =>
  Object.fromEntries(Object.entries(functions).map(([name, f]) => [`${prefix}.${name}`, f]));

describeFunctionsOf('countTails', {
  ...named('binomialTails.ofLogits', {...binomialTails.ofLogits}),
  ...named('binomialTails.ofProbs', {...binomialTails.ofProbs}),
  ...named('negativeBinomialTails.ofLogits', {...negativeBinomialTails.ofLogits}),
  ...named('negativeBinomialTails.ofProbs', {...negativeBinomialTails.ofProbs}),
  ...named('geometricTails', geometricTails),
  ...named('poissonTails', poissonTails),
});
