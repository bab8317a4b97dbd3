/** The text of src/simd/bytes.ts as assembly/ is now. Throws what the compiler says. */
export function compiledSimd(): Promise<string>;
