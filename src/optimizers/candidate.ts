/** The places at which a search asks for the cost. */
import {check} from '../util/errors.js';
import {checkKey, type Key} from '../keys/key.js';

/** Where to evaluate: plain numbers, safe in JSON. Its noise is the normal draw of `key`, times `sign`. */
export interface Candidate {
  /** That of the noise. */
  readonly key: Key;
  /** −1 for the mirrored one of an antithetic pair. */
  readonly sign: 1 | -1;
}

/** Whether `a` are the candidates `b`, as they were or as they came back in JSON. */
export function sameCandidates(a: readonly unknown[], b: readonly Candidate[]): boolean {
  return (
    a.length === b.length &&
    a.every((candidate, i) => {
      const {key, sign} = (candidate as Partial<Candidate> | null) ?? {};
      const other = b[i]!;
      return sign === other.sign && key?.words?.[0] === other.key.words[0] && key.words[1] === other.key.words[1];
    })
  );
}

/** Throws unless `candidate` is one. */
export function checkCandidate(who: string, candidate: unknown): asserts candidate is Candidate {
  const {key, sign} = (candidate ?? {}) as Partial<Candidate>;
  check(sign === 1 || sign === -1, who, 'a candidate must come from ask', candidate);
  checkKey(who, key);
}
