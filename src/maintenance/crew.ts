// A crew: a van with a home, packs on board, and people who are only to be found while they work.
import type { CrewId } from '../platform/ids.js';

export interface Crew {
  readonly id: CrewId;
  readonly name: string;
  readonly hubLatitude: number;
  readonly hubLongitude: number;
  readonly onShift: boolean;
  readonly shiftChangedAt: Date | null;
  readonly fullPacks: number;
  readonly emptyPacks: number;
}
