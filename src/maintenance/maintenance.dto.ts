// What crews and operators send and see of tasks, shifts and vans.
import { z } from 'zod';
import { Page, pageOf } from '../platform/http/answers.decorator.js';
import { line, reason } from '../platform/text.js';
import type { Crew } from './crew.js';
import type { CrewStop } from './crews.service.js';
import { PRIORITY_REASONS } from './task-priority.js';
import { placeOf } from './why-not-arrive.js';

const place = { latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) };
const Serial = z
  .string()
  .trim()
  .min(1)
  .max(40)
  .regex(/^[\w.:/-]+$/, 'a serial number as printed on the pack');
const Packs = z.int().min(0).max(200);
const States = z.enum(['created', 'assigned', 'in_progress', 'resolved', 'proved', 'verified', 'cancelled']);

export const ShiftStart = z.strictObject({ fullPacks: Packs });
export const Arrival = z.strictObject({ position: z.strictObject(place) });
export const SwapReport = z.strictObject({ serialOut: Serial, serialIn: Serial });
export const Finding = z.strictObject({ finding: line(500, 3) });
export const TaskFilter = Page.extend({ state: States.optional() });
export type TaskFilter = z.infer<typeof TaskFilter>;
export const AssignOrder = z.strictObject({ crewId: z.uuid(), reason });
export const CancelOrder = z.strictObject({ reason });
export const CrewDraft = z.strictObject({ name: line(60, 2), hub: z.strictObject(place) });

export const ShiftView = z.object({
  crewId: z.uuid(),
  name: z.string(),
  onShift: z.boolean(),
  fullPacks: z.int(),
  emptyPacks: z.int(),
});
export type ShiftView = z.infer<typeof ShiftView>;

const Instant = z.iso.datetime();
const stop = {
  id: z.uuid(),
  kind: z.enum(['swap', 'inspect']),
  state: States,
  scooterId: z.uuid(),
  plate: z.string(),
  rangeKm: z.number().nullable(),
  openedAt: Instant,
  dueAt: Instant,
  why: z.array(z.enum(PRIORITY_REASONS)).describe('Why it comes when it comes.'),
  arrivedAt: Instant.nullable(),
  bay: z.enum(['asked', 'open', 'refused', 'silent']).nullable().describe('What the scooter answered to open-bay.'),
  serialOut: z.string().nullable(),
  serialIn: z.string().nullable(),
  note: z.string().nullable().describe('Why it is still open though reported, or what was found.'),
};
const Place = z.object({ latitude: z.number(), longitude: z.number() });
export const CrewTask = z.object({ ...stop, position: Place.nullable() });
export type CrewTask = z.infer<typeof CrewTask>;
export const CrewTaskPage = pageOf(CrewTask);

export const TaskRow = z.object({
  ...stop,
  crewId: z.uuid().nullable(),
  priority: z.number(),
  openedRangeKm: z.number().nullable(),
  resolvedAt: Instant.nullable(),
  verifiedAt: Instant.nullable(),
});
export type TaskRow = z.infer<typeof TaskRow>;
export const TaskRowPage = pageOf(TaskRow);

export const CrewRow = ShiftView.extend({
  hub: Place,
  openTasks: z.int(),
});
export type CrewRow = z.infer<typeof CrewRow>;
export const CrewRowPage = pageOf(CrewRow);

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

const stopAnswer = ({ task, scooter, why }: CrewStop) => ({
  id: task.id,
  kind: task.kind,
  state: task.state,
  scooterId: task.scooterId,
  plate: scooter.plate,
  rangeKm: scooter.rangeKm,
  openedAt: task.openedAt.toISOString(),
  dueAt: task.dueAt.toISOString(),
  why: [...why],
  arrivedAt: iso(task.arrivedAt),
  bay: task.bay,
  serialOut: task.serialOut,
  serialIn: task.serialIn,
  note: task.note,
});

/** A scooter in a ride shows no place, here as everywhere. */
export const crewTaskOf = (stop: CrewStop): CrewTask => ({
  ...stopAnswer(stop),
  position: stop.scooter.state === 'taken' ? null : (placeOf(stop.scooter) ?? placeOf(stop.task)),
});

export const taskRowOf = (stop: CrewStop): TaskRow => ({
  ...stopAnswer(stop),
  crewId: stop.task.crewId,
  priority: stop.score,
  openedRangeKm: stop.task.openedRangeKm,
  resolvedAt: iso(stop.task.resolvedAt),
  verifiedAt: iso(stop.task.verifiedAt),
});

export const shiftOf = ({ id, name, onShift, fullPacks, emptyPacks }: Crew): ShiftView => {
  return { crewId: id, name, onShift, fullPacks, emptyPacks };
};

export const crewRowOf = ({ crew, openTasks }: { crew: Crew; openTasks: number }): CrewRow => ({
  ...shiftOf(crew),
  hub: { latitude: crew.hubLatitude, longitude: crew.hubLongitude },
  openTasks,
});
