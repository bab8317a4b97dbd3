import {checkTape} from '../../src/graph/tape.js';

describe('the form of the tape', () => {
  const t = {id: 1};
  const record = {kernelName: 'Add', inputs: {a: t}, outputs: [t], saved: []};

  it('that tfjs-core 4.22.0 writes is accepted', () => {
    expect(checkTape('test', [], '4.22.0')).toEqual([]);
    expect(checkTape('test', [record], '4.22.0').length).toBe(1);
  });

  it('that is any other is refused in one sentence', () => {
    const others: unknown[] = [
      undefined,
      null,
      {},
      [null],
      [3],
      [{...record, kernelName: 3}],
      [{...record, inputs: null}],
      [{...record, outputs: t}],
      [{...record, outputs: [{}]}],
      [{...record, saved: undefined}],
      [record, {}],
    ];
    for (const tape of others) {
      expect(() => checkTape('surrogateLoss', tape, '9.9.9')).toThrowError(
        /^surrogateLoss: needs the tape of tfjs-core 4\.20\.0 to 4\.22\.0; version 9\.9\.9 has another form/,
      );
    }
  });
});
