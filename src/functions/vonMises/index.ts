/** The von Mises distribution. */
export {
  sine,
  versine,
  vonMisesCdf,
  vonMisesDensity,
  vonMisesLogCdf,
  vonMisesLogDensity,
  vonMisesSampleCurvature,
  vonMisesSampleDerivative,
} from './functions.js';
