// What riders and operators send and see of rides.
import { z } from 'zod';
import { pageOf } from '../platform/http/answers.decorator.js';
import { reason } from '../platform/text.js';
import { rideStates, type RideState } from './ride-state.js';

const stateNames = Object.keys(rideStates.steps) as [RideState, ...RideState[]];

export const RideRequest = z.strictObject({
  scooterId: z.uuid(),
  /** The exact amount the rider agreed to have blocked (GET /rider/prices): PSD2 art. 75. */
  acceptedHoldCents: z.int().min(1).max(1_000_000),
});
export const ReservationRequest = z.strictObject({ scooterId: z.uuid() });

const Instant = z.iso.datetime();
const Reason = z.object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()) });
const FareLineView = z.object({
  kind: z.string(),
  minutes: z.int().nullable(),
  amountCents: z.int(),
  text: z.object({ fr: z.string(), en: z.string() }),
});
const Money = z.object({ state: z.string(), paidCents: z.int(), debtCents: z.int() });
const Place = z.object({ latitude: z.number(), longitude: z.number() }).nullable();

export const RideView = z.object({
  id: z.uuid(),
  scooterId: z.uuid(),
  plate: z.string(),
  state: z.string(),
  requestedAt: Instant,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  runningFareCents: z.int(),
  fareCents: z.int().nullable(),
  fareLines: z.array(FareLineView),
  currency: z.string(),
  holdCents: z.int(),
  refusal: Reason.nullable(),
  failure: Reason.nullable(),
  payment: Money,
});
export type RideView = z.infer<typeof RideView>;
export const RidePage = pageOf(RideView);

/** The rider's own look at one ride. Where no network is, the pass (by Bluetooth) or the code (on the keypad) ends, pauses and resumes it. */
export const OwnRideView = RideView.extend({
  offline: z.object({ pass: z.string(), code: z.string() }).nullable(),
});
export type OwnRideView = z.infer<typeof OwnRideView>;

export const ReceiptView = z.object({
  rideId: z.uuid(),
  plate: z.string(),
  startedAt: Instant,
  endedAt: Instant,
  startPlace: Place,
  endPlace: Place,
  distanceM: z.int().nullable(),
  lines: z.array(FareLineView),
  netCents: z.int(),
  taxCents: z.int(),
  taxPercent: z.int(),
  totalCents: z.int(),
  currency: z.string(),
  payment: Money,
});
export type ReceiptView = z.infer<typeof ReceiptView>;

export const ReservationView = z.object({
  id: z.uuid(),
  scooterId: z.uuid(),
  createdAt: Instant,
  expiresAt: Instant,
});
export type ReservationView = z.infer<typeof ReservationView>;

/** For the control room: no rider and no place, which only a look with a reason shows. */
export const RideRow = z.object({
  id: z.uuid(),
  scooterId: z.uuid(),
  state: z.string(),
  requestedAt: Instant,
  startedAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  fareCents: z.int().nullable(),
  failure: z.string().nullable(),
});
export type RideRow = z.infer<typeof RideRow>;
export const RideRowPage = pageOf(RideRow);

export const RideFile = RideView.extend({ riderId: z.uuid(), startPlace: Place, endPlace: Place, distanceM: z.int().nullable() });
export type RideFile = z.infer<typeof RideFile>;

export const RideFilter = z.strictObject({
  state: z.enum(stateNames).optional(),
  cursor: z.uuid().optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});
export const LookReason = z.strictObject({ reason });
