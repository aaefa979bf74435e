// Ids are strings that cannot be mixed up: a RideId never fits where a ScooterId belongs.
import { createHash, randomBytes } from 'node:crypto';

type Id<Kind extends string> = string & { readonly kind: Kind };
export type RiderId = Id<'rider'>;
export type StaffId = Id<'staff'>;
export type ScooterId = Id<'scooter'>;
export type ZoneId = Id<'zone'>;
export type TariffId = Id<'tariff'>;
export type ReservationId = Id<'reservation'>;
export type RideId = Id<'ride'>;
export type CommandId = Id<'command'>;
export type PaymentId = Id<'payment'>;
export type DebtId = Id<'debt'>;
export type CorrectionId = Id<'correction'>;
export type RefundId = Id<'refund'>;
export type TransferId = Id<'transfer'>;
export type CrewId = Id<'crew'>;
export type TaskId = Id<'task'>;
export type AuditId = Id<'audit'>;
export type AlertId = Id<'alert'>;

/**
 * A new UUID version 7 (RFC 9562): its first 48 bits are the millisecond, so ids made later sort
 * later. Made here and not by the database because PostgreSQL 15 has no `uuidv7()`.
 */
export function newId<T extends Id<string>>(): T {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(performance.timeOrigin + performance.now(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return uuid(bytes) as T;
}

/** The same name always gives the same id (UUID version 8, SHA-256), for seeds that may run twice. */
export function namedId<T extends Id<string>>(name: string): T {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return uuid(bytes) as T;
}

function uuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
