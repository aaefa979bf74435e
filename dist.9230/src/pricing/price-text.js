// Amounts as people write them, in the two languages of the city: « 12,34 € » and '€12.34'.
/** Euros from whole cents. A true minus sign, so that a discount is not read as a dash. */ export function inEuros(amountCents, language) {
    const sign = amountCents < 0 ? '−' : '';
    const whole = String(Math.floor(Math.abs(amountCents) / 100));
    const rest = String(Math.abs(amountCents) % 100).padStart(2, '0');
    return language === 'fr' ? `${sign}${whole},${rest} €` : `${sign}€${whole}.${rest}`;
}
/** Both languages at once; `say` receives how to write an amount. */ export const inBoth = (fr, en)=>({
        fr: fr((amountCents)=>inEuros(amountCents, 'fr')),
        en: en((amountCents)=>inEuros(amountCents, 'en'))
    });

//# sourceMappingURL=price-text.js.map
