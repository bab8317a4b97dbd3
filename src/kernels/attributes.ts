/**
 * The attributes that a recorded kernel ran with. tfjs keeps them for the kernel's gradient alone: out of sight, but
 * the gradient can be asked. So registered gradients are made to answer when it is attributes that are wanted.
 */
import * as tf from '@tensorflow/tfjs-core';
import {Ambient} from '../util/ambient.js';

/** Kernels of which shapes alone do not tell what they did: along which axis, in which order. */
export const KERNELS_WITH_ATTRIBUTES: readonly string[] = [
  'Sum',
  'Mean',
  'Max',
  'Min',
  'Prod',
  'ArgMax',
  'ArgMin',
  'Cumsum',
  'Cumprod',
  'Transpose',
  'Pack',
  'Unpack',
  'GatherV2',
  'BatchMatMul',
  'Reverse',
  'Slice',
  'SplitV',
  'Concat',
  'PadV2',
];

const named = new Set(KERNELS_WITH_ATTRIBUTES);
/** Where the gradient that is asked puts its answer; null while nobody asks. */
const asking = new Ambient<{answer: tf.NamedAttrMap | null} | null>(null);

/** A gradient that answers; otherwise it does what `asked` does. */
export interface Answering extends tf.GradConfig {
  readonly asked: tf.GradConfig;
}

/** One for each gradient. */
const answering = new WeakMap<tf.GradConfig, Answering>();

/** Makes the gradients that are registered for the kernels above answer. */
export function askGradients(): void {
  for (const name of KERNELS_WITH_ATTRIBUTES) {
    // tfjs's type leaves out the unregistered
    const current = tf.getGradient(name) as tf.GradConfig | Answering | undefined;
    if (current === undefined || 'asked' in current) continue;
    tf.unregisterGradient(name);
    tf.registerGradient(answeringFor(current));
  }
}

function answeringFor(config: tf.GradConfig): Answering {
  let made = answering.get(config);
  if (made === undefined) {
    made = {
      ...config,
      asked: config,
      gradFunc(dy, saved, attrs) {
        if (asking.now === null) return config.gradFunc(dy, saved, attrs);
        asking.now.answer = attrs;
        return {};
      },
    };
    answering.set(config, made);
  }
  return made;
}

/** A record of the tape, as far as it matters here. */
interface Recorded {
  readonly kernelName: string;
  readonly outputs: readonly tf.Tensor[];
  readonly gradient?: (dys: tf.Tensor[]) => unknown;
}

/**
 * The attributes of a recorded kernel of the list above; null where it was recorded before its gradient could answer.
 */
export function attributesOf({kernelName, gradient, outputs}: Recorded): tf.NamedAttrMap | null {
  if (gradient === undefined || !named.has(kernelName)) return null;
  const question = {answer: null};
  try {
    // something of the right number; nobody reads it, nor what comes back
    asking.with('attributesOf', question, () => void gradient([...outputs]));
  } catch {
    return null; // a gradient that does not know the question
  }
  return question.answer;
}

/** The shape of images or of filters. */
export type Four = [number, number, number, number];
