// What a ride costs, as it was published. A ride keeps its own copy from the moment it is asked for,
// so whatever is published later never changes a price somebody agreed to.
import { z } from 'zod';
import { line } from '../platform/text.js';
const price = z.int().min(0).max(10_000);
const amount = z.int().min(0).max(100_000);
/** The prices alone. Whole cents, tax included, because that is what a rider is shown (L112-1 code de la consommation). */ const prices = {
    name: line(80),
    // The city is in the euro zone, and receipts write euros.
    currency: z.literal('EUR'),
    rideMinuteCents: price,
    pauseMinuteCents: price,
    unlockCents: amount,
    minimumCents: amount,
    dayCapCents: amount.min(1),
    holdCents: amount.min(1),
    graceSeconds: z.int().min(0).max(3600),
    graceMeters: z.int().min(0).max(10_000),
    taxPercent: z.int().min(0).max(100)
};
/** A tariff as somebody writes it, before it has an id. */ export const TariffDraft = z.strictObject({
    ...prices,
    inForceFrom: z.iso.datetime({
        offset: true
    })
}).refine((t)=>t.minimumCents <= t.dayCapCents, {
    path: [
        'minimumCents'
    ],
    error: 'is more than a day may cost'
}).refine((t)=>t.unlockCents <= t.dayCapCents, {
    path: [
        'unlockCents'
    ],
    error: 'is more than a day may cost'
}).refine((t)=>t.pauseMinuteCents <= t.rideMinuteCents, {
    path: [
        'pauseMinuteCents'
    ],
    error: 'is more than riding costs'
});

//# sourceMappingURL=tariff.js.map
