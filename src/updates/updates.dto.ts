// What the control room sends and sees of releases.
import { z } from 'zod';
import type { ScooterId } from '../platform/ids.js';
import { note, reason } from '../platform/text.js';
import type { ReleaseView, ScooterUpdates } from './releases.service.js';
import { ORDERS } from './rollouts.service.js';
import { rolloutState, STAGES, type RolloutState } from './rollout-state.js';
import type { ScooterUpdateEntity } from './scooter-update.entity.js';
import { updateState, type UpdateState } from './update-state.js';

/** Enough for the unit of a moped; larger ones belong on a server for files. */
const MOST_IMAGE_BYTES = 4 * 1024 * 1024;
const MOST_BASE64 = Math.ceil(MOST_IMAGE_BYTES / 3) * 4;
const rolloutStates = Object.keys(rolloutState.steps) as [RolloutState, ...RolloutState[]];
const updateStates = Object.keys(updateState.steps) as [UpdateState, ...UpdateState[]];

const ReleaseName = z.string().max(40).regex(/^\d{1,9}\.\d{1,9}\.\d{1,9}(-rc\.\d{1,9})?$/).describe('Releases have an order: `1.4.0`, `2.0.0-rc.1`, `2.0.0`.');

export const ReleasePath = z.strictObject({ release: ReleaseName });
export type ReleasePath = z.infer<typeof ReleasePath>;
export const ScooterPath = z.strictObject({ scooterId: z.uuid().transform((id) => id as ScooterId) });
export type ScooterPath = z.infer<typeof ScooterPath>;

export const UploadedRelease = z.strictObject({
  name: ReleaseName,
  // Not zod's base64: its regular expression is not made for millions of characters. The checksum has the last word.
  image: z.string().min(4).max(MOST_BASE64).describe('The image, base64; 4 MiB at most.')
    .refine((text) => !/[^A-Za-z0-9+/=]/.test(text), 'is not base64')
    .transform((text) => Buffer.from(text, 'base64')).refine(({ length }) => length > 0 && length <= MOST_IMAGE_BYTES, 'holds no bytes, or too many'),
  sha256: z.string().regex(/^[0-9a-f]{64}$/).describe('Of the image, as its maker published it.'),
  notes: note(2000),
  reason,
}).meta({ id: 'NewRelease' });
export type UploadedRelease = z.infer<typeof UploadedRelease>;

export const RolloutOrdered = z.strictObject({ order: z.enum(ORDERS), reason }).meta({ id: 'RolloutOrder' });
export type RolloutOrdered = z.infer<typeof RolloutOrdered>;
export const Held = z.strictObject({ reason }).meta({ id: 'RolloutHold' });
export type Held = z.infer<typeof Held>;

export const ReleaseAnswer = z.strictObject({
  name: z.string(),
  state: z.enum(rolloutStates),
  stage: z.enum(STAGES as [string, ...string[]]).nullable().describe('How far it has come, also while it is halted.'),
  stateSince: z.iso.datetime(),
  whyHalted: z.string().nullable(),
  sha256: z.string(),
  sizeBytes: z.int(),
  notes: z.string(),
  uploadedBy: z.string(),
  uploadedAt: z.iso.datetime(),
  scooters: z.strictObject(Object.fromEntries(updateStates.map((state) => [state, z.int()])) as Record<UpdateState, z.ZodInt>),
  failed: z.int().describe('Refused, rolled back or silent since it was started or resumed.'),
}).meta({ id: 'Release' });
export type ReleaseAnswer = z.infer<typeof ReleaseAnswer>;

export const ReleasePage = z.strictObject({ cursor: ReleaseName.optional(), limit: z.coerce.number().int().min(1).max(100).default(50) });
export type ReleasePage = z.infer<typeof ReleasePage>;
export const ReleaseList = z.strictObject({ items: z.array(ReleaseAnswer), nextCursor: z.string().nullable() }).meta({ id: 'Releases' });
export type ReleaseList = z.infer<typeof ReleaseList>;

export const UpdatePage = z.strictObject({
  state: z.enum(updateStates).optional(), cursor: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(100).default(50),
});
export type UpdatePage = z.infer<typeof UpdatePage>;

const updateFields = {
  state: z.enum(updateStates),
  reason: z.string().nullable(),
  attempts: z.int(),
  chosenAt: z.iso.datetime(),
  offeredAt: z.iso.datetime().nullable(),
  settledAt: z.iso.datetime().nullable(),
};
const ofRelease = z.strictObject({ scooterId: z.uuid(), runs: z.string().nullable(), ...updateFields }).meta({ id: 'UpdateOfScooter' });
export const UpdateList = z.strictObject({ items: z.array(ofRelease), nextCursor: z.string().nullable() }).meta({ id: 'UpdatesOfScooters' });
export type UpdateList = z.infer<typeof UpdateList>;

export const ScooterFirmware = z.strictObject({
  runs: z.string().nullable().describe('The release it runs, by its own word; null until it told.'),
  runsSince: z.iso.datetime().nullable(),
  updates: z.array(z.strictObject({ release: z.string(), ...updateFields })),
}).meta({ id: 'ScooterFirmware' });
export type ScooterFirmware = z.infer<typeof ScooterFirmware>;

export const releaseAnswer = ({ release, progress }: ReleaseView): ReleaseAnswer => ({
  name: release.name,
  state: release.state,
  stage: release.stage,
  stateSince: release.stateSince.toISOString(),
  whyHalted: release.whyHalted,
  sha256: release.sha256,
  sizeBytes: release.sizeBytes,
  notes: release.notes,
  uploadedBy: release.uploadedBy,
  uploadedAt: release.uploadedAt.toISOString(),
  scooters: progress.counts,
  failed: progress.failed,
});

export const releaseList = (seen: readonly ReleaseView[], limit: number): ReleaseList => ({
  items: seen.map(releaseAnswer), nextCursor: seen.length < limit ? null : (seen.at(-1)?.release.name ?? null),
});

const fieldsOf = (update: ScooterUpdateEntity) => ({
  state: update.state,
  reason: update.reason,
  attempts: update.attempts,
  chosenAt: update.chosenAt.toISOString(),
  offeredAt: update.offeredAt?.toISOString() ?? null,
  settledAt: update.settledAt?.toISOString() ?? null,
});

export const updateList = (rows: readonly { update: ScooterUpdateEntity; runs: string | null }[], limit: number): UpdateList => ({
  items: rows.map(({ update, runs }) => ({ scooterId: update.scooterId, runs, ...fieldsOf(update) })),
  nextCursor: rows.length < limit ? null : (rows.at(-1)?.update.scooterId ?? null),
});

export const scooterFirmware = ({ runs, updates }: ScooterUpdates): ScooterFirmware => ({
  runs: runs?.release ?? null,
  runsSince: runs?.since.toISOString() ?? null,
  updates: updates.map((update) => ({ release: update.release, ...fieldsOf(update) })),
});
