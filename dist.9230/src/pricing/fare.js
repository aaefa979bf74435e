// What a ride costs, line by line. The running meter and the final bill are this same function, so
// that what the rider watched is what the rider pays.
import { invariant } from '../platform/assert.js';
import { cents, sumCents, taxInside } from '../platform/money.js';
import { inBoth } from './price-text.js';
import { stretches } from './timeline.js';
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;
/**
 * All stretches of riding are added up before they are rounded up to started minutes, and so are all
 * pauses: five short pauses cost what one long one does. Then come the minimum, the cap for each
 * started 24 hours, and last the grace that makes a false start free.
 */ export function fareOf({ tariff, steps, until, distanceM }) {
    if (!steps.some(({ step, at })=>step === 'started' && at <= until)) return total([], tariff);
    const { ridingMs, pausedMs } = stretches(steps, until);
    const lines = [
        ...timeLine('riding', ridingMs, tariff.rideMinuteCents),
        ...timeLine('pause', pausedMs, tariff.pauseMinuteCents),
        ...unlockLine(tariff)
    ];
    lines.push(...minimumLine(lines, tariff));
    lines.push(...capLine(lines, tariff, ridingMs + pausedMs));
    lines.push(...graceLine(lines, tariff, {
        totalMs: ridingMs + pausedMs,
        distanceM
    }));
    return total(lines, tariff);
}
const sumOf = (lines)=>sumCents(lines.map((line)=>line.amountCents));
function timeLine(kind, ms, minuteCents) {
    if (ms === 0) return [];
    const minutes = Math.ceil(ms / MINUTE_MS);
    const amountCents = cents(minutes * minuteCents);
    const [fr, en] = kind === 'riding' ? [
        'Conduite',
        'Riding'
    ] : [
        'Pause',
        'Pause'
    ];
    const text = inBoth((euros)=>`${fr} : ${String(minutes)} min × ${euros(minuteCents)} = ${euros(amountCents)}`, (euros)=>`${en}: ${String(minutes)} min × ${euros(minuteCents)} = ${euros(amountCents)}`);
    return [
        {
            kind,
            minutes,
            amountCents,
            text
        }
    ];
}
function unlockLine({ unlockCents }) {
    if (unlockCents === 0) return [];
    const text = inBoth((euros)=>`Déverrouillage : ${euros(unlockCents)}`, (euros)=>`Unlocking: ${euros(unlockCents)}`);
    return [
        {
            kind: 'unlock',
            minutes: null,
            amountCents: cents(unlockCents),
            text
        }
    ];
}
function minimumLine(lines, { minimumCents }) {
    const missing = cents(minimumCents - sumOf(lines));
    if (missing <= 0) return [];
    const text = inBoth((euros)=>`Complément jusqu’au minimum de ${euros(minimumCents)} : ${euros(missing)}`, (euros)=>`Up to the minimum of ${euros(minimumCents)}: ${euros(missing)}`);
    return [
        {
            kind: 'minimum',
            minutes: null,
            amountCents: missing,
            text
        }
    ];
}
function capLine(lines, { dayCapCents }, totalMs) {
    const days = Math.max(1, Math.ceil(totalMs / DAY_MS));
    const over = cents(sumOf(lines) - days * dayCapCents);
    if (over <= 0) return [];
    const text = inBoth((euros)=>`Plafond de ${euros(dayCapCents)} par tranche de 24 h (${String(days)}) : ${euros(-over)}`, (euros)=>`Cap of ${euros(dayCapCents)} per started 24 h (${String(days)}): ${euros(-over)}`);
    return [
        {
            kind: 'cap',
            minutes: null,
            amountCents: cents(-over),
            text
        }
    ];
}
/** A distance nobody measured proves no false start: the meter shows the price until the end shows it was one. */ function graceLine(lines, tariff, ride) {
    const due = sumOf(lines);
    const short = ride.totalMs <= tariff.graceSeconds * 1000;
    const near = ride.distanceM !== null && ride.distanceM >= 0 && ride.distanceM <= tariff.graceMeters;
    if (!short || !near || due === 0) return [];
    const text = inBoth((euros)=>`Essai d’au plus ${String(tariff.graceSeconds)} s et ${String(tariff.graceMeters)} m, offert : ${euros(-due)}`, (euros)=>`A start of no more than ${String(tariff.graceSeconds)} s and ${String(tariff.graceMeters)} m is free: ${euros(-due)}`);
    return [
        {
            kind: 'grace',
            minutes: null,
            amountCents: cents(-due),
            text
        }
    ];
}
function total(lines, { taxPercent }) {
    const totalCents = sumOf(lines);
    invariant(totalCents >= 0, 'a fare is never negative');
    return {
        totalCents,
        ...taxInside(totalCents, taxPercent),
        lines
    };
}

//# sourceMappingURL=fare.js.map
