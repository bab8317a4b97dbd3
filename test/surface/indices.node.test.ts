/** What users may import is written down by name. */
import {readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import ts from 'typescript';
import {root} from '../../scripts/surface/names.js';
import {entriesOf} from '../../scripts/surface/reports.mjs';

/** The modules that a text takes all names from, and whether it does so as a namespace. */
function starsOf(text: string): Array<{from: string; isNamespace: boolean}> {
  const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext);
  return source.statements.filter(ts.isExportDeclaration).flatMap(({exportClause, moduleSpecifier}) => {
    if (moduleSpecifier === undefined || !ts.isStringLiteral(moduleSpecifier)) return [];
    if (exportClause !== undefined && ts.isNamedExports(exportClause)) return [];
    return [{from: moduleSpecifier.text, isNamespace: exportClause !== undefined}];
  });
}

/** Whether a text makes nothing itself: all that it exports is from elsewhere. */
function isList(text: string): boolean {
  const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.ESNext);
  return source.statements.every(
    statement =>
      ts.isImportDeclaration(statement) ||
      (ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined),
  );
}

const read = (file: string): string => readFileSync(join(root, file), 'utf8');

const entries = new Set(entriesOf(read('tsconfig.json')).map(({file}) => file));

describe('the names that users may import', () => {
  it('are listed one by one where an entry takes all of them, and where that takes all of another', () => {
    const faults: string[] = [];
    const seen = new Set<string>();
    const visit = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const {from} of starsOf(read(file))) {
        const target = join(dirname(file), from.replace(/\.js$/, '.ts'));
        if (!isList(read(target))) faults.push(`${target} must list its exports by name`);
        visit(target);
      }
    };
    entries.forEach(visit);
    expect(faults).toEqual([]);
    expect(seen.size).toBeGreaterThan(10);
  });

  it('are not taken as a whole from a module that makes things', () => {
    expect(isList("export {a, type B} from './b.js';\nimport './c.js';\nexport * as d from './d.js';")).toBeTrue();
    expect(isList('export const a = 1;')).toBeFalse();
    expect(isList("export {a} from './b.js';\nexport function c() {}")).toBeFalse();
    expect(isList("import {a} from './b.js';\nexport {a};")).toBeFalse();
    expect(starsOf("export * from './a.js'; export * as b from './b.js'; export {c} from './c.js';")).toEqual([
      {from: './a.js', isNamespace: false},
      {from: './b.js', isNamespace: true},
    ]);
  });
});
