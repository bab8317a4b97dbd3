import {key} from '../../src/keys/key.js';
import {keyOrNext, onlyOne, startDraw} from '../../src/random/drawOptions.js';

describe('the options of a sampler', () => {
  it('start gives the shape and the key, and refuses unknown names', () => {
    const own = key(3);
    expect(startDraw('A', 4, {key: own}, [])).toEqual({shape: [4], key: own});
    expect(() => startDraw('A', 4, {rat: 1} as object, ['rate'])).toThrowError(
      'A: unknown option "rat"; did you mean "rate"?',
    );
    expect(() => startDraw('A', [-1], {}, [])).toThrowError(/^A: a shape must be a list of integers >= 0/);
    expect(() => keyOrNext('A', 3 as unknown as ReturnType<typeof key>)).toThrowError(
      /^A: key must come from random.key/,
    );
  });

  it('onlyOne takes exactly one of two', () => {
    expect(onlyOne('A', {logits: 0}, 'logits', 'probs')).toEqual({name: 'logits', value: 0});
    expect(onlyOne('A', {probs: 0.5}, 'logits', 'probs')).toEqual({name: 'probs', value: 0.5});
    expect(() => onlyOne('A', {}, 'logits', 'probs')).toThrowError(
      'A: give exactly one of logits and probs, got neither',
    );
    expect(() => onlyOne('A', {logits: 0, probs: 1}, 'logits', 'probs')).toThrowError(
      'A: give exactly one of logits and probs, got both',
    );
  });
});
