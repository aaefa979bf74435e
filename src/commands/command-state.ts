// The life of a command. Silence is not an end: an expired command is unknown, and only what the
// scooter itself says later (done_late, refused_late) settles it.
import { stateTable, type StateOf, type StepOf } from '../platform/state-table.js';
import type { Fix, Refused, ScooterEvent } from '../telematics/wire.js';

// `queued` takes answers too, because an answer can overtake our own note that we sent the command.
// A second answer to a settled command is not in the table, so it changes nothing.
export const commandStates = stateTable({
  queued:       { send: 'sent', do: 'done', refuse: 'refused', expire: 'expired' },
  sent:         { do: 'done', refuse: 'refused', expire: 'expired' },
  expired:      { do: 'done_late', refuse: 'refused_late' },
  done:         {},
  refused:      {},
  done_late:    {},
  refused_late: {},
});
export type CommandState = StateOf<typeof commandStates.steps>;
export type CommandStep = StepOf<typeof commandStates.steps>;

export type CommandAnswer = Extract<ScooterEvent, { kind: 'command_done' | 'command_refused' }>;
export type Verdict = { readonly step: 'do' } | { readonly step: 'refuse'; readonly reason: Refused };

export const isAnswer = (event: ScooterEvent): event is CommandAnswer =>
  event.kind === 'command_done' || event.kind === 'command_refused';

/**
 * What an answer amounts to. "Done" counts when the lock's sensor agrees: a motor that ran against a
 * jammed bolt has locked nothing, whatever the unit believes.
 */
export function verdictOf(answer: CommandAnswer): Verdict {
  if (answer.kind === 'command_refused') return { step: 'refuse', reason: answer.reason };
  const { lock } = answer.sensors;
  const jammed = (answer.command === 'lock' && lock === 'open') || (answer.command === 'unlock' && lock === 'closed');
  return jammed ? { step: 'refuse', reason: 'jammed' } : { step: 'do' };
}

export const isLate = (state: CommandState): boolean => state === 'done_late' || state === 'refused_late';

/** A place comes in with the start of a ride, its end, and the look before the end; with nothing else. */
const PLACE_BELONGS: ReadonlySet<string> = new Set(['unlock', 'lock', 'look']);

export const placeInAnswer = (answer: CommandAnswer): Fix | null =>
  answer.kind === 'command_done' && PLACE_BELONGS.has(answer.command) ? answer.fix : null;
