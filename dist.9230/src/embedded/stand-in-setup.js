// Saving a card at the stand-in of Stripe: customers, payment methods, SetupIntents with 3DS.
import { answerAtSetup, testCards } from './stand-in-cards.js';
import { mapIn, textIn } from './stand-in-form.js';
import { invalid, newStripeId, StripeNo } from './stand-in-objects.js';
export const missing = (kind, id)=>invalid(`No such ${kind}: '${id}'`, 'resource_missing', 'id', 404);
export function createCustomer(desk, form) {
    const customer = {
        id: newStripeId('cus'),
        object: 'customer',
        created: desk.seconds(),
        livemode: false,
        metadata: mapIn(form, 'metadata')
    };
    desk.memory.put(customer);
    return customer;
}
export function mustExist(desk, kind, id) {
    if (desk.memory.get(id)?.object !== kind) throw missing(kind, id);
}
/** A test card becomes a payment method of its own on first use, as at Stripe. */ export function methodOf(desk, name) {
    const known = desk.memory.get(name);
    if (known?.object === 'payment_method') return known;
    const card = testCards[name];
    if (!card) throw invalid(`No such PaymentMethod: '${name}'`, 'resource_missing', 'payment_method');
    const method = {
        id: newStripeId('pm'),
        object: 'payment_method',
        created: desk.seconds(),
        livemode: false,
        type: 'card',
        metadata: {},
        customer: null,
        card: {
            brand: card.brand,
            last4: card.last4,
            exp_month: 12,
            exp_year: 2034,
            country: 'FR'
        },
        _card: name,
        _setUp: false
    };
    desk.memory.put(method);
    return method;
}
export function createSetupIntent(desk, form) {
    if (form['payment_method_types']) throw invalid('Received unknown parameter: payment_method_types', 'parameter_unknown', 'payment_method_types');
    const customer = textIn(form, 'customer');
    if (customer !== null) mustExist(desk, 'customer', customer);
    const id = newStripeId('seti');
    const intent = {
        id,
        object: 'setup_intent',
        created: desk.seconds(),
        livemode: false,
        client_secret: `${id}_secret_${newStripeId('s')}`,
        customer,
        metadata: mapIn(form, 'metadata'),
        allowed_payment_method_types: Object.values(mapIn(form, 'allowed_payment_method_types')),
        usage: textIn(form, 'usage') ?? 'off_session',
        status: 'requires_payment_method',
        payment_method: null,
        next_action: null,
        last_setup_error: null
    };
    desk.memory.put(intent);
    desk.tell('setup_intent.created', intent);
    return textIn(form, 'confirm') === 'true' ? confirmSetupIntent(desk, intent, form) : intent;
}
export function setupIntent(desk, id) {
    const found = desk.memory.get(id);
    if (found?.object !== 'setup_intent') throw missing('setupintent', id);
    return {
        ...found
    };
}
export function confirmSetupIntent(desk, intent, form) {
    if (![
        'requires_payment_method',
        'requires_confirmation',
        'requires_action'
    ].includes(intent.status)) {
        throw unexpected('setup_intent', intent, `You cannot confirm this SetupIntent because it has a status of ${intent.status}.`);
    }
    const name = textIn(form, 'payment_method');
    if (name === null) throw invalid('You must provide a payment method to confirm.', 'parameter_missing', 'payment_method');
    const method = methodOf(desk, name);
    intent.payment_method = method.id;
    const answer = answerAtSetup(method._card);
    switch(answer.kind){
        case 'approved':
            return finishSetup(desk, intent);
        case 'confirm':
            intent.status = 'requires_action';
            intent.next_action = pageFor(desk, intent.id, textIn(form, 'return_url'));
            desk.memory.put(intent);
            desk.tell('setup_intent.requires_action', intent);
            return intent;
        case 'declined':
            throw failSetup(desk, intent, answer.code, answer.declineCode);
    }
}
/** What the page of the bank does when its visitor says yes. */ export function finishSetup(desk, intent) {
    intent.status = 'succeeded';
    intent.next_action = null;
    desk.memory.put(intent);
    const method = intent.payment_method === null ? null : desk.memory.get(intent.payment_method);
    if (method?.object === 'payment_method') desk.memory.put({
        ...method,
        customer: intent.customer,
        _setUp: true
    });
    desk.tell('setup_intent.succeeded', intent);
    return intent;
}
export function failSetup(desk, intent, code, declineCode) {
    const error = cardError(code, declineCode);
    Object.assign(intent, {
        status: 'requires_payment_method',
        payment_method: null,
        next_action: null,
        last_setup_error: error
    });
    desk.memory.put(intent);
    desk.tell('setup_intent.setup_failed', intent);
    return new StripeNo(402, {
        ...error,
        setup_intent: intent
    });
}
export const cardError = (code, declineCode)=>({
        type: 'card_error',
        code,
        ...declineCode && {
            decline_code: declineCode
        },
        message: code === 'authentication_required' ? 'Your card was declined. This transaction requires authentication.' : 'Your card was declined.'
    });
export const pageFor = (desk, intentId, returnUrl)=>({
        type: 'redirect_to_url',
        redirect_to_url: {
            url: `${desk.url()}/_stand-in/3ds/${intentId}`,
            return_url: returnUrl
        }
    });
export const unexpected = (kind, intent, message)=>new StripeNo(400, {
        type: 'invalid_request_error',
        code: `${kind}_unexpected_state`,
        message,
        [kind]: intent
    });

//# sourceMappingURL=stand-in-setup.js.map
