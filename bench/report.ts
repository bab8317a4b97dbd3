/** Output of benchmarks: a line for people, or with `--json` one JSON object a line. */
import process from 'node:process';

const asJson = process.argv.includes('--json');

/** Prints one result. */
export function report(benchmark: string, result: Record<string, string | number>): void {
  const rounded = Object.fromEntries(
    Object.entries(result).map(([k, v]) => [k, typeof v === 'number' ? Number(v.toPrecision(4)) : v]),
  );
  console.log(
    asJson
      ? JSON.stringify({benchmark, ...rounded})
      : `${benchmark}: ${Object.entries(rounded)
          .map(([k, v]) => `${k} ${v}`)
          .join(', ')}`,
  );
}

/**
 * Median milliseconds of one call of each function, measured in turn so that a machine's drift meets all of them alike.
 * @param rounds how often each is measured
 * @param repeats calls in one measurement
 */
export function interleaved(
  functions: Record<string, () => void>,
  rounds: number,
  repeats: number,
): Record<string, number> {
  const times: Record<string, number[]> = Object.fromEntries(Object.keys(functions).map(name => [name, []]));
  for (let r = -1; r < rounds; r++) {
    for (const [name, f] of Object.entries(functions)) {
      const start = performance.now();
      for (let i = 0; i < repeats; i++) f();
      if (r >= 0) times[name]!.push((performance.now() - start) / repeats); // the first round warms up
    }
  }
  return Object.fromEntries(
    Object.entries(times).map(([name, list]) => [name, list.sort((a, b) => a - b)[list.length >> 1]!]),
  );
}
