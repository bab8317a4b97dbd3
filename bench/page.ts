/** The benchmarks on a page: `bench.run(…)` gives the results of one, for bench/browser.ts to print. */
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import * as st from 'tfjs-stochastic';
import {everywhere} from './all.js';
import type {Peer} from './peers/peer.js';
import type {Result} from './report.js';

export interface PageRun {
  readonly name: string;
  readonly backend: string;
  readonly quick: boolean;
  readonly peers: boolean;
}

export async function run({name, backend, quick, peers}: PageRun): Promise<Result[]> {
  await tf.setBackend(backend);
  await tf.ready();
  st.enableFastKernels();
  const results: Result[] = [];
  await everywhere[name]!({
    report: result => void results.push(result),
    peers: {plain: peers ? await plainFrame(backend) : null, jaxjs: null, torch: null},
    quick,
    size: quick ? 100 : 100_000,
    // a software GPU is slow
    effort: (rounds, repeats) =>
      quick ? {rounds: 1, repeats: 1} : {rounds: Math.min(rounds, 5), repeats: Math.min(repeats, 2)},
  });
  return results;
}

/** Plain tfjs in a frame, whose script has a tfjs of its own: our kernels are not in it. */
async function plainFrame(backend: string): Promise<Peer> {
  const frame = document.createElement('iframe');
  frame.srcdoc = '<script src="/plain.js"></script>';
  await new Promise(resolve => {
    frame.onload = resolve;
    document.documentElement.append(frame);
  });
  const {plain} = frame.contentWindow as unknown as {plain: typeof import('./peers/plainPage.js')}; // its script's global
  await plain.start(backend);
  return {
    contender: operation => async repeats => {
      const answer = await plain.plainAnswer(`${repeats} ${operation}`);
      return answer === 'none' ? null : Number(answer);
    },
    close: () => frame.remove(),
  };
}
