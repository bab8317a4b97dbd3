/** What users may import: every exported name of every entry, and every member that they can reach there. */
import ts from 'typescript';
import {fileURLToPath} from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** A name of the surface: `st.Normal`, `st.Normal.loc`, `st.random.key`, `stl.perSample`. */
export interface Surfaced {
  readonly name: string;
  readonly kind: 'export' | 'member';
  /** What its docstring says, with that of what it overrides where it has none. */
  readonly text: string;
  /** The programs of its `@example` tags. */
  readonly examples: readonly string[];
  /** `src/graph/cost.ts:17` */
  readonly place: string;
}

/** How the programs of the documentation call an entry. */
const CALLED: Readonly<Record<string, string>> = {
  'tfjs-stochastic': 'st',
  'tfjs-stochastic/layers': 'stl',
  'tfjs-stochastic/control': 'ctl',
};

let made: readonly Surfaced[] | undefined;

/** The surface of all entries that tsconfig.json names, each declaration once. Takes some seconds, the first time. */
export function surface(): readonly Surfaced[] {
  return (made ??= [...read()]);
}

function* read(): Generator<Surfaced> {
  const {options} = ts.parseJsonConfigFileContent(
    ts.readConfigFile(`${root}tsconfig.json`, path => ts.sys.readFile(path)).config,
    ts.sys,
    root,
  );
  const entries = Object.entries(options.paths ?? {}).map(([entry, [file]]) => ({
    entry,
    file: `${root}${file!.replace('./', '')}`,
  }));
  const program = ts.createProgram(
    entries.map(({file}) => file),
    options,
  );
  const checker = program.getTypeChecker();
  const seen = new Set<ts.Declaration>();

  for (const {entry, file} of entries) {
    const module = checker.getSymbolAtLocation(program.getSourceFile(file)!);
    yield* exportsOf(module!, CALLED[entry] ?? entry);
  }

  function* exportsOf(module: ts.Symbol, prefix: string): Generator<Surfaced> {
    const all = checker.getExportsOfModule(module).map(exported => ({
      name: `${prefix}.${exported.name}`,
      symbol: exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported,
    }));
    const isNamespace = ({symbol}: (typeof all)[number]) => (symbol.flags & ts.SymbolFlags.ValueModule) !== 0;
    // namespaces last: what is exported by itself as well goes by its own name
    for (const {name, symbol} of all.filter(one => !isNamespace(one))) {
      yield* surfaced(symbol, name, 'export');
      yield* membersOf(symbol, name);
    }
    for (const {name, symbol} of all.filter(isNamespace)) {
      yield* surfaced(symbol, name, 'export');
      yield* exportsOf(symbol, name);
    }
  }

  function* membersOf(symbol: ts.Symbol, name: string): Generator<Surfaced> {
    const types = [];
    if (symbol.flags & ts.SymbolFlags.Type) types.push(checker.getDeclaredTypeOfSymbol(symbol));
    if (symbol.flags & (ts.SymbolFlags.Class | ts.SymbolFlags.Variable)) types.push(checker.getTypeOfSymbol(symbol));
    for (const type of types.flatMap(t => (t.isUnion() ? t.types : [t]))) {
      if (!(type.flags & (ts.TypeFlags.Object | ts.TypeFlags.Intersection))) continue;
      for (const member of checker.getPropertiesOfType(type)) {
        const isPrivate = member.declarations?.some(d => ts.getCombinedModifierFlags(d) & ts.ModifierFlags.Private);
        const isHidden = member.name.startsWith('#');
        if (isPrivate !== true && !isHidden) yield* surfaced(member, `${name}.${member.name}`, 'member');
      }
    }
  }

  /** One declaration, unless it was met before or is not the library's own. */
  function* surfaced(symbol: ts.Symbol, name: string, kind: Surfaced['kind']): Generator<Surfaced> {
    const [declaration] = symbol.declarations ?? [];
    const source = declaration?.getSourceFile();
    if (declaration === undefined || seen.has(declaration) || !source!.fileName.startsWith(root)) return;
    if (source!.fileName.includes('/node_modules/')) return;
    seen.add(declaration);
    // {name} stands for what is documented where it is made
    const value = ts.isShorthandPropertyAssignment(declaration)
      ? checker.getShorthandAssignmentValueSymbol(declaration)
      : ts.isExportSpecifier(declaration) // of a list from which a type is derived
        ? checker.getSymbolAtLocation(declaration.name)
        : symbol;
    const told = value && value.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(value) : (value ?? symbol);
    const {line} = source!.getLineAndCharacterOfPosition(declaration.getStart());
    yield {
      name,
      kind,
      text: ts.isSourceFile(declaration)
        ? headOf(declaration)
        : ts.displayPartsToString(told.getDocumentationComment(checker)),
      examples: told
        .getJsDocTags(checker)
        .filter(tag => tag.name === 'example')
        .map(tag => ts.displayPartsToString(tag.text)),
      place: `${source!.fileName.slice(root.length)}:${line + 1}`,
    };
  }
}

/** The comment at the head of a module. */
function headOf(source: ts.SourceFile): string {
  return (
    /^\/\*\*(.*?)\*\//s
      .exec(source.text)?.[1]!
      .replace(/^\s*\* ?/gm, '')
      .trim() ?? ''
  );
}
