// Stripe's test cards and how each behaves when it is saved and when it is charged.
// Source: docs.stripe.com/testing. Cards that decline outright cannot be saved either.
const generic = {
    code: 'card_declined',
    declineCode: 'generic_decline'
};
const poor = {
    code: 'card_declined',
    declineCode: 'insufficient_funds'
};
export const testCards = {
    pm_card_visa: {
        brand: 'visa',
        last4: '4242'
    },
    pm_card_visa_debit: {
        brand: 'visa',
        last4: '5556'
    },
    pm_card_mastercard: {
        brand: 'mastercard',
        last4: '4444'
    },
    pm_card_fr: {
        brand: 'visa',
        last4: '0003'
    },
    pm_card_threeDSecureRequired: {
        brand: 'visa',
        last4: '3220',
        confirmAtSetup: true,
        confirmAtCharge: 'unless_set_up'
    },
    pm_card_authenticationRequiredOnSetup: {
        brand: 'visa',
        last4: '3155',
        confirmAtSetup: true,
        confirmAtCharge: 'on_session'
    },
    pm_card_authenticationRequired: {
        brand: 'visa',
        last4: '3184',
        confirmAtSetup: true,
        confirmAtCharge: 'always'
    },
    pm_card_chargeDeclined: {
        brand: 'visa',
        last4: '0002',
        declines: {
            at: 'setup_and_charge',
            ...generic
        }
    },
    pm_card_chargeDeclinedInsufficientFunds: {
        brand: 'visa',
        last4: '9995',
        declines: {
            at: 'setup_and_charge',
            ...poor
        }
    },
    pm_card_visa_chargeDeclinedInsufficientFunds: {
        brand: 'visa',
        last4: '9995',
        declines: {
            at: 'setup_and_charge',
            ...poor
        }
    },
    pm_card_visa_chargeDeclinedLostCard: {
        brand: 'visa',
        last4: '9987',
        declines: {
            at: 'setup_and_charge',
            code: 'card_declined',
            declineCode: 'lost_card'
        }
    },
    pm_card_visa_chargeDeclinedStolenCard: {
        brand: 'visa',
        last4: '9979',
        declines: {
            at: 'setup_and_charge',
            code: 'card_declined',
            declineCode: 'stolen_card'
        }
    },
    pm_card_chargeDeclinedExpiredCard: {
        brand: 'visa',
        last4: '0069',
        declines: {
            at: 'setup_and_charge',
            code: 'expired_card'
        }
    },
    pm_card_chargeDeclinedIncorrectCvc: {
        brand: 'visa',
        last4: '0127',
        declines: {
            at: 'setup_and_charge',
            code: 'incorrect_cvc'
        }
    },
    pm_card_chargeDeclinedProcessingError: {
        brand: 'visa',
        last4: '0119',
        declines: {
            at: 'setup_and_charge',
            code: 'processing_error'
        }
    },
    pm_card_chargeCustomerFail: {
        brand: 'visa',
        last4: '0341',
        declines: {
            at: 'charge',
            ...generic
        }
    }
};
export function answerAtSetup(name) {
    const card = testCards[name];
    if (card?.declines?.at === 'setup_and_charge') return declined(card.declines);
    return {
        kind: card?.confirmAtSetup ? 'confirm' : 'approved'
    };
}
export function answerAtCharge(name, facts) {
    const card = testCards[name];
    if (card?.declines) return declined(card.declines);
    switch(card?.confirmAtCharge){
        case undefined:
            return {
                kind: 'approved'
            };
        case 'always':
            return {
                kind: 'confirm'
            };
        case 'on_session':
            return {
                kind: facts.setUp && facts.offSession ? 'approved' : 'confirm'
            };
        case 'unless_set_up':
            return {
                kind: facts.setUp ? 'approved' : 'confirm'
            };
    }
}
const declined = ({ code, declineCode })=>({
        kind: 'declined',
        code,
        declineCode: declineCode ?? null
    });

//# sourceMappingURL=stand-in-cards.js.map
