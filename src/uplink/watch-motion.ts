// Does it move although nobody may ride it? A scooter with neither a ride nor a crew, or one whose ride is paused and
// whose lock says closed, tells by its own odometer that it goes away: hot-wired, or its lock sensor lies.
import type { ScooterState } from '../fleet/scooter.js';
import type { Seen, Watcher } from './watchers.js';

/** More than a shove to a better place; pushing it away tells the unit itself, after 30 m. */
export const ASTRAY_M = 100;
/** Told again for each of these, so that the alert stays awake while it goes on. */
const AGAIN_EVERY_M = 500;

const IN_HANDS: ReadonlySet<ScooterState> = new Set(['maintenance', 'retired']);

/** The words: '' rests; `from <m>` has set off at that odometer; `astray <times> <m>` is far from there. */
export const watchMotion: Watcher = {
  name: 'motion',
  sees(seen, last) {
    if (mayMove(seen)) return '';
    const moves = isMoving(seen);
    const from = Number(last.split(' ').at(-1));
    const awayM = seen.said.odometerM - from;
    if (last === '' || awayM < 0) return moves ? `from ${String(seen.said.odometerM)}` : '';
    if (!moves && last.startsWith('astray')) return '';
    if (awayM > ASTRAY_M) return `astray ${String(Math.floor(awayM / AGAIN_EVERY_M))} ${String(from)}`;
    return moves ? last : '';
  },
  tells(word, { before, said, receivedAt }) {
    if (!word.startsWith('astray')) return null;
    const at = new Date(receivedAt.getTime() - said.ageMs).toISOString();
    return { name: 'scooter.went_astray', event: { scooterId: before.id, at, lock: said.sensors.lock } };
  },
};

const mayMove = ({ before, said }: Seen): boolean =>
  IN_HANDS.has(before.state) || (before.state === 'taken' && said.sensors.lock === 'open');

/** A unit that does not say whether its wheels turn is believed by its odometer. */
const isMoving = ({ before, said }: Seen): boolean => said.moving ?? said.odometerM - before.odometerM > ASTRAY_M;
