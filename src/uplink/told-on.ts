// Which fact of the city an event of a scooter is, for whoever listens. Answers to commands are not here: they
// settle a command first.
import type { Fact } from '../events.js';
import type { ScooterId } from '../platform/ids.js';
import type { ScooterEvent } from '../telematics/wire.js';

/** Null for an answer to a command. The age a scooter counted is believed; its clock never is asked. */
export function toldOn(scooterId: ScooterId, event: ScooterEvent, receivedAt: Date): Fact | null {
  const of = { scooterId, at: new Date(receivedAt.getTime() - event.ageMs).toISOString() };
  switch (event.kind) {
    case 'command_done':
    case 'command_refused':
      return null;
    case 'started':
      return { name: 'scooter.started', event: { ...of, boot: event.boot, reason: event.reason, release: event.release ?? null } };
    case 'local':
      return { name: 'scooter.acted_locally', event: { ...of, doing: event.doing, by: event.by, sensors: event.sensors, fix: event.fix } };
    case 'power_lost':
      return { name: 'scooter.lost_power', event: { ...of, boot: event.boot, sensors: event.sensors, fix: event.fix } };
    case 'moved_without_ride':
      return { name: 'scooter.moved_alone', event: { ...of, fix: event.fix } };
    case 'fell':
      return { name: 'scooter.fell', event: { ...of, fix: event.fix } };
    case 'bay_opened':
      return { name: 'scooter.bay_opened', event: of };
    case 'bay_closed':
      return { name: 'scooter.bay_closed', event: of };
    case 'zones_kept':
      return { name: 'scooter.kept_zones', event: { ...of, version: event.version } };
    case 'zones_refused':
      return { name: 'scooter.refused_zones', event: { ...of, reason: event.reason } };
    case 'zone_entered':
      return { name: 'scooter.entered_zone', event: { ...of, zone: event.zone, limitKmh: event.limitKmh } };
    case 'update':
      return { name: 'scooter.updated', event: { ...of, release: event.release, step: event.step, reason: event.reason } };
    case 'key_kept':
      return { name: 'scooter.kept_key', event: { ...of, keyId: event.keyId } };
  }
}
