/** Estimators by name: `st.estimators`. */
export {
  get,
  names,
  register,
  type EstimatorConfig,
  type EstimatorConfigOf,
  type EstimatorFactory,
} from '../graph/estimatorRegistry.js';
