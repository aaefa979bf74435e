// A rider pays what they owe, while they are there: their bank may ask them to confirm.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { StripeAnswer } from '../cards/stripe-answer.js';
import type { DebtId, PaymentId, RiderId } from '../platform/ids.js';
import { orRefuse } from '../platform/refusal.js';
import { CollectorService } from './collector.service.js';
import { DebtEntity } from './debt.entity.js';
import { PaymentEntity } from './payment.entity.js';
import { PaymentsService } from './payments.service.js';

export interface DebtPaymentAnswer {
  readonly state: 'paid' | 'collecting' | 'declined' | 'needs_confirmation';
  /** Where the rider's bank asks; with the real Stripe the app hands the secret to Stripe's own screen. */
  readonly confirmation: { readonly clientSecret: string; readonly url: string | null } | null;
}

@Injectable()
export class DebtPaymentService {
  constructor(
    private readonly db: DataSource,
    private readonly payments: PaymentsService,
    private readonly collector: CollectorService,
  ) {}

  /** Asked again, it goes on with the attempt that is under way: a debt is never charged twice. */
  async pay(riderId: RiderId, debtId: DebtId): Promise<DebtPaymentAnswer> {
    const paymentId = await this.startOrGoOn(riderId, debtId);
    const answer = paymentId === null ? null : await this.collector.collect(paymentId);
    const debt = await this.db.manager.findOneByOrFail(DebtEntity, { id: debtId });
    return debtPaymentAnswer(debt.state, answer);
  }

  /** Null when the debt is paid already. */
  private startOrGoOn(riderId: RiderId, debtId: DebtId): Promise<PaymentId | null> {
    return this.db.transaction(async (tx) => {
      const found = await tx.findOne(DebtEntity, { where: { id: debtId, riderId }, lock: { mode: 'pessimistic_write' } });
      const debt = orRefuse(found, 'debt_unknown');
      if (debt.state === 'paid') return null;
      const { rideId, amountCents, currency } = debt;
      const underWay = await tx.findOneBy(PaymentEntity, { rideId, purpose: 'debt', state: 'created' });
      return underWay?.id ?? this.payments.start(tx, 'debt', { riderId, rideId, amountCents, currency });
    });
  }
}

function debtPaymentAnswer(debt: 'open' | 'paid', answer: StripeAnswer | null): DebtPaymentAnswer {
  if (debt === 'paid') return { state: 'paid', confirmation: null };
  switch (answer?.kind) {
    case 'waiting': return { state: 'needs_confirmation', confirmation: { clientSecret: answer.clientSecret, url: answer.url } };
    case 'refused': case 'canceled': return { state: 'declined', confirmation: null };
    case 'captured': case 'held': case 'absent': case 'unknown': case undefined: return { state: 'collecting', confirmation: null };
  }
}
