/** What a benchmark is given by the command, in Node or on a page. */
import type {Effort} from './measure.js';
import type {Result} from './report.js';
import type {Peer} from './peers/peer.js';

/** Who is there to be measured beside us. */
export interface Peers {
  readonly plain: Peer | null;
  readonly jaxjs: Peer | null;
  readonly torch: Peer | null;
}

export interface BenchContext {
  /** Takes a result; the backend is added. */
  readonly report: (result: Result) => void;
  readonly peers: Peers;
  /** Whether sizes are to be tiny, to see that everything works. */
  readonly quick: boolean;
  /** How many numbers elementwise work is done on. */
  readonly size: number;
  /** So many rounds and repeats, or few where the run is quick or on a page. */
  readonly effort: (rounds: number, repeats: number) => Effort;
}
