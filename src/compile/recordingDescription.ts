/** Recordings in words. */
import type {Recording} from './recording.js';
import type {KernelStep} from './trace.js';

/** A kernel of a recording. */
export interface RecordedKernel {
  /** What tfjs calls it. */
  readonly name: string;
  /** The shape of each. */
  readonly inputs: ReadonlyArray<readonly number[]>;
  /** The shape of each. */
  readonly outputs: ReadonlyArray<readonly number[]>;
  /** Of the outputs. */
  readonly bytes: number;
}

/** What is known of calls with arguments of one kind. */
export interface RecordingDescription {
  /** The arguments: their structure, shapes and dtypes. */
  readonly signature: string;
  /** `recording` until two calls gave the same, `recorded` from then on, `plain` where calls run as they are written. */
  readonly state: 'recording' | 'recorded' | 'plain';
  /** Why they do. */
  readonly why: string | null;
  /** What a call runs, in this order; none before it is recorded. */
  readonly kernels: readonly RecordedKernel[];
  /** How many kernels the step as it is written has. */
  readonly plainKernels: number;
}

export function describeRecording({signature, program, refusal}: Recording): RecordingDescription {
  const trace = program?.plan.trace;
  const kernels = (program?.plan.steps ?? []).flatMap(({step}) => (step.kind === 'kernel' ? [step] : []));
  const describeKernel = ({name, inputs, outputs}: KernelStep): RecordedKernel => {
    const shapes = (list: readonly number[]) => list.map(at => trace!.tensors[at]!.shape);
    return {
      name,
      inputs: shapes(inputs),
      outputs: shapes(outputs),
      bytes: shapes(outputs).reduce((sum, s) => sum + 4 * s.reduce((a, b) => a * b, 1), 0),
    };
  };
  return {
    signature,
    state: refusal !== null ? 'plain' : program === null ? 'recording' : 'recorded',
    why: refusal,
    kernels: kernels.map(describeKernel),
    plainKernels: trace?.steps.filter(({kind}) => kind === 'kernel').length ?? 0,
  };
}
