// Was it done? A unit says what somebody wished at the scooter; the bolt's sensor says what came of it.
import type { Events } from '../events.js';

type Act = Pick<Events['scooter.acted_locally'], 'doing' | 'sensors'>;

/** A lock that is said to have ended a ride and stands open has ended nothing. */
export const wasDone = ({ doing, sensors }: Act): boolean => (doing === 'resume') === (sensors.lock === 'open');
