/** What a benchmark says: lines, and how ours compares with the other columns. */

/** One result: of `name` at `size`, a number for each column, in milliseconds unless `unit` says otherwise. */
export interface Result {
  readonly name: string;
  readonly size: string | number;
  readonly unit?: string;
  readonly [column: string]: string | number | undefined;
}

/** A result, and where it was measured. */
export interface Line extends Result {
  readonly backend: string;
}

/** What is compared with ours, where it was there to be measured. */
const others = ['written', 'byHand', 'plain', 'jaxjs', 'torch', 'undrawn', 'stock'] as const;

const ratioName = (other: string): string => `to${other[0]!.toUpperCase()}${other.slice(1)}`;

/** The line with numbers of four digits, and with ratios of ours to each other column: below 1 ours is faster. */
export function withRatios(line: Line): Line {
  const ours = line['ours'];
  const ratios = others.flatMap(other => {
    const value = line[other];
    return typeof ours === 'number' && typeof value === 'number' ? [[ratioName(other), ours / value] as const] : [];
  });
  const all = {...line, ...Object.fromEntries(ratios)};
  return Object.fromEntries(
    Object.entries(all).map(([k, v]) => [k, typeof v === 'number' ? Number(v.toPrecision(4)) : v]),
  ) as Line; // the same keys
}

/** Whether two lines are of the same name, backend and size. */
export function sameWork(a: Line, b: Line): boolean {
  return a.name === b.name && a.backend === b.backend && a.size === b.size;
}

/** The line beside that of an earlier run that did the same work, if there is one. */
export function against(line: Line, earlier: readonly Line[]): Line {
  const same = earlier.find(e => sameWork(e, line));
  const [ours, before] = [line['ours'], same?.['ours']];
  if (typeof ours !== 'number' || typeof before !== 'number') return line;
  return {...line, earlier: before, toEarlier: Number((ours / before).toPrecision(4))};
}

/** For people: the columns in their order, with ratios behind. */
export function asText({name, backend, size, ...rest}: Line): string {
  const columns = Object.entries(rest).map(([k, v]) => `${k} ${v}`);
  return `${name} [${backend}, ${size}]: ${columns.join(', ')}`;
}
