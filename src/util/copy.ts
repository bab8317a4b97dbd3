/** This copy of the library among others that a program may have loaded, and the tfjs that it stands on. */
import * as tf from '@tensorflow/tfjs-core';

/** The version of this library, as in package.json. */
export const version = '0.1.0';

/** The versions of tfjs that the suite has been run on. */
export const tfjsVersions = '4.20.0 to 4.22.0';

/** Under this symbol the prototypes of classes carry the copy that they belong to, and the global object all copies. */
const BRAND = Symbol.for('tfjs-stochastic');

interface Copy {
  readonly version: string;
}

const own: Copy = {version};

/** What the prototypes of classes carry. */
interface Brand {
  readonly copy: Copy;
  /** What messages call an object of the class. */
  readonly nameOf: (value: object) => unknown;
}

/** What an object was branded with, here or by another copy. */
const brandOf = (value: object): Brand | undefined => (value as {[BRAND]?: Brand})[BRAND];

const ownName = (value: object): unknown => (value as {name?: unknown}).name;

/**
 * Marks what has this prototype as made by this copy; for constructors. Messages call the class by `name`, or each object
 * by its own property of that name: those of the constructors do not outlive a minifier.
 */
export function brand(prototype: object, name?: string): void {
  if (Object.hasOwn(prototype, BRAND)) return;
  const value: Brand = {copy: own, nameOf: name === undefined ? ownName : () => name};
  Object.defineProperty(prototype, BRAND, {value});
}

/** What an object is called that any copy branded, else undefined. */
export function brandedName(value: object): unknown {
  return brandOf(value)?.nameOf(value);
}

/** Of an object that another copy made that copy's version, else null. */
export function foreignVersion(value: object): string | null {
  const copy = brandOf(value)?.copy;
  return copy === undefined || copy === own ? null : String(copy.version);
}

/** The sentence for tfjs of a version that this library does not know, or null. */
export function unfitTfjs(found: unknown): string | null {
  return /^4\.2[0-2]\.0/.test(String(found))
    ? null
    : `needs tfjs ${tfjsVersions}, loaded before it, got ${String(found)}; npm install @tensorflow/tfjs@4.22.0`;
}

let isIntroduced = false;

/** At the first call: refuses unfit versions of tfjs, and warns where another copy of this library is in the program. */
export function introduce(fail: (who: string, rule: string) => never): void {
  if (isIntroduced) return;
  const unfit = unfitTfjs((tf as {version_core?: unknown}).version_core); // missing, where a script came before tfjs
  if (unfit !== null) fail('tfjs-stochastic', unfit);
  isIntroduced = true;
  const page = globalThis as {[BRAND]?: Copy[]};
  const copies = (page[BRAND] ??= []);
  copies.push(own);
  if (copies.length > 1) {
    console.warn(
      `tfjs-stochastic: ${copies.length} copies are loaded (${copies.map(copy => String(copy.version)).join(', ')}), ` +
        "which do not know each other's nodes; have all import one (npm ls tfjs-stochastic)",
    );
  }
}
