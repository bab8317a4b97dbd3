/** Methods of tfjs-layers that are mended for every model. */

const mended = new WeakMap<object, Set<string>>();

/**
 * Puts a method in the place of one of a class of tfjs-layers, once however often it is asked for. `replace` gets the one
 * in place, to be called with the instance. Some are declared protected, or not at all: who asks says what they take.
 */
export function mendMethod<F extends (this: never, ...args: never[]) => unknown>(
  of: {readonly prototype: object},
  name: string,
  replace: (original: F) => F,
): void {
  const done = mended.get(of.prototype) ?? new Set();
  if (done.has(name)) return;
  mended.set(of.prototype, done.add(name));
  const methods = of.prototype as Record<string, F>; // as the caller says
  methods[name] = replace(methods[name]!);
}
