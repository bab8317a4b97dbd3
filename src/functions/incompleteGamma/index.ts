/** The incomplete gamma function and its kin. */
export {
  gammaHazardSlope, gammaLowerHazard, gammaSampleCurvature, gammaSampleDerivative, gammaUpperHazard, igamma, igammac, igammacInv, igammacInvSlope,
  igammaInv, igammaInvSlope, igammaShapeDerivative, logGammaSampleCurvature, logGammaSampleDerivative, logIgamma, logIgammac,
  logIgammacShapeDerivative, logIgammaShapeDerivative,
} from './functions.js';
