/** The public face of the registry, with the presets in it. */
import './presets.js';
export {get, names, register, type EstimatorConfig, type EstimatorFactory} from '../graph/estimatorRegistry.js';
