/**
 * The API reports: for each entry that tsconfig.json names, what it exports, in etc/. `npm run api` writes them;
 * `--check` fails where they are not what the sources give; with `--built` they are those of the declarations that the
 * build has just made.
 */
import {spawnSync} from 'node:child_process';
import {cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {CompilerState, Extractor, ExtractorConfig} from '@microsoft/api-extractor';
import {root} from './ensure.mjs';
import {entriesOf, outOfDate, reportName, withoutNoise} from './surface/reports.mjs';

const cache = join(root, '.cache', 'api');
const types = join(cache, 'types');
const committed = join(root, 'etc');

const entries = entriesOf(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
emitDeclarations();
const found = extract();

if (process.argv.includes('--check')) {
  const known = Object.fromEntries(
    readdirSync(committed).map(file => [file, readFileSync(join(committed, file), 'utf8')]),
  );
  const stale = outOfDate(known, found);
  if (stale.length > 0) {
    console.error(
      `The public surface is not the one in ${stale.join(', ')}: run \`npm run api\` and commit the change.`,
    );
    process.exitCode = 1;
  }
} else {
  rmSync(committed, {recursive: true, force: true});
  mkdirSync(committed);
  for (const [file, text] of Object.entries(found)) writeFileSync(join(committed, file), text);
}

/**
 * The declarations of all entries. Those of src stand as a package in node_modules too, since a report names what comes
 * from another package instead of repeating it.
 */
function emitDeclarations() {
  rmSync(types, {recursive: true, force: true});
  if (process.argv.includes('--built')) cpSync(join(root, '.cache', 'types'), types, {recursive: true});
  else compile();
  const inSrc = entries.filter(({file}) => file.startsWith('src/'));
  const exported = inSrc.map(({entry, file}) => [
    entry.replace('tfjs-stochastic', '.'),
    {types: file.replace(/^src/, '.').replace(/\.ts$/, '.d.ts')},
  ]);
  const manifest = {name: 'tfjs-stochastic', exports: Object.fromEntries(exported)};
  writeFileSync(join(types, 'src', 'package.json'), JSON.stringify(manifest));
  writeFileSync(join(types, 'package.json'), '{"private":true}'); // or the name would mean what `npm run build` made
  mkdirSync(join(types, 'node_modules'));
  symlinkSync(join(types, 'src'), join(types, 'node_modules', 'tfjs-stochastic'));
}

/** Writes the declarations of the entries and of what they import. */
function compile() {
  mkdirSync(types, {recursive: true});
  const config = join(cache, 'tsconfig.json');
  const compilerOptions = {
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    outDir: types,
    stripInternal: true,
    rootDir: root,
    types: [],
  };
  const files = entries.map(({file}) => join(root, file));
  writeFileSync(config, JSON.stringify({extends: join(root, 'tsconfig.json'), compilerOptions, include: [], files}));
  const {status} = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', config], {
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}

/** The report of each entry, by the name of its file. */
function extract() {
  const declarations = entries.map(({file}) => join(types, file.replace(/\.ts$/, '.d.ts')));
  const configs = entries.map(({entry}, i) =>
    ExtractorConfig.prepare({
      configObjectFullPath: join(cache, 'api-extractor.json'),
      packageJsonFullPath: join(root, 'package.json'),
      configObject: {
        projectFolder: root,
        mainEntryPointFilePath: declarations[i],
        compiler: {
          overrideTsconfig: {
            compilerOptions: {
              target: 'ES2022',
              lib: ['ES2022', 'DOM'],
              module: 'ESNext',
              moduleResolution: 'Bundler',
              strict: true,
              skipLibCheck: true,
              types: [],
            },
            files: declarations,
          },
        },
        newlineKind: 'lf',
        apiReport: {
          enabled: true,
          reportFileName: reportName(entry),
          reportFolder: cache,
          reportTempFolder: join(cache, 'temp'),
          includeForgottenExports: true,
        },
        docModel: {enabled: false},
        dtsRollup: {enabled: false},
        tsdocMetadata: {enabled: false},
        messages: {
          compilerMessageReporting: {default: {logLevel: 'error'}},
          extractorMessageReporting: {default: {logLevel: 'none'}},
          tsdocMessageReporting: {default: {logLevel: 'none'}},
        },
      },
    }),
  );
  const compilerState = CompilerState.create(configs[0], {additionalEntryPoints: declarations.slice(1)});
  const reports = {};
  for (const config of configs) {
    const {succeeded} = Extractor.invoke(config, {
      compilerState,
      localBuild: true,
      messageCallback: message => {
        message.handled = message.logLevel !== 'error';
      },
    });
    if (!succeeded) process.exit(1);
    const file = config.reportFilePath;
    reports[file.slice(cache.length + 1)] = withoutNoise(readFileSync(file, 'utf8'));
  }
  return reports;
}
