/** The spec files that reach one of `changed` by imports, nearest first. */
export function specsNear(imports: Readonly<Record<string, readonly string[]>>, changed: readonly string[]): string[];
