export function grepPattern(text: string, invert?: boolean): string;
export const shares: string[][];
export const nodeShares: string[][];
