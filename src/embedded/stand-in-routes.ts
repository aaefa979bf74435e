// Which address of the stand-in of Stripe does what: the part of Stripe's API the city uses, the page a
// bank would show for 3DS, and a list of charges for people.
import type { Fault } from './stand-in-faults.js';
import { textIn, type Form } from './stand-in-form.js';
import { invalid, type PaymentIntent, type SetupIntent, type Stored } from './stand-in-objects.js';
import { createRefund, refundsOf } from './stand-in-refunds.js';
import {
  approve, cancel, capture, chargesOf, createPaymentIntent, decline, paymentIntent, searchByMetadata,
} from './stand-in-payments.js';
import {
  confirmSetupIntent, createCustomer, createSetupIntent, failSetup, finishSetup, missing, setupIntent, type StandInDesk,
} from './stand-in-setup.js';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly form: Form;
  readonly requestId: string;
  readonly credential: string;
  readonly idempotencyKey: string | null;
  /** `/v1/{noun}/{id}/{verb}` */
  readonly noun: string;
  readonly id: string;
  readonly verb: string;
  readonly operation: string;
}

export function route(desk: StandInDesk, call: Call, fault: Fault | null): object {
  switch (`${call.method} ${call.noun}${call.id && call.id !== 'search' ? '/id' : call.id && '/search'}${call.verb && `/${call.verb}`}`) {
    case 'POST customers': return createCustomer(desk, call.form);
    case 'GET customers/id': case 'GET payment_methods/id': return stored(desk, call);
    case 'POST setup_intents': return createSetupIntent(desk, call.form);
    case 'GET setup_intents/id': return expanded(desk, belonging(call, setupIntent(desk, call.id)), call.form);
    case 'POST setup_intents/id/confirm': return confirmSetupIntent(desk, belonging(call, setupIntent(desk, call.id)), call.form);
    case 'GET payment_intents': return list(desk, call);
    case 'GET payment_intents/search': return found(searchByMetadata(desk, textIn(call.form, 'query') ?? ''));
    case 'POST payment_intents': return createPaymentIntent(desk, call.form, fault);
    case 'GET payment_intents/id': return belonging(call, paymentIntent(desk, call.id));
    case 'POST payment_intents/id/capture': return capture(desk, paymentIntent(desk, call.id), call.form);
    case 'POST payment_intents/id/cancel': return cancel(desk, paymentIntent(desk, call.id), call.form);
    case 'POST refunds': return createRefund(desk, call.form);
    case 'GET refunds': return page(refundsOf(desk, textIn(call.form, 'payment_intent')), call);
    case 'GET events': return page(desk.memory.newestEvents(), call);
    case 'GET events/id': return desk.memory.event(call.id) ?? refuse(missing('event', call.id));
    default: throw invalid(`Unrecognized request URL (${call.method}: ${call.path}).`, null, null, 404);
  }
}

function refuse(error: Error): never {
  throw error;
}

/** With a publishable key, only the holder of the intent's own secret may look or act. */
function belonging<T extends SetupIntent | PaymentIntent>(call: Call, intent: T): T {
  if (call.credential.startsWith('sk_') || textIn(call.form, 'client_secret') === intent.client_secret) return intent;
  throw missing(intent.object, call.id);
}

function stored(desk: StandInDesk, call: Call): Stored {
  const object = desk.memory.get(call.id);
  if (!object || object.object !== call.noun.slice(0, -1)) throw missing(call.noun.slice(0, -1), call.id);
  return object;
}

function expanded(desk: StandInDesk, intent: SetupIntent, form: Form): object {
  const wanted = typeof form['expand'] === 'object' && Object.values(form['expand']).includes('payment_method');
  if (!wanted || intent.payment_method === null) return intent;
  return { ...intent, payment_method: desk.memory.get(intent.payment_method) };
}

function list(desk: StandInDesk, call: Call): object {
  const customer = textIn(call.form, 'customer');
  const intents = desk.memory.ofKind<PaymentIntent>('payment_intent');
  return page(customer === null ? intents : intents.filter((intent) => intent.customer === customer), call);
}

/** Newest first, as every list of Stripe; `starting_after` goes on from an id. */
function page(all: readonly Stored[], call: Call): object {
  const limit = Math.min(Math.max(Number(textIn(call.form, 'limit') ?? 10), 1), 100);
  const after = textIn(call.form, 'starting_after');
  const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1;
  return { object: 'list', url: call.path, has_more: all.length > from + limit, data: all.slice(from, from + limit) };
}

const found = (data: readonly object[]): object => ({ object: 'search_result', url: '/v1/payment_intents/search', has_more: false, next_page: null, data });

interface Page { readonly status: number; readonly type: string; readonly body: string; readonly headers?: Record<string, string> }
const HTML = 'text/html; charset=utf-8';
const JSON_TYPE = 'application/json; charset=utf-8';

/** What is not Stripe's API: the bank's page and the list of charges. Null when the address is neither. */
export function answerPage(desk: StandInDesk, call: Call): Page | null {
  if (!call.path.startsWith('/_stand-in/')) return null;
  const id = /^\/_stand-in\/3ds\/((?:seti|pi)_[0-9a-f]+)$/.exec(call.path)?.[1];
  if (id) return call.method === 'POST' ? confirmed(desk, id, textIn(call.form, 'answer') !== 'no') : asked(desk, id);
  if (call.path === '/_stand-in/charges') return { status: 200, type: JSON_TYPE, body: JSON.stringify({ items: chargesOf(desk) }, null, 2) };
  return { status: 404, type: JSON_TYPE, body: '{}' };
}

function asked(desk: StandInDesk, id: string): Page {
  if (!desk.memory.get(id)) return { status: 404, type: HTML, body: '<p>There is nothing to confirm here.</p>' };
  const body = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Your bank</title><h1>Your bank asks</h1><p>Do you confirm this card for Roue Libre? (A stand-in: no bank is asked.)</p>
<form method="post"><button name="answer" value="yes">Confirm</button> <button name="answer" value="no">Refuse</button></form></html>`;
  return { status: 200, type: HTML, body };
}

function confirmed(desk: StandInDesk, id: string, yes: boolean): Page {
  const intent = id.startsWith('seti') ? setupIntent(desk, id) : paymentIntent(desk, id);
  if (intent.status !== 'requires_action') return { status: 409, type: HTML, body: '<p>There is nothing to confirm here.</p>' };
  const back = intent.next_action?.redirect_to_url.return_url ?? null;
  if (intent.object === 'setup_intent') {
    if (yes) finishSetup(desk, intent);
    else failSetup(desk, intent, 'setup_intent_authentication_failure', null);
  } else if (yes) approve(desk, intent);
  else decline(desk, intent, 'payment_intent_authentication_failure', null);
  if (back !== null && /^https?:\/\//.test(back)) return { status: 303, type: HTML, body: '', headers: { location: back } };
  return { status: 200, type: HTML, body: yes ? '<p>Confirmed. You can go back to the app.</p>' : '<p>Refused. Nothing was confirmed.</p>' };
}
