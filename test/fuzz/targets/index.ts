import type {Target} from '../judge.js';
import {attentionTargets} from './attention.js';
import {controlTargets} from './control.js';
import {distributionTargets} from './distributions.js';
import {estimatorTargets} from './estimators.js';
import {graphTargets} from './graph.js';
import {layerTargets} from './layers.js';
import {randomTargets} from './random.js';
import {trainingTargets} from './training.js';

/** Every public function and class. */
export const targets: readonly Target[] = [
  ...randomTargets,
  ...attentionTargets,
  ...distributionTargets,
  ...estimatorTargets,
  ...graphTargets,
  ...trainingTargets,
  ...layerTargets,
  ...controlTargets,
];
