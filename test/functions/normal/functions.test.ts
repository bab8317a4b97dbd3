import * as normal from '../../../src/functions/normal/index.js';
import {describeGroup} from '../groupSuite.js';
import {normalReference} from '../reference/elementary.js';

describeGroup('normal', {
  functions: normal,
  reference: normalReference,
  outside: {erfinv: [[1.5], [-1.01]], ndtri: [[-0.1], [1.1]]},
});
