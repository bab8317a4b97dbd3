/** Where the files of a run go: into its folder, or wherever there is still room for them. */
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type ResultFolder, writeWhole} from './files.js';
import {complain, outputLost, say} from './output.js';

/** What makes the text of each file, by its name. */
export type Makers = Readonly<Record<string, () => string>>;

export interface Saved {
  /** Paths of what was written. */
  readonly files: readonly string[];
  /** A sentence for each file that could not be made or written. */
  readonly failures: readonly string[];
}

/** Writes all files; none needs the others. */
export function save(folder: Pick<ResultFolder, 'write'>, makers: Makers): Saved {
  const files: string[] = [],
    failures: string[] = [];
  for (const [name, make] of Object.entries(makers)) {
    try {
      files.push(folder.write(name, make()));
    } catch (error) {
      failures.push(`${name} could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return {files, failures};
}

/** Writes all files to a new folder among the temporary files. */
export function saveElsewhere(makers: Makers): Saved {
  try {
    const folder = mkdtempSync(path.join(tmpdir(), 'stochastic-report-'));
    return save(
      {
        write(name, text) {
          const file = path.join(folder, name);
          writeWhole(file, text);
          return file;
        },
      },
      makers,
    );
  } catch (error) {
    return {files: [], failures: [String(error)]};
  }
}

/**
 * Writes the files for good, elsewhere if the folder does not take them, and says where they are; what is in none of
 * them is printed. Returns whether all are in their folder.
 * @param essential the name of the file that holds the results, if they can be read as text
 */
export function deliver(folder: Pick<ResultFolder, 'write'>, makers: Makers, essential: string | null): boolean {
  const {files, failures} = save(folder, makers);
  failures.forEach(complain);
  const all = failures.length === 0 ? files : [...files, ...saveElsewhere(makers).files];
  if (all.length > 0) tell(`Wrote ${all.join(' and ')}`);
  if (essential !== null && !all.some(file => path.basename(file) === essential)) tell(makers[essential]!().trimEnd());
  return failures.length === 0;
}

/** Says a line where somebody may see it. */
function tell(line: string): void {
  say(`${line}\n`);
  if (outputLost() !== null) complain(line);
}
