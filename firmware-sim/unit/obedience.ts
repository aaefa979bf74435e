// What a scooter does with a command: first whether it is meant for it, genuine, fresh and new, then whether
// the street allows it now. Whoever owns the broker but not the key can only be silent, never obeyed.
import { signatureHolds, type Command, type CommandKind, type Fix, type Refused } from '../../src/telematics/wire.js';
import { isMoving, withSensors, type Happening, type Scooter } from './scooter.js';

/** The moment a command arrives in, as the scooter itself sees it. */
export interface Moment {
  /** The scooter's own clock, which may be wrong; then it obeys nobody, which is the safe way round. */
  readonly ownClockMs: number;
  /** No command may claim to live longer than this from now. */
  readonly longestLifeMs: number;
  readonly fix: Fix;
  /** Writes the nonce to flash; called before anything moves. */
  readonly remember: (nonce: number) => void;
}

export interface Obeyed {
  readonly scooter: Scooter;
  readonly says: readonly Happening[];
}

/** As many answered commands as could be on the air at once, and a few more. */
const ANSWERED_KEPT = 16;

/**
 * What a command is asked, in this order; the first that fails is the reason. Its own clock and its own memory
 * decide, never the network's word.
 */
export interface Check {
  readonly reason: Refused;
  holds(scooter: Scooter, command: Command, moment: Pick<Moment, 'ownClockMs' | 'longestLifeMs'>): boolean;
}

export const CHECKS: readonly Check[] = [
  { reason: 'wrong_scooter', holds: (scooter, { scooterId }) => scooterId === scooter.scooterId },
  { reason: 'bad_signature', holds: (scooter, command) => signatureHolds(scooter.commandKey, command) },
  { reason: 'expired', holds: (_, { notAfter }, { ownClockMs }) => notAfter >= ownClockMs },
  { reason: 'too_far_ahead', holds: (_, { notAfter }, { ownClockMs, longestLifeMs }) => notAfter <= ownClockMs + longestLifeMs },
  { reason: 'replayed', holds: (scooter, { nonce }) => nonce > scooter.lastNonce },
];

export type Obey = (scooter: Scooter, command: Command, moment: Moment) => Obeyed;

/** A unit is as safe as these two make it, so they stand here to be read, and to be left out where that must be noticed. */
export const obeyBy = (checks: readonly Check[], hindrances: typeof whyNotNow): Obey => (scooter, command, moment) => {
  const doubt = checks.find((check) => !check.holds(scooter, command, moment))?.reason ?? null;
  if (doubt === 'replayed' && scooter.answered.includes(command.commandId)) return { scooter, says: [] };
  if (doubt !== null) return { scooter, says: [refusal(scooter, command, doubt)] };

  moment.remember(command.nonce);
  const answered = [...scooter.answered, command.commandId].slice(-ANSWERED_KEPT);
  const remembering = { ...scooter, lastNonce: command.nonce, answered };

  const hindrance = hindrances(remembering, command.kind);
  if (hindrance !== null) return { scooter: remembering, says: [refusal(remembering, command, hindrance)] };
  return act(remembering, command, moment.fix);
};

/** Whether the street allows it. Nothing that could throw a rider is done while the wheels turn. */
export function whyNotNow(scooter: Scooter, kind: CommandKind): Refused | null {
  if (isMoving(scooter)) return 'moving';
  switch (kind) {
    case 'unlock':
    case 'open_bay':
      return scooter.inRide ? 'in_ride' : null;
    case 'pause':
    case 'resume':
      return scooter.inRide ? null : 'not_in_ride';
    case 'lock':
    case 'look':
    case 'open_case':
    case 'locate':
      return null;
  }
}

export const obey = obeyBy(CHECKS, whyNotNow);

function act(scooter: Scooter, command: Command, fix: Fix): Obeyed {
  switch (command.kind) {
    case 'unlock':
      return done(withSensors({ ...scooter, ...rideOf(command), pushedFrom: null }, { lock: 'open' }), command, fix);
    case 'lock':
      return bolted(scooter, command, { inRide: false, fix });
    case 'pause':
      return bolted(scooter, command, { inRide: true, fix: null });
    case 'resume':
      return done(withSensors(scooter, { lock: 'open' }), command, null);
    case 'look':
      return done(scooter, command, fix);
    case 'open_case':
      return done(withSensors(scooter, { case: 'open' }), command, null);
    case 'locate':
      return done(scooter, command, null);
    case 'open_bay': {
      const opened = done(withSensors(scooter, { bay: 'open' }), command, null);
      return { ...opened, says: [...opened.says, { kind: 'bay_opened' }] };
    }
  }
}

/** The answer comes from the bolt's sensor, not from its motor: a jammed lock is an open scooter, still in its ride. */
function bolted(scooter: Scooter, command: Command, then: { inRide: boolean; fix: Fix | null }): Obeyed {
  const off = withSensors(scooter, { ignition: 'off' });
  if (off.jammed && off.sensors.lock === 'open') return { scooter: off, says: [refusal(off, command, 'jammed')] };
  const ride = then.inRide ? { inRide: true } : NO_RIDE;
  return done(withSensors({ ...off, ...ride, motion: null }, { lock: 'closed' }), command, then.fix);
}

/** What proves a ride without a network is bound to the unlock it began with. */
const rideOf = ({ nonce }: Command) => ({ inRide: true, rideNonce: nonce });
export const NO_RIDE = { inRide: false, rideNonce: null } as const;

const done = (scooter: Scooter, { commandId, kind }: Command, fix: Fix | null): Obeyed => ({
  scooter,
  says: [{ kind: 'command_done', commandId, command: kind, sensors: scooter.sensors, fix }],
});

const refusal = (scooter: Scooter, { commandId }: Command, reason: Refused): Happening => ({
  kind: 'command_refused',
  commandId,
  reason,
  sensors: scooter.sensors,
});
