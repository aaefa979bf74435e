// Everything that happens in the city, one line each: name → payload. Payloads are plain data: ids,
// instants (ISO 8601, UTC), numbers. A place appears only where promise D2 allows one.
import type { AlertId, CommandId, CrewId, DebtId, PaymentId, RideId, RiderId, ScooterId, TaskId } from './platform/ids.js';
import type { Fix } from './platform/geo.js';
import type { CommandKind, Refused, ScooterEvent, Sensors, ZoneState } from './telematics/wire.js';

interface OfCommand { commandId: CommandId; scooterId: ScooterId; kind: CommandKind }
interface OfRide { rideId: RideId; riderId: RiderId; scooterId: ScooterId }
/** `at` is when the scooter says it happened: our instant of receipt less the age it counted. */
interface OfScooter { scooterId: ScooterId; at: string }
type Update = Extract<ScooterEvent, { kind: 'update' }>;
interface OfTask { taskId: TaskId; scooterId: ScooterId }

export interface Events {
  'rider.verified': { riderId: RiderId };
  'command.done': OfCommand & { at: string; late: boolean; sensors: Sensors; fix: Fix | null };
  'command.refused': OfCommand & { reason: Refused; late: boolean; sensors: Sensors };
  'command.expired': OfCommand;
  'scooter.connected': { scooterId: ScooterId };
  'scooter.started': OfScooter & { boot: number; reason: 'power_on' | 'reboot'; release: string | null };
  'scooter.acted_locally': OfScooter & { doing: 'end' | 'pause' | 'resume'; by: 'button' | 'bluetooth' | 'keypad'; sensors: Sensors; fix: Fix | null };
  'scooter.lost_power': OfScooter & { boot: number; sensors: Sensors; fix: Fix | null };
  'scooter.moved_alone': OfScooter & { fix: Fix | null };
  'scooter.fell': OfScooter & { fix: Fix | null };
  'scooter.bay_opened': OfScooter;
  'scooter.bay_closed': OfScooter;
  'scooter.kept_zones': OfScooter & { version: number };
  'scooter.refused_zones': OfScooter & { reason: string };
  'scooter.entered_zone': OfScooter & { zone: ZoneState; limitKmh: number | null };
  'scooter.updated': OfScooter & Pick<Update, 'release' | 'step' | 'reason'>;
  'scooter.kept_key': OfScooter & { keyId: number };
  'scooter.ran_low': { scooterId: ScooterId; rangeKm: number };
  'scooter.range_unknown': { scooterId: ScooterId };
  'scooter.range_known': { scooterId: ScooterId; rangeKm: number };
  'scooter.battery_swapped': { scooterId: ScooterId; serialBefore: string; serialAfter: string; rangeKm: number; chargeGained: number };
  'scooter.went_astray': OfScooter & { lock: Sensors['lock'] };
  'scooter.place_doubted': OfScooter & { why: 'elsewhere' | 'too_fast'; inARow: number; fix: Fix };
  'scooter.clock_judged': { scooterId: ScooterId; clock: string; skewSeconds: number };
  'alert.opened': { alertId: AlertId; kind: string; severity: string; scooterId: ScooterId | null };
  'alert.closed': { alertId: AlertId; kind: string; scooterId: ScooterId | null; by: 'auto' | 'person' };
  'update.advanced': { release: string; state: string };
  'update.halted': { release: string; why: string };
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
/** One event with its own payload and no other's. */
export type Fact = { [N in EventName]: { readonly name: N; readonly event: Events[N] } }[EventName];
