/** Which test judges a source file, and which source file a test: by names and imports alone. */
import {dirname, join, normalize} from 'node:path';

/** Folders of tests that mirror another tree than src, or none: their names say what is judged. */
const OTHERS = ['docs', 'examples', 'fuzz', 'helpers', 'lint', 'package', 'scripts', 'surface'];

/** What so few import is a part of them. */
const FEW = 2;

/** The mirrored path of a source file, without an ending. */
export const mirrored = file =>
  file
    .replace(/^src\//, 'test/')
    .replace(/^(?=(layers|control)\/)/, 'test/')
    .replace(/\.ts$/, '');

/** The path that a test mirrors, without an ending. */
const stemOf = test => test.replace(/(\.node)?\.test\.ts$/, '');

/** Whether code, without its types, does anything but name values and other modules. */
export const holdsLogic = code => /=>|\bfunction\b|\bclass\b/.test(code.replace(/\bimport\b[^;]*;/g, ''));

/**
 * For each source file that holds logic, how it is judged:
 * `own`: by the test at its mirrored path;
 * `door`: a file of a folder that is entered by one file, `functions` or `index`, by the test of that, or of the folder;
 * `part`: a file that one or two others import, or whose folder's index they import, as a part of those;
 * `proofs`: an estimator with a name, by the proofs that every named estimator is put to;
 * null: by no test that its name leads to.
 * @param {Record<string, string>} sources from paths to code without types
 * @param {readonly string[]} tests
 * @param {readonly string[]} estimators their names
 */
export function judgesOf(sources, tests, estimators) {
  const stems = new Set(tests.map(stemOf));
  const importers = importersOf(sources);
  const named = new Set(estimators.map(name => `src/estimators/${name}.ts`));
  const judge = (file, above = []) => {
    if (stems.has(mirrored(file))) return 'own';
    const folder = dirname(mirrored(file));
    const isDeep = folder.split('/').length > 2;
    const doors = isDeep ? ['', '/functions', '/index'] : ['/index'];
    if (doors.some(door => stems.has(folder + door))) return 'door';
    const index = join(dirname(file), 'index.ts');
    const used = [importers.get(file), isDeep ? importers.get(index) : undefined];
    const isPart = users =>
      users !== undefined &&
      users.length <= FEW &&
      users.every(user => !above.includes(user) && judge(user, [...above, file]) !== null);
    if (used.some(isPart)) return 'part';
    return named.has(file) ? 'proofs' : null;
  };
  const files = Object.keys(sources).filter(file => !file.endsWith('/index.ts') && holdsLogic(sources[file]));
  return Object.fromEntries(files.map(file => [file, judge(file)]));
}

/** Who imports each file, indexes left out. */
function importersOf(sources) {
  const importers = new Map();
  for (const [file, code] of Object.entries(sources)) {
    if (file.endsWith('/index.ts')) continue;
    for (const [, path] of code.matchAll(/\bfrom ["'](\.[^"']+)["']/g)) {
      const imported = normalize(join(dirname(file), path)).replace(/\.js$/, '.ts');
      importers.set(imported, [...new Set([...(importers.get(imported) ?? []), file])]);
    }
  }
  return importers;
}

/** The tests that would judge these files: one for each, or one for the whole folder where that has a `functions.ts`. */
export const wantedFor = files => [
  ...new Set(
    files.map(file => {
      const door = join(dirname(file), 'functions.ts');
      return `${mirrored(files.includes(door) ? door : file)}.test.ts`;
    }),
  ),
];

/** The tests that mirror no source file or folder, and stand in no folder of suites. */
export function strays(sourceFiles, tests) {
  const known = new Set(sourceFiles.flatMap(file => [mirrored(file), dirname(mirrored(file))]));
  return tests.filter(test => {
    const parts = test.split('/');
    return !known.has(stemOf(test)) && !parts.includes('suites') && !OTHERS.includes(parts[1]);
  });
}
