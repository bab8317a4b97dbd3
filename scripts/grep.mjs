/** Which specs `--grep text` and `--invert` choose, by the whole name of a spec. */

/** As a regular expression: names that hold `text` as it stands, or with `invert` the others. */
export function grepPattern(text, invert = false) {
  const literal = text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
  return invert ? `^(?![^]*${literal})` : literal;
}

/**
 * The shares of the browser suite, as arguments of its runner. Each of the two GPUs that are emulated takes about half of the time; what is quick, or
 * on no backend, goes with the second. One share is what the other leaves out, so that each spec is in one of them.
 */
export const shares = [['--grep', '[webgl]'], ['--grep', '[webgl]', '--invert']];
