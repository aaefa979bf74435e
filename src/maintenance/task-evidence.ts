// What a crew says against what the scooter says. They are compared when the later of the two arrives; if
// they differ the task stays open, with the reason, until the report is given again or the pack is changed.
import type { Proof, Task } from './task.js';
import type { TaskStep } from './task-state.js';

export interface SwapReport {
  readonly serialOut: string;
  readonly serialIn: string;
}

interface Verdict {
  readonly step: TaskStep;
  readonly note: string | null;
}

type Claimed = Pick<Task, 'serialOut' | 'serialIn' | 'proof' | 'note'>;

/** Null when both tell of the same packs. Nothing reported or nothing proved is no contradiction. */
export function contradiction(report: SwapReport | null, proof: Proof | null): string | null {
  if (report === null || proof?.kind !== 'swap') return null;
  if (report.serialIn !== proof.serialAfter) {
    return `reported pack ${report.serialIn} in, but the scooter runs on ${proof.serialAfter}`;
  }
  if (![proof.serialBefore, ...proof.between].includes(report.serialOut)) {
    return `reported pack ${report.serialOut} out, but the scooter ran on ${proof.serialBefore}`;
  }
  return null;
}

/** Two swaps in one visit (a wrong pack, then the right one) count as one, from the first pack to the last. */
export function joinProofs(earlier: Proof | null, later: Proof): Proof {
  if (earlier?.kind !== 'swap' || later.kind !== 'swap') return later;
  return {
    ...later,
    serialBefore: earlier.serialBefore,
    between: [...earlier.between, earlier.serialAfter],
    chargeGained: earlier.chargeGained + later.chargeGained,
  };
}

const reportOf = ({ serialOut, serialIn }: Claimed): SwapReport | null =>
  serialOut !== null && serialIn !== null ? { serialOut, serialIn } : null;

/** The same for reports: who takes out what was just put in, changed the first pack for the last one. */
export function joinReports(earlier: Pick<Task, 'serialOut' | 'serialIn'>, later: SwapReport): SwapReport {
  const goesOn = earlier.serialOut !== null && earlier.serialIn === later.serialOut;
  return goesOn ? { ...later, serialOut: earlier.serialOut } : later;
}

export function stepOnProof(task: Claimed & Pick<Task, 'kind' | 'state'>, proof: Proof): Verdict {
  if (task.kind === 'inspect') return { step: 'prove', note: task.note };
  const report = reportOf(task);
  const note = contradiction(report, proof);
  if (note !== null) return { step: 'contradict', note };
  // The pack was changed after a contradicted report, and now the report is right.
  if (task.state === 'proved' && report !== null) return { step: 'report', note: null };
  return { step: 'prove', note: null };
}

export function stepOnReport(task: Pick<Task, 'proof'>, report: SwapReport): Verdict {
  const note = contradiction(report, task.proof);
  return { step: note === null ? 'report' : 'contradict', note };
}
