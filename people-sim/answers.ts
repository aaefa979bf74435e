// The answers of the public doors, as far as people look at them. More fields may come; these must stay.
import { z } from 'zod';

export const Position = z.object({ latitude: z.number(), longitude: z.number() });

export const Nothing = z.unknown();
export const SignedUp = z.object({ riderId: z.string() });
export const SignedIn = z.object({ token: z.string() });
export const Card = z.object({ brand: z.string().nullable(), last4: z.string().nullable() });
export const CardSetup = z.object({
  setupIntentId: z.string(),
  clientSecret: z.string(),
  publishableKey: z.string(),
  stripeUrl: z.string().nullable(),
});
export const Debts = z.object({ items: z.array(z.object({ id: z.string(), state: z.string().optional() })) });
export const Prices = z.object({ holdCents: z.number() });
export const NearScooters = z.object({
  items: z.array(
    z.object({
      id: z.string(),
      position: Position,
      rangeKm: z.number().nullable(),
      walkMinutes: z.number(),
    }),
  ),
});
export type NearScooters = z.infer<typeof NearScooters>;
export const Reservation = z.object({ id: z.string() });
export const RideAnswer = z.object({
  id: z.string(),
  scooterId: z.string(),
  state: z.string(),
  fareCents: z.number().nullable(),
  refusal: z.object({ code: z.string(), details: z.unknown().optional() }).nullable(),
  failure: z.object({ code: z.string() }).nullable(),
});
export type RideAnswer = z.infer<typeof RideAnswer>;
export const NearestEnd = z.object({ nearestEnd: z.object({ position: Position }) });

export const SetupIntent = z.object({
  status: z.string(),
  next_action: z.object({ redirect_to_url: z.object({ url: z.string() }).nullish() }).nullish(),
});
export const Messages = z.object({
  items: z.array(z.object({ text: z.string(), at: z.union([z.string(), z.number()]) })),
});

export const Beside = z.object({
  position: Position,
  lock: z.string(),
  bay: z.string(),
  chargePercent: z.number(),
  underway: z.boolean(),
  speedKmh: z.number(),
  batterySerial: z.string(),
});
export type Beside = z.infer<typeof Beside>;

export const Task = z.object({
  id: z.string(),
  kind: z.string(),
  state: z.string(),
  scooterId: z.string(),
  bay: z.string().nullish(),
  position: Position.nullable(),
});
export type Task = z.infer<typeof Task>;
export const Tasks = z.object({ items: z.array(Task) });

export const Zones = z.object({
  features: z.array(
    z.object({
      geometry: z.union([
        z.object({
          type: z.literal('Polygon'),
          coordinates: z.array(z.array(z.tuple([z.number(), z.number()], z.number()))),
        }),
        z.object({
          type: z.literal('MultiPolygon'),
          coordinates: z.array(z.array(z.array(z.tuple([z.number(), z.number()], z.number())))),
        }),
      ]),
      properties: z.object({ kind: z.string() }),
    }),
  ),
});
