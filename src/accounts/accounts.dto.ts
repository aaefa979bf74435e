// What the doors of riders and staff take and give.
import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { z } from 'zod';
import { day, email, line, reason } from '../platform/text.js';
import { LICENCE_CLASSES } from './licence.js';
import type { Rider } from './rider.js';
import { missingToRide } from './why-not-ride.js';

/** A phone as people write it, kept as E.164; a number without a country is a French one. */
export const phone = z
  .string()
  .min(4)
  .max(32)
  .transform((text, context) => {
    const number = parsePhoneNumberFromString(text, { defaultCountry: 'FR', extract: false });
    if (number?.isValid() && !number.ext) return number.number;
    context.addIssue({ code: 'custom', message: 'is not a phone number' });
    return z.NEVER;
  });

const birthDate = day.refine((text) => text >= '1900-01-01', 'is too long ago');
const licenceNumber = line(32, 4).pipe(z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N} ./-]*$/u));
/** Long enough for a sentence typed as a password; argon2 itself would take anything. */
const password = z.string().min(1).max(200);

export const SignUp = z
  .strictObject({
    firstName: line(80),
    lastName: line(80),
    email,
    phone,
    birthDate,
    language: z.enum(['fr', 'en']).default('fr'),
  })
  .meta({ id: 'SignUp' });
export type SignUp = z.infer<typeof SignUp>;
export const SignedUp = z.object({ riderId: z.uuid() }).meta({ id: 'SignedUp' });

export const SignIn = z.strictObject({ phone }).meta({ id: 'SignIn' });
export type SignIn = z.infer<typeof SignIn>;
export const CodeSent = z.object({ expiresInSeconds: z.int() }).meta({ id: 'CodeSent' });

export const VerifyPhone = z.strictObject({ phone, code: z.string().regex(/^[0-9]{6}$/) }).meta({ id: 'VerifyPhone' });
export type VerifyPhone = z.infer<typeof VerifyPhone>;
export const RiderSession = z.object({ token: z.string(), riderId: z.uuid() }).meta({ id: 'RiderSession' });

export const StaffSignIn = z.strictObject({ email, password }).meta({ id: 'StaffSignIn' });
export type StaffSignIn = z.infer<typeof StaffSignIn>;
export const CrewSession = z.object({ token: z.string(), crewId: z.uuid() }).meta({ id: 'CrewSession' });
export const OperatorSession = z
  .object({ token: z.string(), staffId: z.uuid(), role: z.enum(['operator', 'support', 'admin']) })
  .meta({ id: 'OperatorSession' });
export const SignedOut = z.object({ signedOut: z.literal(true) }).meta({ id: 'SignedOut' });

export const NewLicence = z
  .strictObject({ class: z.enum(LICENCE_CLASSES), number: licenceNumber, issuedOn: day })
  .meta({ id: 'NewLicence' });
export type NewLicence = z.infer<typeof NewLicence>;

const licenceAnswer = z.object({
  state: z.enum(['not_needed', 'missing', 'in_review', 'accepted', 'refused']),
  class: z.enum(LICENCE_CLASSES).nullable(),
  number: z.string().nullable(),
  issuedOn: z.string().nullable(),
  refusal: z.string().nullable().describe('Why it was refused, and what to send instead.'),
});
const person = {
  riderId: z.uuid(),
  state: z.enum(['applied', 'verified', 'suspended', 'erased']),
  firstName: z.string(),
  lastName: z.string(),
  email: z.string(),
  phone: z.string(),
  birthDate: z.string(),
  language: z.enum(['fr', 'en']),
  licence: licenceAnswer,
  suspendedBecause: z.string().nullable(),
  mayRide: z
    .boolean()
    .describe('Whether anything about the person stands in the way; the card is asked at the wallet.'),
  missing: z.array(z.string()).describe('Codes of everything in the way, the most serious first.'),
};
export const Profile = z.object(person).meta({ id: 'Profile' });
export type Profile = z.infer<typeof Profile>;

export const RiderOfOperator = z
  .object({ ...person, createdAt: z.iso.datetime(), verifiedAt: z.iso.datetime().nullable() })
  .meta({ id: 'RiderOfOperator' });
export type RiderOfOperator = z.infer<typeof RiderOfOperator>;
export const RidersFound = z
  .object({ items: z.array(RiderOfOperator), nextCursor: z.null() })
  .meta({ id: 'RidersFound' });
export type RidersFound = z.infer<typeof RidersFound>;

export const RiderSearch = z
  .strictObject({ phone: phone.optional(), email: email.optional(), reason })
  .refine((q) => (q.phone === undefined) !== (q.email === undefined), 'name either a phone or an e-mail');
export type RiderSearch = z.infer<typeof RiderSearch>;
export const Why = z.strictObject({ reason });
export type Why = z.infer<typeof Why>;
export const LicenceDecision = z
  .strictObject({ decision: z.enum(['accept', 'refuse']), reason })
  .meta({ id: 'LicenceDecision' });
export type LicenceDecision = z.infer<typeof LicenceDecision>;

export function profileAnswer(rider: Rider, today: string): Profile {
  const missing = missingToRide(rider, today);
  return {
    riderId: rider.id,
    state: rider.state,
    firstName: rider.firstName,
    lastName: rider.lastName,
    email: rider.email,
    phone: rider.phone,
    birthDate: rider.birthDate,
    language: rider.language,
    licence: {
      state: rider.licenceState,
      class: rider.licenceClass,
      number: rider.licenceNumber,
      issuedOn: rider.licenceIssuedOn,
      refusal: rider.licenceRefusal,
    },
    suspendedBecause: rider.suspendedBecause,
    mayRide: missing.length === 0,
    missing,
  };
}

export const riderAnswer = (rider: Rider, today: string): RiderOfOperator => ({
  ...profileAnswer(rider, today),
  createdAt: rider.createdAt.toISOString(),
  verifiedAt: rider.verifiedAt?.toISOString() ?? null,
});
