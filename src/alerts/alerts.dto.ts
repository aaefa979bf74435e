// What the control room sends and sees of alerts and doubts. An alert never holds a place: where a scooter stands is
// told by its own door, which keeps silent while somebody rides.
import { z } from 'zod';
import type { Scooter } from '../fleet/scooter.js';
import type { ScooterId } from '../platform/ids.js';
import { Page, pageOf } from '../platform/http/answers.decorator.js';
import { reason } from '../platform/text.js';
import { ALERT_KINDS, ruleOf, SEVERITIES } from './alert-kinds.js';
import { ALERT_STATES } from './alert-state.js';
import type { Alert } from './alert.js';
import type { ScooterDoubtsEntity } from './scooter-doubts.entity.js';

const MOST_MINUTES = 7 * 24 * 60;

export const AlertFilter = Page.extend({
  state: z.enum(ALERT_STATES).optional(),
  severity: z.enum(SEVERITIES).optional(),
  kind: z.enum(ALERT_KINDS).optional(),
  owner: z.uuid().optional(),
});
export type AlertFilter = z.infer<typeof AlertFilter>;

export const Snooze = z.strictObject({ minutes: z.int().min(1).max(MOST_MINUTES), reason });
export const Assignment = z.strictObject({ owner: z.uuid() });
export const Closing = z.strictObject({ reason });

const Instant = z.iso.datetime();
export const AlertView = z.object({
  id: z.uuid(),
  kind: z.enum(ALERT_KINDS),
  scooterId: z.uuid().nullable().describe('Null for a trouble of the whole fleet.'),
  severity: z.enum(SEVERITIES),
  state: z.enum(ALERT_STATES),
  owner: z.uuid().nullable(),
  openedAt: Instant,
  lastSeenAt: Instant,
  times: z.int().describe('How often it was seen.'),
  snoozedUntil: Instant.nullable(),
  closedAt: Instant.nullable(),
  closedBy: z.enum(['auto', 'person']).nullable(),
  reason: z.string().nullable(),
  rule: z.string(),
  runbook: z.string().describe('What to do.'),
  details: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type AlertView = z.infer<typeof AlertView>;
export const AlertPage = pageOf(AlertView);

export const DoubtsPath = z.strictObject({ scooterId: z.uuid().transform((id) => id as ScooterId) });
export type DoubtsPath = z.infer<typeof DoubtsPath>;

export const DoubtsView = z.object({
  scooterId: z.uuid(),
  missingNumbers: z.int().describe('Message numbers that never came.'),
  clock: z.string().nullable().describe('What is wrong with its own clock, or `right`; null when it never was.'),
  clockSkewSeconds: z.number().nullable(),
  clockJudgedAt: Instant.nullable(),
  suspectPlaces: z.int().describe('Places it told that cannot be.'),
  suspectPosition: z.object({ latitude: z.number(), longitude: z.number(), accuracyM: z.number() }).nullable().describe('The last one; none while somebody rides.'),
  suspectAt: Instant.nullable(),
});
export type DoubtsView = z.infer<typeof DoubtsView>;

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const alertView = (alert: Alert): AlertView => ({
  id: alert.id,
  kind: alert.kind,
  scooterId: alert.scooterId,
  severity: alert.severity,
  state: alert.state,
  owner: alert.owner,
  openedAt: alert.openedAt.toISOString(),
  lastSeenAt: alert.lastSeenAt.toISOString(),
  times: alert.times,
  snoozedUntil: iso(alert.snoozedUntil),
  closedAt: iso(alert.closedAt),
  closedBy: alert.closedBy,
  reason: alert.reason,
  rule: ruleOf(alert.kind).rule,
  runbook: ruleOf(alert.kind).runbook,
  details: alert.details,
});

export function doubtsView(scooter: Pick<Scooter, 'id' | 'state'>, doubts: ScooterDoubtsEntity | null): DoubtsView {
  const { suspectLatitude: latitude = null, suspectLongitude: longitude = null, suspectAccuracyM = null } = doubts ?? {};
  const placed = scooter.state !== 'taken' && latitude !== null && longitude !== null;
  return {
    scooterId: scooter.id,
    missingNumbers: doubts?.missingNumbers ?? 0,
    clock: doubts?.clock ?? null,
    clockSkewSeconds: doubts?.clockSkewS ?? null,
    clockJudgedAt: iso(doubts?.clockJudgedAt ?? null),
    suspectPlaces: doubts?.suspectPlaces ?? 0,
    suspectPosition: placed ? { latitude, longitude, accuracyM: suspectAccuracyM ?? 0 } : null,
    suspectAt: placed ? iso(doubts?.suspectAt ?? null) : null,
  };
}
