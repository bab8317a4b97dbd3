/** No two files import one another, directly or by way of others; not even for types. */
import {circlesOf, importsOf, readSources} from './sourceFiles.js';

/** The kernels of a special function and the functions that call them are one thing: derivatives are functions again. */
const isFunction = (circle: readonly string[]): boolean =>
  circle.length === 2 &&
  /^src\/functions\/\w+\/functions\.ts$/.test(circle[0]!) &&
  circle[1] === circle[0]!.replace('functions.ts', 'kernels.ts');

const circlesIn = (files: Record<string, string>): string[][] => circlesOf(importsOf(new Map(Object.entries(files))));

describe('imports', () => {
  it('have no circle in src, layers and control, but for kernels.ts and functions.ts of a special function', () => {
    const circles = circlesOf(importsOf(readSources('src', 'layers', 'control')));
    expect(circles.filter(circle => !isFunction(circle))).toEqual([]);
    expect(circles.length).toBeGreaterThan(10);
  });

  it('are followed where they give only types, and where they are exported again', () => {
    expect(
      circlesIn({
        'src/a/estimator.ts': "import type {Inquiry} from './inquiry.js';",
        'src/a/inquiry.ts': "export {type Node} from '../b/node.js';",
        'src/b/node.ts': "import {type Estimator} from '../a/estimator.js';\nimport './alone.js';",
        'src/b/alone.ts': "import * as tf from '@tensorflow/tfjs-core';",
      }),
    ).toEqual([['src/a/estimator.ts', 'src/a/inquiry.ts', 'src/b/node.ts']]);
  });

  it('have no circle where two ways lead to one file', () => {
    expect(
      circlesIn({
        'src/a.ts': "import './b.js';\nimport './c.js';",
        'src/b.ts': "import './d.js';",
        'src/c.ts': "import './d.js';",
        'src/d.ts': '',
      }),
    ).toEqual([]);
  });

  it('tell two circles apart, and see a file that imports itself', () => {
    expect(
      circlesIn({
        'src/a.ts': "import './b.js';",
        'src/b.ts': "import './a.js';\nimport './c.js';",
        'src/c.ts': "import type {X} from './d.js';",
        'src/d.ts': "import type {X} from './c.js';\nexport type {Y} from './d.js';",
      }),
    ).toEqual([
      ['src/c.ts', 'src/d.ts'],
      ['src/a.ts', 'src/b.ts'],
    ]);
  });
});
