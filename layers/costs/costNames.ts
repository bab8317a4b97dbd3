/** Which layers add costs of their own, and under which name reports show them. */
import type {layers} from '@tensorflow/tfjs-layers';

/** Divergences from priors. */
export const KL = 'kl';

/** −ln p of what was observed. */
export const OBSERVED = 'observed';

type CostName = typeof KL | typeof OBSERVED;

const names = new WeakMap<layers.Layer, CostName>();

/** Notes that a layer adds costs of this name. */
export function noteCostName(layer: layers.Layer, name: CostName): void {
  names.set(layer, name);
}

/** The name of the costs that a layer adds; undefined of one that adds none, or others. */
export function costNameOf(layer: layers.Layer): CostName | undefined {
  return names.get(layer);
}
