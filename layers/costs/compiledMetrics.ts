/** Metrics that `compile` is given beside a loss of this library. */
import {LayersModel, metrics as ofTfjs} from '@tensorflow/tfjs-layers';
import {mendMethod} from '../mendMethod.js';
import {negativeLogLikelihood} from '../outputs/negativeLogLikelihood.js';
import {judgesTargets, lossesOf, metricsOfParts, noteJudging, plainNameOf} from './lossFacts.js';
import {underName, type Loss} from './readLoss.js';
import {checkWatched} from './watchedLayers.js';

type Metric = string | Loss;
type GivenMetrics = Metric | Metric[] | Record<string, Metric | Metric[]>;
type CompileArgs = Parameters<LayersModel['compile']>[0];

/** What `compile` sets. */
interface Fed {
  readonly lossFunctions: readonly unknown[];
  readonly feedOutputShapes: unknown[];
}

/**
 * From now on the metrics that stand behind `...withCosts(loss, model)` come after those of `withCosts`, and do not take
 * their place; targets of a loss that judges their shape itself are not judged by tfjs-layers; and 'accuracy' beside a
 * loss made of 'binaryCrossentropy' is that of bits, as tfjs-layers has it beside that loss itself.
 */
export function mendCompile(): void {
  type Compile = (this: LayersModel, args: CompileArgs) => void;
  mendMethod<Compile>(
    LayersModel,
    'compile',
    compile =>
      function (args) {
        noteJudging(negativeLogLikelihood);
        checkWatched(this, [...functionsIn(args?.loss), ...functionsIn(args?.metrics)]);
        const given = isGiven(args) ? completed(this, args.loss, args.metrics as GivenMetrics) : undefined;
        compile.call(this, given === undefined ? args : {...args, metrics: given as CompileArgs['metrics']}); // lists by name it takes too
        const {lossFunctions, feedOutputShapes} = this as unknown as Fed; // fields of tfjs-layers, declared protected
        lossFunctions.forEach((loss, i) => {
          if (judgesTargets(loss)) feedOutputShapes[i] = null; // then tfjs-layers does not look at the targets
        });
      },
  );
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

function completed({outputNames}: LayersModel, loss: unknown, metrics: GivenMetrics): GivenMetrics {
  const losses = lossesOf(loss, outputNames);
  if (!losses.some(one => metricsOfParts(one) !== undefined || plainNameOf(one) !== undefined)) return metrics;
  const listOf = (name: string): Metric[] => {
    if (typeof metrics === 'string' || typeof metrics === 'function') return [metrics];
    if (Array.isArray(metrics)) return metrics;
    return [(Object.hasOwn(metrics, name) ? metrics[name] : undefined) ?? []].flat();
  };
  const lists = outputNames.map((name, i) => [name, completedList(losses[i], listOf(name))] as const);
  return lists.length === 1 ? lists[0]![1] : Object.fromEntries(lists);
}

function completedList(loss: unknown, given: readonly Metric[]): Metric[] {
  const isThere = ({name}: Loss): boolean => given.some(one => typeof one === 'function' && one.name === name);
  const missing = (metricsOfParts(loss) ?? []).filter(part => !isThere(part));
  const ofBits = plainNameOf(loss) === 'binaryCrossentropy';
  return [...missing, ...given.map(one => (ofBits && typeof one === 'string' && BITS[one]?.()) || one)];
}

const ACCURACY = (): Loss => underName('acc', (y, p) => ofTfjs.binaryAccuracy(y, p));
const CROSSENTROPY = (): Loss => underName('ce', (y, p) => ofTfjs.binaryCrossentropy(y, p));

/** What tfjs-layers means by these names beside its loss of bits, and how it lists them. */
const BITS: Partial<Record<string, () => Loss>> = {
  accuracy: ACCURACY,
  acc: ACCURACY,
  crossentropy: CROSSENTROPY,
  ce: CROSSENTROPY,
};
