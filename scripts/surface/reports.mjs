/** What is known of API reports without making them. */

/**
 * The entries of the library that the text of tsconfig.json names, with their files.
 * @returns {Array<{entry: string, file: string}>}
 */
export function entriesOf(tsconfig) {
  return Object.entries(JSON.parse(tsconfig).compilerOptions.paths).map(([entry, [file]]) => ({
    entry,
    file: file.replace(/^\.\//, ''),
  }));
}

/** The file of an entry's report: that of `tfjs-stochastic/layers` is `tfjs-stochastic.layers.api.md`. */
export function reportName(entry) {
  return `${entry.replaceAll('/', '.')}.api.md`;
}

/**
 * A report without what it says of docstrings: an override has that of what it overrides, and an
 * interface that of the class that it is merged with, which API Extractor does not see; test/surface sees to docstrings.
 */
export function withoutNoise(report) {
  return report.replace(/^ *\/\/ \(undocumented\)\n/gm, '').replaceAll(' (undocumented)', '');
}

/** The names of the files that differ, are missing or are too many. */
export function outOfDate(known, found) {
  return [...new Set([...Object.keys(known), ...Object.keys(found)])]
    .filter(file => known[file] !== found[file])
    .sort();
}
