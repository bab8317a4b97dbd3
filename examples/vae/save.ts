/** Where the report of a run goes: into its folder, or wherever there is still room for it. */
import {mkdtempSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';
import {type ResultFolder, writeWhole} from '../job/files.js';
import {renderHtml} from './html.js';
import {type Pictures, type Report, toJson} from './report.js';

export const reportFiles = ['report.json', 'report.html'] as const;

/** A report as far as it is known. */
export interface Contents {
  readonly report: Report;
  /** Of each run, if they could be made. */
  readonly pictures: ReadonlyArray<Pictures | null>;
  readonly note: string;
}

export interface Saved {
  /** Paths of what was written. */
  readonly files: readonly string[];
  /** A sentence for each of the two that could not be made or written. */
  readonly failures: readonly string[];
}

/** Writes both files; neither needs the other. */
export function save(folder: Pick<ResultFolder, 'write'>, {report, pictures, note}: Contents): Saved {
  const makers = {'report.json': () => toJson(report), 'report.html': () => renderHtml(report, pictures, note)};
  const files: string[] = [],
    failures: string[] = [];
  for (const name of reportFiles) {
    try {
      files.push(folder.write(name, makers[name]()));
    } catch (error) {
      failures.push(`${name} could not be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return {files, failures};
}

/** Writes both files to a new folder among the temporary files. */
export function saveElsewhere(contents: Contents): Saved {
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
      contents,
    );
  } catch (error) {
    return {files: [], failures: [String(error)]};
  }
}
