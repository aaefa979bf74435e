// What the control room sends to add scooters, and the credentials it gets for them.
import { z } from 'zod';
import type { NewScooter } from './provisioning.service.js';

const MOST_SCOOTERS = 250;
const Plate = z.string().trim().regex(/^[A-Z0-9][A-Z0-9 -]{1,14}$/);
/** ISO 3779 leaves out I, O and Q, which look like digits. */
const Vin = z.string().trim().regex(/^[A-HJ-NPR-Z0-9]{6,17}$/);

export const NewScooters = z.strictObject({
  scooters: z.array(z.strictObject({ plate: Plate, vin: Vin })).min(1).max(MOST_SCOOTERS),
}).meta({ id: 'NewScooters' });
export type NewScooters = z.infer<typeof NewScooters>;

export const ScooterCredentials = z.strictObject({
  items: z.array(z.strictObject({
    scooterId: z.uuid(), plate: z.string(), vin: z.string(), password: z.string(), commandKey: z.string(),
  })),
}).meta({ id: 'ScooterCredentials' });
export type ScooterCredentials = z.infer<typeof ScooterCredentials>;

export const credentialsOf = (scooters: readonly NewScooter[]): ScooterCredentials => ({
  items: scooters.map(({ id, plate, vin, password, commandKey }) => ({ scooterId: id, plate, vin, password, commandKey })),
});
