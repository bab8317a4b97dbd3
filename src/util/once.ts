/** Tables that are made when they are first asked for, so that loading the library does not wait for them. */

/** What `make` returns, made at the first call and kept. */
export function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}
