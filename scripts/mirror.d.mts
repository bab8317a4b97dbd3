export type Judge = 'own' | 'door' | 'part' | 'proofs' | null;
export function mirrored(file: string): string;
export function holdsLogic(code: string): boolean;
export function judgesOf(
  sources: Readonly<Record<string, string>>,
  tests: readonly string[],
  estimators: readonly string[],
): Record<string, Judge>;
export function wantedFor(files: readonly string[]): string[];
export function strays(sourceFiles: readonly string[], tests: readonly string[]): string[];
