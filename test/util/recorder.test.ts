import {recorder, withRecorder, type Recorder} from '../../src/util/recorder.js';

describe('the recorder', () => {
  const one = {} as Recorder; // which nobody calls
  const other = {} as Recorder; // as above

  it('is there while a function runs, and what was before afterwards, also after an error', () => {
    expect(recorder()).toBeNull();
    const seen = withRecorder(one, () => [
      recorder(),
      withRecorder(other, recorder),
      withRecorder(null, recorder),
      recorder(),
    ]);
    expect(seen).toEqual([one, other, null, one]);
    expect(() =>
      withRecorder(one, () => {
        throw new Error('x');
      }),
    ).toThrow();
    expect(recorder()).toBeNull();
  });
});
