// What goes in and out of the doors about debts and the books.
import { z } from 'zod';
import type { DebtEntity } from './debt.entity.js';

const wholeCents = z.int();

export const DebtPath = z.strictObject({ debtId: z.uuid() });
export type DebtPath = z.infer<typeof DebtPath>;

export const DebtPage = z.strictObject({ cursor: z.uuid().optional(), limit: z.coerce.number().int().min(1).max(100).default(50) });
export type DebtPage = z.infer<typeof DebtPage>;

export const DebtAnswer = z.strictObject({
  id: z.uuid(), rideId: z.uuid(), amountCents: wholeCents, currency: z.string().length(3), state: z.enum(['open', 'paid']),
  openedAt: z.iso.datetime(), paidAt: z.iso.datetime().nullable(),
}).meta({ id: 'Debt' });
export type DebtAnswer = z.infer<typeof DebtAnswer>;

export const DebtListAnswer = z.strictObject({ items: z.array(DebtAnswer), nextCursor: z.string().nullable() }).meta({ id: 'DebtList' });
export type DebtListAnswer = z.infer<typeof DebtListAnswer>;

export const DebtPaymentView = z.strictObject({
  state: z.enum(['paid', 'collecting', 'declined', 'needs_confirmation']),
  confirmation: z.strictObject({ clientSecret: z.string(), url: z.string().nullable() }).nullable(),
}).meta({ id: 'DebtPayment' });

export const LedgerAnswer = z.strictObject({
  currency: z.literal('EUR'),
  accounts: z.array(z.strictObject({ account: z.string(), debitCents: wholeCents, creditCents: wholeCents, balanceCents: wholeCents })),
  sumCents: wholeCents.describe('All balances together; always 0.'),
  faresCents: wholeCents,
  capturedCents: wholeCents,
  openDebtsCents: wholeCents,
  inFlightCents: wholeCents,
  differenceCents: wholeCents.describe('fares − captured − open debts − in flight; always 0.'),
}).meta({ id: 'Ledger' });
export type LedgerAnswer = z.infer<typeof LedgerAnswer>;

export const shapeDebt = (debt: DebtEntity): DebtAnswer => ({
  id: debt.id, rideId: debt.rideId, amountCents: debt.amountCents, currency: debt.currency, state: debt.state,
  openedAt: debt.openedAt.toISOString(), paidAt: debt.paidAt?.toISOString() ?? null,
});

/** One more than asked was read: when it is there, there is a next page. */
export const shapeDebts = (debts: readonly DebtEntity[], limit: number): DebtListAnswer => {
  const items = debts.slice(0, limit).map(shapeDebt);
  return { items, nextCursor: debts.length > limit ? (items.at(-1)?.id ?? null) : null };
};
