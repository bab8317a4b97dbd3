import * as families from '../../../src/functions/families/index.js';
import {describeFunctionsOf} from '../familySuite.js';

describeFunctionsOf('families', {...families});
