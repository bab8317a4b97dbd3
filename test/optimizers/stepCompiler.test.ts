import {stepCompiler, useStepCompiler} from '../../src/optimizers/stepCompiler.js';

describe('the compiler of steps', () => {
  it('is the one that was given', () => {
    const before = stepCompiler('x'); // which the main entry gave
    const other = (() => null) as never; // which nobody calls
    useStepCompiler(other);
    expect(stepCompiler('x')).toBe(other);
    useStepCompiler(null as never);
    expect(() => stepCompiler('x')).toThrowError(/^x: compile: true comes with 'tfjs-stochastic'/);
    useStepCompiler(before);
  });
});
