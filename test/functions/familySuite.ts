/** Functions that families are made of against exact values; families have specs of their own on the GPUs. */
import * as tf from '@tensorflow/tfjs-core';
import {describeBackends} from '../helpers/backends.js';
import {expectFunction, type FunctionReference, type Tolerance} from './functionSuite.js';
import {familiesReference} from './reference/families.js';

type TensorFunction = (...inputs: tf.Tensor[]) => tf.Tensor;
type Area = keyof typeof familiesReference;

/** Each function of the area by its name in the reference; `more` adds specs. */
export function describeFunctionsOf(
  area: Area,
  functions: Readonly<Record<string, TensorFunction>>,
  tolerance: Tolerance = {},
  more?: () => void,
): void {
  const references = Object.entries<FunctionReference>(familiesReference[area]);
  describeBackends(
    area,
    () => {
      for (const [name, reference] of references) {
        it(`${name} and its derivatives match exact values, and leave nothing`, async () => {
          const before = tf.memory().numTensors;
          await expectFunction(name, functions[name]!, reference, tolerance);
          expect(tf.memory().numTensors).toBe(before);
        });
      }

      it('has an exact value for each function that is named here', () => {
        expect(Object.keys(functions).sort()).toEqual(references.map(([name]) => name).sort());
      });
      more?.();
    },
    {inBrief: []},
  );
}
