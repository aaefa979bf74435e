// Puts units through vectors and says of each vector what became of it. Units of one make may share the work.
import { Broken, NotJudged } from './finding.js';
import { type Trial } from './trial.js';
import { type Vector } from './vectors.js';

export interface Verdict {
  readonly vector: Vector;
  readonly result: 'passed' | 'failed' | 'not judged';
  /** Why it is not a pass; empty when it is. */
  readonly why: string;
}

export async function judge(trials: readonly Trial[], vectors: readonly Vector[], tell: (verdict: Verdict) => void): Promise<Verdict[]> {
  const waiting = [...vectors];
  const verdicts: Verdict[] = [];
  const work = async (trial: Trial): Promise<void> => {
    for (let vector = waiting.shift(); vector !== undefined; vector = waiting.shift()) {
      const verdict = await verdictOn(trial, vector);
      verdicts.push(verdict);
      tell(verdict);
    }
  };
  await Promise.all(trials.map(work));
  return verdicts.sort((a, b) => a.vector.id.localeCompare(b.vector.id));
}

async function verdictOn(trial: Trial, vector: Vector): Promise<Verdict> {
  if (vector.needsRig && !trial.hasRig) return { vector, result: 'not judged', why: 'Nobody stands beside the unit (--street or --by-hand).' };
  try {
    await trial.rest();
    const first = trial.link.unreadable.length;
    await vector.script(trial);
    const unreadable = trial.link.unreadable[first];
    if (unreadable !== undefined) throw new Broken(`It said what the wire has no words for: ${unreadable}`);
    return { vector, result: 'passed', why: '' };
  } catch (error) {
    return { vector, result: error instanceof Broken ? 'failed' : 'not judged', why: reasonOf(error) };
  } finally {
    trial.link.givesReceipt = () => true;
  }
}

/** What is neither the unit's doing nor a missing hand (a broker gone, a door shut) judges nobody. */
const reasonOf = (error: unknown): string =>
  error instanceof NotJudged || error instanceof Broken ? error.message : `The bench itself failed: ${error instanceof Error ? error.message : String(error)}`;
