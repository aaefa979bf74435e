// Riders with a card, who came in by the public doors as everybody does.
import { call, fewAtATime, mustAnswer } from './http-calls.mjs';

const AT_ONCE = 12;

/** @returns their session tokens. */
export function signUpRiders(count, doors) {
  return fewAtATime(
    AT_ONCE,
    Array.from({ length: count }, (_, number) => number),
    (number) => signUp(number, doors),
  );
}

async function signUp(number, { city, sms, stripe }) {
  const phone = `+336${10_000_000 + number}`;
  const person = {
    firstName: 'Camille',
    lastName: `Martin ${number}`,
    email: `rider${number}@example.org`,
    phone,
    birthDate: '1980-05-17',
    language: 'fr',
  };
  await mustAnswer(201, call('POST', `${city}/rider/sign-up`, { body: person }));
  const { token } = await mustAnswer(
    200,
    call('POST', `${city}/rider/verify-phone`, { body: { phone, code: await codeFor(phone, sms) } }),
  );
  const setup = await mustAnswer(201, call('POST', `${city}/rider/card/setup`, { token }));
  const form = { key: setup.publishableKey, client_secret: setup.clientSecret, payment_method: 'pm_card_visa' };
  await mustAnswer(200, call('POST', `${stripe.url}/v1/setup_intents/${setup.setupIntentId}/confirm`, { form }));
  await mustAnswer(201, call('POST', `${city}/rider/card`, { token, body: { setupIntentId: setup.setupIntentId } }));
  return token;
}

async function codeFor(phone, sms) {
  for (let look = 0; look < 200; look++) {
    const { items } = await mustAnswer(200, call('GET', `${sms}/messages?to=${encodeURIComponent(phone)}`));
    const code = /\b(\d{6})\b/.exec(items[0]?.text ?? '')?.[1];
    if (code !== undefined) return code;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('no text message came');
}
