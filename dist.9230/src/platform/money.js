// Money is whole cents of one currency. A number that is not a whole count of cents never gets in.
import { invariant } from './assert.js';
/** @throws InvariantBroken when the amount is not a whole number of cents that JavaScript counts exactly. */ export function cents(amount) {
    invariant(Number.isSafeInteger(amount), `${String(amount)} is not a whole number of cents`);
    return amount === 0 ? 0 : amount;
}
export const sumCents = (amounts)=>cents(amounts.reduce((a, b)=>a + b, 0));
/**
 * The tax inside a price that includes it, rounded half up to the cent; the rest is the net amount,
 * so that net + tax is always the price the rider saw. French VAT for hiring is 20 % (CGI art. 278).
 */ export function taxInside(grossCents, ratePercent) {
    const tax = cents(Math.floor((grossCents * ratePercent * 2 + (100 + ratePercent)) / (2 * (100 + ratePercent))));
    return {
        netCents: cents(grossCents - tax),
        taxCents: tax
    };
}

//# sourceMappingURL=money.js.map
