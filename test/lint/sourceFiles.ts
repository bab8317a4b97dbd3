/** The sources of the library as text, and who imports whom. */
import {readdirSync, readFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import ts from 'typescript';

/** The text of every TypeScript file under `folders`, by its path from the root of the project. */
export function readSources(...folders: string[]): Map<string, string> {
  const paths = folders.flatMap(folder =>
    readdirSync(folder, {recursive: true, encoding: 'utf8'}).map(file => join(folder, file)),
  );
  return new Map(paths.filter(path => path.endsWith('.ts')).map(path => [path, readFileSync(path, 'utf8')]));
}

/** For each file, the files that it imports or exports from: those that it takes only types from too. */
export function importsOf(sources: ReadonlyMap<string, string>): Map<string, string[]> {
  return new Map(
    [...sources].map(([path, text]) => [
      path,
      ts
        .preProcessFile(text, true, true)
        .importedFiles.map(({fileName}) => fileName)
        .filter(name => name.startsWith('.'))
        .map(name => join(dirname(path), name).replace(/\.js$/, '.ts')),
    ]),
  );
}

/** The sets of files that all reach one another by imports (Tarjan 1972), sorted. */
export function circlesOf(imports: ReadonlyMap<string, readonly string[]>): string[][] {
  const circles: string[][] = [];
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const visit = (file: string): number => {
    order.set(file, order.size);
    lowest.set(file, order.get(file)!);
    open.push(file);
    for (const next of imports.get(file) ?? []) {
      const reached = order.has(next) ? (open.includes(next) ? order.get(next)! : Infinity) : visit(next);
      lowest.set(file, Math.min(lowest.get(file)!, reached));
    }
    if (lowest.get(file) === order.get(file)) {
      const circle = open.splice(open.indexOf(file));
      if (circle.length > 1 || imports.get(file)?.includes(file)) circles.push(circle.sort());
    }
    return lowest.get(file)!;
  };
  for (const file of imports.keys()) if (!order.has(file)) visit(file);
  return circles;
}

/** A name that a file declares at its top level. */
export interface Declaration {
  readonly name: string;
  readonly kind: 'type' | 'function' | 'value';
  readonly isExported: boolean;
}

const isFunctionLike = (node: ts.Expression | undefined): boolean =>
  node !== undefined && (ts.isArrowFunction(node) || ts.isFunctionExpression(node));

/** What a file declares: each name once, however often it is overloaded or merged. */
export function declarationsOf(path: string, text: string): Declaration[] {
  const found = new Map<string, Declaration>();
  for (const statement of ts.createSourceFile(path, text, ts.ScriptTarget.Latest).statements) {
    const modifiers = ts.canHaveModifiers(statement) ? (ts.getModifiers(statement) ?? []) : [];
    const isExported = modifiers.some(({kind}) => kind === ts.SyntaxKind.ExportKeyword);
    const add = (name: ts.Node | undefined, kind: Declaration['kind']): void => {
      if (name === undefined || !ts.isIdentifier(name)) return;
      const before = found.get(name.text);
      found.set(name.text, {
        name: name.text,
        kind: before?.kind ?? kind,
        isExported: isExported || before?.isExported === true,
      });
    };
    if (ts.isFunctionDeclaration(statement)) add(statement.name, 'function');
    if (ts.isVariableStatement(statement)) {
      for (const {name, initializer} of statement.declarationList.declarations)
        add(name, isFunctionLike(initializer) ? 'function' : 'value');
    }
    if (
      ts.isInterfaceDeclaration(statement) ||
      ts.isTypeAliasDeclaration(statement) ||
      ts.isClassDeclaration(statement) ||
      ts.isEnumDeclaration(statement)
    )
      add(statement.name, 'type');
  }
  return [...found.values()];
}
