import {betaLogDensity, betaScoreA, betaScoreB, betaSlope} from '../../../src/functions/betaDensity/index.js';
import {describeFunctionsOf} from '../familySuite.js';

describeFunctionsOf('betaDensity', {betaLogDensity, betaSlope, betaScoreA, betaScoreB});
