/** What this library throws: `st.errors`. */
export {StochasticError} from '../util/errors.js';
