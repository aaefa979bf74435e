// What goes in and out of the doors about a rider's card.
import { z } from 'zod';
import type { CardEntity } from './card.entity.js';

export const SaveCard = z.strictObject({ setupIntentId: z.string().regex(/^seti_\w{1,100}$/) }).meta({ id: 'SaveCard' });
export type SaveCard = z.infer<typeof SaveCard>;

export const CardSetupAnswer = z.strictObject({
  setupIntentId: z.string(),
  clientSecret: z.string().describe('Given to Stripe by the phone, with the card; never stored by us.'),
  publishableKey: z.string(),
  stripeUrl: z.url(),
}).meta({ id: 'CardSetup' });

export const CardAnswer = z.strictObject({ brand: z.string(), last4: z.string().length(4), savedAt: z.iso.datetime() }).meta({ id: 'Card' });
export type CardAnswer = z.infer<typeof CardAnswer>;

export const shapeCard = ({ brand, last4, savedAt }: CardEntity): CardAnswer => ({ brand, last4, savedAt: savedAt.toISOString() });
