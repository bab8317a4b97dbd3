/** What the function of every family does. */
import {extension} from 'tfjs-stochastic';
import {layerOptions, StochasticLayer, type StochasticLayerArgs} from '../stochasticLayer.js';
import type {DistributionFamily} from './distributionMaker.js';

/** A layer of the named family, from the options of layers and those of the family, beside one another. */
export function familyLayer(name: string, family: DistributionFamily, args: StochasticLayerArgs): StochasticLayer {
  extension.checkKeys(`stl.${name}`, args, [...family.options, ...layerOptions]);
  const isOwn = (option: string): boolean => family.options.includes(option);
  const entries = Object.entries(args).filter(([, value]) => value !== undefined);
  const config = Object.fromEntries(entries.filter(([option]) => isOwn(option)));
  const rest = Object.fromEntries(entries.filter(([option]) => !isOwn(option)));
  return new StochasticLayer({...rest, distribution: Object.keys(config).length > 0 ? {name, config} : name});
}
