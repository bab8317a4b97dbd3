/** What a run of specs came to. */
import {writeFileSync} from 'node:fs';

/** Seconds from which a spec is listed as slow. */
const SLOW = 5;

export class Outcome {
  #count = {passed: 0, failed: 0, skipped: 0};
  #slow = [];
  #failures = [];
  #suites = new Map(); // seconds and specs by suite
  #stopped = false;

  /** How many specs have been seen. */
  get done() {
    return Object.values(this.#count).reduce((a, b) => a + b);
  }

  /** One spec: `status` is passed, failed or skipped. */
  add(status, seconds, suite, name) {
    this.#count[status]++;
    if (status === 'skipped') return;
    if (status === 'failed') this.#failures.push(name);
    if (seconds > SLOW) this.#slow.push(`${seconds.toFixed(1)} s  ${name}`);
    const [sum, specs] = this.#suites.get(suite) ?? [0, 0];
    this.#suites.set(suite, [sum + seconds, specs + 1]);
  }

  /** The run broke off, for a reason to be told. */
  stop(why) {
    this.#stopped = true;
    this.#count.failed++;
    this.#failures.push(`the run broke off: ${why}`);
    console.log(`The run broke off: ${why}.`);
  }

  /**
   * Prints the sums, writes them to RESULT_FILE where that is set, and returns the exit code; `ok` is what the runner
   * itself says.
   */
  end(ok, withTimes = false) {
    const count = this.#count;
    if ((!ok || count.passed === 0) && count.failed === 0) {
      this.stop(count.passed === 0 ? 'no spec ran' : 'something failed outside of the specs');
    }
    if (withTimes) this.#printTimes();
    if (this.#slow.length > 0) console.log(`Slow specs:\n${this.#slow.join('\n')}`);
    console.log(`${count.passed} passed, ${count.failed} failed`);
    if (process.env.RESULT_FILE)
      writeFileSync(
        process.env.RESULT_FILE,
        JSON.stringify({...count, failures: this.#failures, complete: !this.#stopped}),
      );
    return count.failed > 0 ? 1 : 0;
  }

  #printTimes() {
    const rows = [...this.#suites].sort(([, [a]], [, [b]]) => b - a);
    console.log(
      `Seconds, specs and suite, ${rows.reduce((sum, [, [seconds]]) => sum + seconds, 0).toFixed(1)} s in all:`,
    );
    for (const [suite, [seconds, specs]] of rows)
      console.log(`${seconds.toFixed(1).padStart(7)} ${String(specs).padStart(5)}  ${suite}`);
  }
}
