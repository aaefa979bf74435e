// What the control room is told of the zones on board.
import { z } from 'zod';
import type { ZonesOnBoard } from './zone-keeping.service.js';

export const ZonesOnBoardAnswer = z
  .strictObject({
    version: z.int(),
    scooters: z.strictObject({ upToDate: z.int(), behind: z.int() }),
    /** `null` is the version of those that have told us of none. */
    held: z.array(z.strictObject({ version: z.int().nullable(), scooters: z.int() })),
    behind: z.array(
      z.strictObject({
        scooterId: z.string(),
        version: z.int().nullable(),
        behindSeconds: z.int(),
        refused: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'ZonesOnBoard' });
export type ZonesOnBoardAnswer = z.infer<typeof ZonesOnBoardAnswer>;

export function zonesOnBoardAnswer({ version, held, behind }: ZonesOnBoard): ZonesOnBoardAnswer {
  const count = (of: ZonesOnBoard['held']): number => of.reduce((sum, { scooters }) => sum + scooters, 0);
  return {
    version,
    scooters: {
      upToDate: count(held.filter((some) => some.version === version)),
      behind: count(held.filter((some) => some.version !== version)),
    },
    held: held.map((some) => ({ version: some.version, scooters: some.scooters })),
    behind: behind.map(({ scooterId, version: has, behindSeconds, refused }) => ({ scooterId, version: has, behindSeconds, refused })),
  };
}
