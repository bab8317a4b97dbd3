/**
 * A peer does the same work in a process of its own, asked line by line so that its times interleave with ours. It
 * prints `ready` once, with what speaks against its times behind it, then for each line `REPEATS OPERATION` the mean
 * milliseconds of one call, or `none` where it has no such operation.
 */
import {spawn} from 'node:child_process';
import {createInterface} from 'node:readline';
import process from 'node:process';
import type {Contender} from '../measure.js';

/** Someone who can be asked for operations by name. */
export interface Peer {
  /** The contender of an operation. */
  contender(operation: string): Contender;
  close(): void;
}

/** Starts a peer; null where it does not say that it is ready, for want of what it needs. */
export async function startPeer(
  command: string,
  args: readonly string[],
  options: {cwd?: string; env?: Record<string, string>} = {},
): Promise<Peer | null> {
  const child = spawn(command, args, {
    stdio: ['pipe', 'pipe', process.env['BENCH_PEERS'] ? 'inherit' : 'ignore'],
    cwd: options.cwd,
    env: {...process.env, ...options.env},
  });
  child.on('error', () => undefined); // told by the end of its output
  child.stdin.on('error', () => undefined);
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const next = async (): Promise<string | null> => {
    const line: IteratorResult<string, undefined> = await lines.next();
    return line.value ?? null;
  };
  const greeting = await next();
  if (greeting?.startsWith('ready') !== true) {
    child.kill();
    return null;
  }
  if (greeting !== 'ready') console.error(`bench: ${command}:${greeting.slice('ready'.length)}`);
  return {
    contender: operation => async repeats => {
      child.stdin.write(`${repeats} ${operation}\n`);
      const answer = await next();
      if (answer === null)
        throw new Error(`bench: the peer ${command} ended at ${operation} (BENCH_PEERS=1 shows why)`);
      return answer === 'none' ? null : Number(answer);
    },
    close: () => child.kill(),
  };
}
