export function entriesOf(tsconfig: string): Array<{entry: string; file: string}>;
export function reportName(entry: string): string;
export function withoutNoise(report: string): string;
export function outOfDate(known: Record<string, string>, found: Record<string, string>): string[];
