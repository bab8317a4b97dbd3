/** Which specs `--grep text` and `--invert` choose, by the whole name of a spec. */

/** As a regular expression: names that hold `text` as it stands, or with `invert` the others. */
export function grepPattern(text, invert = false) {
  const literal = text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return invert ? `^(?![^]*${literal})` : literal;
}

/**
 * Two shares of a suite, as arguments of its runner: one is what the other leaves out, so that each spec is in one of
 * them.
 */
const split = text => [
  ['--grep', text],
  ['--grep', text, '--invert'],
];

/**
 * The shares of the browser suite: each of the two GPUs that are emulated takes about half of the time; what is quick,
 * or on no backend, goes with the second.
 */
export const shares = split('[webgl]');

/** The shares of the suite in Node, so that it keeps two cores busy. */
export const nodeShares = split('[wasm]').reverse();
