/**
 * What the WebGPU device reports and tfjs does not: a dispatch that fails validation drops its whole command buffer,
 * and what is read afterwards is whatever memory held.
 */
import * as tf from '@tensorflow/tfjs-core';

const FILTERS = ['internal', 'out-of-memory', 'validation'] as const;

/** The parts of the device and of tfjs's backend that are used here. */
interface Device {
  readonly lost: Promise<{reason: string; message: string}>;
  pushErrorScope(filter: (typeof FILTERS)[number]): void;
  popErrorScope(): Promise<{message: string} | null>;
}
interface WebgpuBackend {
  readonly device: Device;
  readonly commandEncoder: object | null;
  endComputePassEncoder(): void;
  submitQueue(): void;
}

/** Devices in whose scopes everything runs that no spec has answered for yet, with what ended them. */
const watched = new Map<Device, string[]>();

function webgpu(): WebgpuBackend | undefined {
  return tf.engine().registry['webgpu'] as unknown as WebgpuBackend | undefined; // there once it has been initialised
}

function watch(device: Device): void {
  if (!watched.has(device))
    void device.lost.then(({reason, message}) =>
      watched.get(device)!.push(`the device was lost (${reason}): ${message}`),
    );
  watched.set(device, []);
  // A scope and not the event of uncaptured errors, which arrives some time after the spec has ended.
  for (const filter of FILTERS) device.pushErrorScope(filter);
}

/** Starts watching, if the backend is there. */
export function watchGpu(): void {
  const backend = webgpu();
  if (backend !== undefined && !watched.has(backend.device)) watch(backend.device);
}

/**
 * What went wrong on the device since the last call, the first of each kind, also in commands that were not submitted
 * yet.
 */
export async function takeGpuErrors(): Promise<string[]> {
  const backend = webgpu();
  if (backend === undefined || !watched.has(backend.device)) return [];
  if (backend.commandEncoder !== null) {
    backend.endComputePassEncoder();
    backend.submitQueue();
  }
  const scopes = await Promise.all(FILTERS.map(() => backend.device.popErrorScope()));
  const taken = [...scopes.flatMap(error => error?.message ?? []), ...watched.get(backend.device)!];
  watch(backend.device);
  return taken;
}

/** Fails the spec that has just run if the device reported anything. */
export async function failOnGpuErrors(report: (message: string) => void): Promise<void> {
  for (const message of await takeGpuErrors()) report(`WebGPU: ${message}`);
}
