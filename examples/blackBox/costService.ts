/** A worker that is asked for costs, as promises. */
import {Worker} from 'node:worker_threads';
import {fail} from '../../src/util/errors.js';

export interface ServiceConfig {
  /** Where the least cost is. */
  readonly target: readonly number[];
  /** Standard deviation of what is added to each cost. */
  readonly noise: number;
  /** An answer takes up to so many ms. */
  readonly delay: number;
  readonly seed: number;
}

interface Waiting {
  readonly answer: (costs: number[]) => void;
  readonly refuse: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

export class CostService {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #asked = 0;
  #end: {readonly why: string} | null = null;

  /**
   * @param patience a worker that does not answer for so many ms has failed
   * @param script another one than worker.mjs, for tests
   */
  constructor(
    config: ServiceConfig,
    private readonly patience = 10_000,
    script = new URL('worker.mjs', import.meta.url),
  ) {
    this.#worker = new Worker(script, {workerData: config, execArgv: []});
    this.#worker.on('message', ({id, costs}: {id: number; costs: number[]}) => {
      clearTimeout(this.#waiting.get(id)?.timer);
      this.#waiting.get(id)?.answer(costs);
      this.#waiting.delete(id);
    });
    this.#worker.on('error', error => this.#endedBy(`failed: ${error.message}`));
    this.#worker.on('exit', code => this.#endedBy(`ended with code ${code}`));
  }

  /** How many questions are open. */
  get open(): number {
    return this.#waiting.size;
  }

  /**
   * The cost of each candidate, some time later; `isExact`: without noise.
   * @throws (rejects) in one sentence, once the worker failed or ended
   */
  costs(candidates: ReadonlyArray<readonly number[]>, {isExact = false} = {}): Promise<number[]> {
    return new Promise((answer, refuse) => {
      if (this.#end !== null) this.#fail(this.#end.why);
      const id = this.#asked++;
      const timer = setTimeout(() => this.#endedBy(`has not for ${this.patience / 1000} s`), this.patience);
      this.#waiting.set(id, {answer, refuse, timer});
      this.#worker.postMessage({id, candidates, isExact});
    });
  }

  /** Ends the worker. What is still open is answered by nobody. */
  async close(): Promise<void> {
    this.#end ??= {why: 'was closed'};
    this.#take();
    await this.#worker.terminate();
  }

  #endedBy(why: string): void {
    if (this.#end !== null) return;
    this.#end = {why};
    for (const {refuse} of this.#take()) {
      try {
        this.#fail(why);
      } catch (error) {
        refuse(error);
      }
    }
  }

  /** All that is open, which it then no longer is. */
  #take(): Waiting[] {
    const open = [...this.#waiting.values()];
    this.#waiting.clear();
    for (const {timer} of open) clearTimeout(timer);
    return open;
  }

  #fail(why: string): never {
    fail('the worker', `must answer, but ${why}`);
  }
}
