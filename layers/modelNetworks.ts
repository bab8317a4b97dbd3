/** Models of tfjs in the configuration of an estimator: networks that it trains, saved with the layer. */
import {LayersModel, type LayerVariable} from '@tensorflow/tfjs-layers';
import * as st from 'tfjs-stochastic';
import {layerFromJson, layerToJson} from './variational/layerJson.js';

type Config = Readonly<Record<string, unknown>>;

const isRecord = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);

/** How deep a baseline's options lie in an estimator's. */
const DEPTH = 6;

/** The configuration with each model as `change` says, where `isModel` finds one. */
function changed(
  config: Config,
  isModel: (x: unknown) => boolean,
  change: (model: unknown, path: string) => unknown,
  path = '',
  depth = DEPTH,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => {
      const at = path === '' ? key : `${path}/${key}`;
      if (isModel(value)) return [key, change(value, at)];
      return [key, isRecord(value) && depth > 0 ? changed(value, isModel, change, at, depth - 1) : value];
    }),
  );
}

/** The models in a configuration, by where they stand. */
export function modelsIn(config: Config | null): Map<string, LayersModel> {
  const found = new Map<string, LayersModel>();
  if (config !== null)
    changed(
      config,
      x => x instanceof LayersModel,
      (model, path) => void found.set(path, model as LayersModel), // as asked
    );
  return found;
}

/** The configuration with models as tfjs writes them. */
export function modelsToJson(config: Config): Record<string, unknown> {
  return changed(
    config,
    x => x instanceof LayersModel,
    model => layerToJson(model as LayersModel), // as asked
  );
}

/** Makes the models that `modelsToJson` wrote, with weights of 0; throws in the name of `who`. */
export function modelsFromJson(who: string, config: Config): Record<string, unknown> {
  const isWritten = (x: unknown): boolean => isRecord(x) && 'className' in x && 'config' in x;
  return changed(config, isWritten, written => {
    const model = layerFromJson(who, written, true);
    st.extension.check(model instanceof LayersModel, who, 'a saved network must be a model', model.getClassName());
    return model;
  });
}

/** Gives a model weights as its initializers make them. */
export function startAnew(who: string, model: LayersModel): void {
  const fresh = layerFromJson(who, layerToJson(model));
  model.setWeights(fresh.getWeights());
  (fresh as LayersModel).dispose(); // which it was
}

/**
 * The weights of a model as weights of a layer: the same variables, under names that no weight of another layer has. No
 * loss of the model trains them, so they are none of its trainable weights.
 */
export function weightsOfModel(who: string, scope: string, path: string, model: LayersModel): LayerVariable[] {
  let weights: LayerVariable[];
  try {
    weights = model.weights;
  } catch {
    weights = [];
  }
  const isBuilt = model.layers.length > 0 && model.layers.every(layer => layer.built);
  st.extension.check(
    isBuilt,
    who,
    `the model that is its estimator's ${path} must be built: give its first layer an inputShape`,
  );
  return weights.map(
    weight => Object.create(weight, {originalName: {value: `${scope}${path}/${weight.originalName}`}}) as LayerVariable, // it reads as its prototype
  );
}
