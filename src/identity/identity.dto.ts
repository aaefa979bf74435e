// What the control room sends to add scooters and to change or take away what they prove themselves with, and
// the credentials it gets for them.
import { z } from 'zod';
import type { ScooterId } from '../platform/ids.js';
import { reason } from '../platform/text.js';
import type { NewScooter } from './provisioning.service.js';

const MOST_SCOOTERS = 250;
const Plate = z.string().trim().regex(/^[A-Z0-9][A-Z0-9 -]{1,14}$/);
/** ISO 3779 leaves out I, O and Q, which look like digits. */
const Vin = z.string().trim().regex(/^[A-HJ-NPR-Z0-9]{6,17}$/);

export const NewScooters = z.strictObject({
  scooters: z.array(z.strictObject({ plate: Plate, vin: Vin })).min(1).max(MOST_SCOOTERS),
}).meta({ id: 'NewScooters' });
export type NewScooters = z.infer<typeof NewScooters>;

/** As the maker's list has them: keys and passwords that are burnt in already. */
export const MadeScooters = z.strictObject({
  reason,
  scooters: z.array(z.strictObject({
    plate: Plate, vin: Vin,
    commandKey: z.string().regex(/^[0-9a-f]{64}$/),
    password: z.string().regex(/^[\x21-\x7e]{1,200}$/),
  })).min(1).max(MOST_SCOOTERS),
}).meta({ id: 'MadeScooters' });
export type MadeScooters = z.infer<typeof MadeScooters>;

export const AdmittedScooters = z.strictObject({
  items: z.array(z.strictObject({ scooterId: z.uuid(), plate: z.string(), vin: z.string() })),
}).meta({ id: 'AdmittedScooters' });
export type AdmittedScooters = z.infer<typeof AdmittedScooters>;

export const WhichScooter = z.strictObject({ scooterId: z.uuid().transform((id) => id as ScooterId) });
export type WhichScooter = z.infer<typeof WhichScooter>;

export const Reason = z.strictObject({ reason }).meta({ id: 'WhyAccessChanges' });
export type Reason = z.infer<typeof Reason>;

export const OrderedKey = z.strictObject({ scooterId: z.uuid(), keyId: z.int() }).meta({ id: 'OrderedKey' });
export type OrderedKey = z.infer<typeof OrderedKey>;

export const Shut = z.strictObject({ scooterId: z.uuid(), revokedAt: z.iso.datetime() }).meta({ id: 'RevokedScooter' });
export type Shut = z.infer<typeof Shut>;

export const NewSecrets = z.strictObject({ scooterId: z.uuid(), password: z.string(), commandKey: z.string() }).meta({ id: 'NewSecrets' });
export type NewSecrets = z.infer<typeof NewSecrets>;

export const ScooterCredentials = z.strictObject({
  items: z.array(z.strictObject({
    scooterId: z.uuid(), plate: z.string(), vin: z.string(), password: z.string(), commandKey: z.string(),
  })),
}).meta({ id: 'ScooterCredentials' });
export type ScooterCredentials = z.infer<typeof ScooterCredentials>;

export const admittedOf = (scooters: readonly NewScooter[]): AdmittedScooters => ({
  items: scooters.map(({ id, plate, vin }) => ({ scooterId: id, plate, vin })),
});

export const credentialsOf = (scooters: readonly NewScooter[]): ScooterCredentials => ({
  items: scooters.map(({ id, plate, vin, password, commandKey }) => ({ scooterId: id, plate, vin, password, commandKey })),
});
