/** bench/history.json: what each release took, and where it was measured. */
import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {sameWork, type Line} from './report.js';

export interface Release {
  readonly node: string;
  readonly cpu: string;
  /** Time that passed, or that of the processor. */
  readonly clock: 'wall' | 'cpu';
  readonly lines: readonly Line[];
}

const file = fileURLToPath(new URL('history.json', import.meta.url));

/** The releases, oldest first. */
export function readHistory(): Record<string, Release> {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Record<string, Release>) : {}; // as keepRelease writes it
}

/** Adds lines to a release; those that measured the same work before go. */
export function keepRelease(version: string, {lines, ...where}: Release): void {
  const history = readHistory();
  const before = history[version]?.lines.filter(line => !lines.some(other => sameWork(line, other))) ?? [];
  const all = {...history, [version]: {...where, lines: [...before, ...lines]}};
  writeFileSync(file, historyText(all));
}

/** With each line in a line. */
export function historyText(history: Record<string, Release>): string {
  const releases = Object.entries(history).map(([version, {lines, ...where}]) => {
    const head = JSON.stringify(where).slice(0, -1);
    return `${JSON.stringify(version)}: ${head},"lines":[\n${lines.map(line => JSON.stringify(line)).join(',\n')}\n]}`;
  });
  return `{\n${releases.join(',\n')}\n}\n`;
}
