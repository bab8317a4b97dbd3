/** The beta density. */
export {betaLogDensity, betaScoreA, betaScoreB, betaSlope} from './functions.js';
