// Who is asking: a rider, a member of a crew, or staff in the control room.
import type { CrewId, RiderId, StaffId } from './ids.js';

export type StaffRole = 'operator' | 'support' | 'admin';

export type Actor =
  | { readonly audience: 'rider'; readonly riderId: RiderId }
  | { readonly audience: 'crew'; readonly staffId: StaffId; readonly crewId: CrewId }
  | { readonly audience: 'operator'; readonly staffId: StaffId; readonly role: StaffRole };

export type Audience = Actor['audience'];

/** One word for the rows that remember who acted: `rider:<id>`, `crew:<id>`, `operator:<id>`. */
export const actorName = (actor: Actor): string =>
  actor.audience === 'rider' ? `rider:${actor.riderId}` : `${actor.audience}:${actor.staffId}`;
