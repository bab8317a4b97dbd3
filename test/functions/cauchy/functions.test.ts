import * as cauchy from '../../../src/functions/cauchy/index.js';
import {describeFunctionsOf} from '../familySuite.js';

describeFunctionsOf('cauchy', {...cauchy});
