/** Tables in the terminal. */
import Table from 'cli-table3';

/** The first column to the left, the others to the right. */
export function renderTable(columns: readonly string[], rows: ReadonlyArray<readonly string[]>): string {
  const table = new Table({
    head: [...columns],
    colAligns: columns.map((_, i) => (i === 0 ? 'left' : 'right')),
    style: {head: [], border: []},
  });
  table.push(...rows.map(row => [...row]));
  return table.toString();
}
