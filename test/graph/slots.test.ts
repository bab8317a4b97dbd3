import {Slots} from '../../src/graph/slots.js';

describe('Slots', () => {
  it('make a state once, give it again, and forget it', () => {
    const slots = new Slots<{n: number}>();
    let made = 0;
    const make = (): {n: number} => ({n: ++made});
    expect(slots.peek('a')).toBeUndefined();
    expect(slots.get('a', make)).toBe(slots.get('a', make));
    expect(slots.get('b', make).n).toBe(2);
    expect(slots.names).toEqual(['a', 'b']);
    const gone: number[] = [];
    slots.drop('a', ({n}) => void gone.push(n));
    slots.drop('a', ({n}) => void gone.push(n));
    expect(slots.names).toEqual(['b']);
    slots.clear(({n}) => void gone.push(n));
    expect(gone).toEqual([1, 2]);
  });
});
