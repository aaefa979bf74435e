// Everything that happens in the city, one line each: name → payload. Payloads are plain data: ids,
// instants (ISO 8601, UTC), numbers. A place appears only where promise D2 allows one.
import type { CommandId, CrewId, DebtId, PaymentId, RideId, RiderId, ScooterId, TaskId } from './platform/ids.js';
import type { Fix } from './platform/geo.js';
import type { CommandKind, Refused, Sensors } from './telematics/wire.js';

interface OfCommand { commandId: CommandId; scooterId: ScooterId; kind: CommandKind }
interface OfRide { rideId: RideId; riderId: RiderId; scooterId: ScooterId }
interface OfTask { taskId: TaskId; scooterId: ScooterId }

export interface Events {
  'rider.verified': { riderId: RiderId };
  'command.done': OfCommand & { at: string; late: boolean; sensors: Sensors; fix: Fix | null };
  'command.refused': OfCommand & { reason: Refused; late: boolean; sensors: Sensors };
  'command.expired': OfCommand;
  'scooter.connected': { scooterId: ScooterId };
  'scooter.ran_low': { scooterId: ScooterId; rangeKm: number };
  'scooter.range_unknown': { scooterId: ScooterId };
  'scooter.range_known': { scooterId: ScooterId; rangeKm: number };
  'scooter.battery_swapped': { scooterId: ScooterId; serialBefore: string; serialAfter: string; rangeKm: number; chargeGained: number };
  'payment.authorised': { paymentId: PaymentId; rideId: RideId };
  'payment.refused': { paymentId: PaymentId; rideId: RideId; reason: 'declined' | 'needs_confirmation' | 'not_reached' };
  'payment.captured': { paymentId: PaymentId; rideId: RideId; amountCents: number };
  'debt.opened': { debtId: DebtId; rideId: RideId; riderId: RiderId; amountCents: number };
  'ride.started': OfRide & { at: string };
  'ride.ended': OfRide & { at: string; fareCents: number };
  'ride.failed': OfRide & { failure: string };
  'task.opened': OfTask;
  'task.assigned': OfTask & { crewId: CrewId };
  'task.verified': OfTask;
}

export type EventName = keyof Events;
