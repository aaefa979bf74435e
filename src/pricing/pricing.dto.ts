// What the pricing doors take and give.
import { z } from 'zod';
import { reason } from '../platform/text.js';
import { fareOf } from './fare.js';
import { isOpen, mayStart, OPENING_HOURS } from './opening-hours.js';
import { TariffDraft, type Tariff } from './tariff.js';

export const NewTariff = z.strictObject({ tariff: TariffDraft, reason }).meta({ id: 'NewTariff' });
export type NewTariff = z.infer<typeof NewTariff>;

const tariffAnswer = {
  id: z.uuid(),
  name: z.string(),
  currency: z.string(),
  rideMinuteCents: z.int(),
  pauseMinuteCents: z.int(),
  unlockCents: z.int(),
  minimumCents: z.int(),
  dayCapCents: z.int(),
  holdCents: z.int(),
  graceSeconds: z.int(),
  graceMeters: z.int(),
  taxPercent: z.int(),
  inForceFrom: z.iso.datetime(),
};
export const TariffAnswer = z.object(tariffAnswer).meta({ id: 'Tariff' });
export type TariffAnswer = z.infer<typeof TariffAnswer>;

export const TariffList = z
  .object({
    items: z.array(z.object({ ...tariffAnswer, standing: z.enum(['past', 'in_force', 'announced']) })),
    nextCursor: z.null(),
  })
  .meta({ id: 'TariffList' });
export type TariffList = z.infer<typeof TariffList>;

export const Prices = z
  .object({
    tariff: TariffAnswer,
    currency: z.string(),
    holdCents: z
      .int()
      .describe('Blocked on the card before the scooter opens; what the ride does not cost is given back.'),
    taxIncluded: z.literal(true),
    taxPercent: z.int(),
    grace: z.object({ seconds: z.int(), meters: z.int() }).describe('A ride no longer than both of these is free.'),
    dayCapCents: z.int().describe('The most that 24 hours of a ride can cost.'),
    examples: z.array(z.object({ minutes: z.int(), totalCents: z.int() })),
    hours: z.object({
      timezone: z.string(),
      opens: z.string(),
      closes: z.string(),
      lastStart: z.string(),
      openNow: z.boolean(),
      mayStartNow: z.boolean(),
    }),
  })
  .meta({ id: 'Prices' });
export type Prices = z.infer<typeof Prices>;

/** What rides of these lengths cost, worked out by the function that bills them. */
const EXAMPLE_MINUTES = [5, 10, 15, 30, 60, 120, 240];

export function pricesAnswer(tariff: Tariff, now: Date): Prices {
  const { currency, holdCents, taxPercent, dayCapCents } = tariff;
  const examples = EXAMPLE_MINUTES.map((minutes) => {
    const until = new Date(now.getTime() + minutes * 60_000);
    return {
      minutes,
      totalCents: fareOf({ tariff, steps: [{ step: 'started', at: now }], until, distanceM: null }).totalCents,
    };
  });
  return {
    tariff: tariffAnswerOf(tariff),
    currency,
    holdCents,
    taxIncluded: true,
    taxPercent,
    grace: { seconds: tariff.graceSeconds, meters: tariff.graceMeters },
    dayCapCents,
    examples,
    hours: { ...OPENING_HOURS, openNow: isOpen(now), mayStartNow: mayStart(now) },
  };
}

export function tariffListAnswer(tariffs: readonly Tariff[], inForceId: string | null, now: Date): TariffList {
  const standing = (tariff: Tariff) => {
    if (tariff.id === inForceId) return 'in_force';
    return Date.parse(tariff.inForceFrom) > now.getTime() ? 'announced' : 'past';
  };
  return {
    items: tariffs.map((tariff) => ({ ...tariffAnswerOf(tariff), standing: standing(tariff) })),
    nextCursor: null,
  };
}

export const tariffAnswerOf = (tariff: Tariff): TariffAnswer => ({
  id: tariff.id,
  name: tariff.name,
  currency: tariff.currency,
  rideMinuteCents: tariff.rideMinuteCents,
  pauseMinuteCents: tariff.pauseMinuteCents,
  unlockCents: tariff.unlockCents,
  minimumCents: tariff.minimumCents,
  dayCapCents: tariff.dayCapCents,
  holdCents: tariff.holdCents,
  graceSeconds: tariff.graceSeconds,
  graceMeters: tariff.graceMeters,
  taxPercent: tariff.taxPercent,
  inForceFrom: tariff.inForceFrom,
});
