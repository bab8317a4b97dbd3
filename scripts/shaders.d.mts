export function tighten(texts: readonly string[]): string[];
