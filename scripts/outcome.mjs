/** What a run of specs came to. */
import {writeFileSync} from 'node:fs';

/** Seconds from which a spec is listed as slow. */
const SLOW = 5;

/** How many failed specs are told of by name: the first ones, since what breaks for good fails all that follow. */
const TOLD = 12;

/** How much is told of one that failed. */
const LONGEST = 400;

export class Outcome {
  #count = {passed: 0, failed: 0, skipped: 0};
  #slow = [];
  #failures = [];
  #suites = new Map(); // seconds and specs by suite
  #stopped = false;
  #brokenOff = null; // why another process should go on

  /** How many specs have been seen. */
  get done() {
    return Object.values(this.#count).reduce((a, b) => a + b);
  }

  /** One spec: `status` is passed, failed or skipped, and `why` what a failed one said. */
  add(status, seconds, suite, name, why = '') {
    this.#count[status]++;
    if (status === 'skipped') return;
    if (status === 'failed') this.#failures.push(short(`${name}: ${why}`));
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

  /** The run cannot go on in this process: as `end`, and the result says why. */
  breakOff(why) {
    this.#brokenOff = short(why);
    this.stop(this.#brokenOff);
    return this.end(false);
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
        JSON.stringify({...count, failures: this.#told(), complete: !this.#stopped, brokenOff: this.#brokenOff}),
      );
    return count.failed > 0 ? 1 : 0;
  }

  #told() {
    const rest = this.#failures.length - TOLD;
    return [...this.#failures.slice(0, TOLD), ...(rest > 0 ? [`and ${rest} more`] : [])];
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

/** On one line, and not too long. */
function short(text) {
  return text.replace(/\s+/g, ' ').slice(0, LONGEST);
}
