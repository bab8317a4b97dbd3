/** Metrics that `compile` is given beside a loss of this library. */
import {LayersModel, metrics as ofTfjs, type layers} from '@tensorflow/tfjs-layers';
import {mendMethod} from '../mendMethod.js';
import {drawingOf} from '../values/inference.js';
import {metricOfValues} from './accuracy.js';
import {negativeLogLikelihood} from '../outputs/negativeLogLikelihood.js';
import {
  isOfDistribution,
  judgesTargets,
  lossesOf,
  metricsOfParts,
  noteJudging,
  plainNameOf,
  watchScalars,
} from './lossFacts.js';
import {SPARSE, sparseLoss, underName, type Loss} from './readLoss.js';
import {listenToAll} from './fitListener.js';
import {warnOfEqualSeeds} from './equalSeeds.js';
import {checkWatched} from './watchedLayers.js';

type Metric = string | Loss;
type GivenMetrics = Metric | Metric[] | Record<string, Metric | Metric[]>;
type CompileArgs = Parameters<LayersModel['compile']>[0];

/** What `compile` sets. */
interface Fed {
  readonly lossFunctions: unknown[];
  readonly feedOutputShapes: unknown[];
}

/**
 * From now on the metrics that stand behind `...withCosts(loss, model)` come after those of `withCosts`, and do not take
 * their place; targets of a loss that judges their shape itself are not judged by tfjs-layers; and 'accuracy' beside a
 * loss made of 'binaryCrossentropy' is that of bits, as tfjs-layers has it beside that loss itself; beside others it is
 * that of what the output's distribution draws.
 */
export function mendCompile(): void {
  listenToAll();
  type Compile = (this: LayersModel, args: CompileArgs) => void;
  mendMethod<Compile>(
    LayersModel,
    'compile',
    compile =>
      function (args) {
        noteJudging(negativeLogLikelihood);
        checkWatched(this, [...functionsIn(args?.loss), ...functionsIn(args?.metrics)]);
        const given = isGiven(args) ? completed(this, args.loss, args.metrics as GivenMetrics) : undefined;
        warnOfEqualSeeds(this);
        compile.call(this, given === undefined ? args : {...args, metrics: given as CompileArgs['metrics']}); // lists by name it takes too
        const {lossFunctions, feedOutputShapes} = this as unknown as Fed; // fields of tfjs-layers, declared protected
        lossFunctions.forEach((loss, i) => {
          if (judgesTargets(loss)) feedOutputShapes[i] = null; // then tfjs-layers does not look at the targets
          if (isForeign(loss) && lossesOf(args.loss, this.outputNames)[i] === loss)
            lossFunctions[i] = watchScalars(loss);
        });
      },
  );
}

/** Whether a loss is a function of somebody else's. */
function isForeign(loss: unknown): loss is Loss {
  return typeof loss === 'function' && !judgesTargets(loss) && plainNameOf(loss) === undefined && !metricsOfParts(loss);
}

/** What is a function in a loss or metrics, in whatever form they are given. */
function functionsIn(given: unknown): unknown[] {
  if (typeof given === 'object' && given !== null) return Object.values(given).flatMap(functionsIn);
  return typeof given === 'function' ? [given] : [];
}

/** Whether there are metrics; an empty list says that there are to be none. */
function isGiven(args: CompileArgs): boolean {
  const {metrics} = args ?? ({} as Partial<CompileArgs>);
  return typeof metrics === 'object' ? metrics !== null && Object.keys(metrics).length > 0 : metrics !== undefined;
}

function completed({outputNames, outputs}: LayersModel, loss: unknown, metrics: GivenMetrics): GivenMetrics {
  const losses = lossesOf(loss, outputNames);
  const layersOfValues = outputs.map(({sourceLayer}, i) => {
    const isRandom = (drawingOf(sourceLayer)?.inTraining ?? 'weights') !== 'weights';
    return isRandom || isOfDistribution(losses[i]) ? sourceLayer : null;
  });
  const isOurs = (one: unknown, i: number): boolean =>
    metricsOfParts(one) !== undefined || plainNameOf(one) !== undefined || layersOfValues[i] !== null;
  if (!losses.some(isOurs)) return metrics;
  const listOf = (name: string): Metric[] => {
    if (typeof metrics === 'string' || typeof metrics === 'function') return [metrics];
    if (Array.isArray(metrics)) return metrics;
    return [(Object.hasOwn(metrics, name) ? metrics[name] : undefined) ?? []].flat();
  };
  const lists = outputNames.map(
    (name, i) => [name, completedList(losses[i], listOf(name), layersOfValues[i] ?? null)] as const,
  );
  const isSame = lists.every(([name, list]) => list.every((one, i) => one === listOf(name)[i]));
  if (isSame) return metrics; // what the user gave, as an object
  return lists.length === 1 ? lists[0]![1] : Object.fromEntries(lists);
}

function completedList(loss: unknown, given: readonly Metric[], layer: layers.Layer | null): Metric[] {
  const isThere = ({name}: Loss): boolean => given.some(one => typeof one === 'function' && one.name === name);
  const missing = (metricsOfParts(loss) ?? []).filter(part => !isThere(part));
  const beside = BESIDE[plainNameOf(loss) ?? ''];
  const read = (one: Metric): Metric => {
    if (typeof one !== 'string') return one;
    return beside?.[one]?.() ?? (layer === null ? one : (metricOfValues(one, layer) ?? one));
  };
  return [...missing, ...given.map(read)];
}

/** What tfjs-layers means by these names beside some of its losses, and how it lists them. */
const named = (accuracy: Loss, crossentropy: Loss): Partial<Record<string, () => Loss>> => {
  const acc = (): Loss => underName('acc', (y, p) => accuracy(y, p));
  const ce = (): Loss => underName('ce', (y, p) => crossentropy(y, p));
  return {accuracy: acc, acc, crossentropy: ce, ce};
};

const BESIDE: Partial<Record<string, ReturnType<typeof named>>> = {
  binaryCrossentropy: named(ofTfjs.binaryAccuracy, ofTfjs.binaryCrossentropy),
  [SPARSE]: named(ofTfjs.sparseCategoricalAccuracy, sparseLoss),
};
