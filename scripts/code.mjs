/**
 * Types and lint of all sources, each counted as one check. Both ask one program of TypeScript, since to know all types
 * is what takes long; `npm run types` and `npm run lint` are the same apart. With RESULT_FILE set, writes there what
 * came of it.
 */
import {join} from 'node:path';
import {ESLint} from 'eslint';
import ts from 'typescript';
import {root} from './ensure.mjs';
import {Outcome} from './outcome.mjs';

const outcome = new Outcome();
const program = read();
check('types', typeErrors());
check('lint', await lintErrors());
process.exitCode = outcome.end(true);

/** Shows the mistakes; '' stands for none. */
function check(name, mistakes) {
  if (mistakes !== '') console.error(mistakes);
  outcome.add(mistakes === '' ? 'passed' : 'failed', 0, name, name);
}

/** What tsconfig.json names. */
function read() {
  const host = {...ts.sys, onUnRecoverableConfigFileDiagnostic: found => fail(format([found]))};
  const {fileNames, options, errors} = ts.getParsedCommandLineOfConfigFile(join(root, 'tsconfig.json'), {}, host);
  if (errors.length > 0) fail(format(errors));
  return ts.createProgram(fileNames, options);
}

function fail(text) {
  console.error(text);
  process.exit(1);
}

function typeErrors() {
  return format(ts.getPreEmitDiagnostics(program));
}

function format(found) {
  return ts.formatDiagnosticsWithColorAndContext(found, {
    getCurrentDirectory: () => root,
    getCanonicalFileName: name => name,
    getNewLine: () => '\n',
  });
}

async function lintErrors() {
  const eslint = new ESLint({
    cwd: root,
    overrideConfig: {
      files: ['**/*.ts'],
      languageOptions: {parserOptions: {projectService: false, programs: [program]}},
    },
  });
  const results = await eslint.lintFiles(['.']);
  const formatter = await eslint.loadFormatter();
  return formatter.format(ESLint.getErrorResults(results));
}
