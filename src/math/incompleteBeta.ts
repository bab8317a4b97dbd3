/** The incomplete beta function; all take numbers, arrays or tensors, which broadcast. */
export {betaLogDensity} from './betaDensity.js';
