/** The files of `npm start`. */
import type {Makers} from '../job/save.js';
import {renderHtml} from './html.js';
import {type Pictures, type Report, toJson} from './report.js';

/** A report as far as it is known. */
export interface Contents {
  readonly report: Report;
  /** Of each run, if they could be made. */
  readonly pictures: ReadonlyArray<Pictures | null>;
  readonly note: string;
}

export function makersOf({report, pictures, note}: Contents): Makers {
  return {'report.json': () => toJson(report), 'report.html': () => renderHtml(report, pictures, note)};
}
