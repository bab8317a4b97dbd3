/** The estimators of nodes that name none are there in every entry with nodes. */
import {pathwise} from './estimators/pathwise.js';
import {scoreFunction} from './estimators/scoreFunction.js';
import {register} from './graph/estimatorRegistry.js';

register('pathwise', pathwise); // both check their config
register('scoreFunction', scoreFunction);
