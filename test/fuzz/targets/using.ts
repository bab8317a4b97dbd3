/** What is made for a use and disposed after it. */

/** Calls `use` and disposes `x` with what comes back, or where it throws. */
export function using<T extends {dispose?: () => unknown}>(x: T, use: (x: T) => unknown): unknown {
  try {
    const result = use(x);
    return result instanceof Promise
      ? result.then(
          (value: unknown) => [value, x],
          (error: unknown) => {
            x.dispose?.();
            throw error;
          },
        )
      : [result, x];
  } catch (error) {
    x.dispose?.();
    throw error;
  }
}
