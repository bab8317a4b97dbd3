import * as st from 'tfjs-stochastic';
import {drawnOnHost} from '../../src/random/drawnOnHost.js';
import {withRecorder, type HostArray, type KeyWords, type Recorder} from '../../src/util/recorder.js';
import {describeBackends} from '../helpers/backends.js';
import {read} from '../helpers/near.js';

describeBackends('drawnOnHost', () => {
  const draw = (a: st.random.Key, b: st.random.Key): HostArray => Float32Array.of(a.words[1], b.words[1], 7);

  it('gives what is drawn, and tells a recorder how to draw again', async () => {
    let again: ((values: readonly HostArray[], keys: readonly KeyWords[]) => HostArray) | null = null;
    let keys: readonly KeyWords[] | undefined;
    const told = {made: (_, work, run) => ([again, keys] = [run, work.keys])} as Partial<Recorder> as Recorder; // no more is asked
    const [a, b] = [st.random.key(1), st.random.key(2)];
    expect(await read(withRecorder(told, () => drawnOnHost([a, b], [3], 'float32', draw)))).toEqual([1, 2, 7]);
    expect(keys).toEqual([a.words, b.words]);
    expect(keys![0]).toBe(a.words); // a recorder knows keys by their words
    expect(
      Array.from(
        again!(
          [],
          [
            [0, 5],
            [0, 6],
          ],
        ),
      ),
    ).toEqual([5, 6, 7]);
  });
});
