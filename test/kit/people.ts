// People of a test city, who come in by the public doors like everyone.
import { DEMO_PASSWORD } from './furniture.js';
import type { Answer, Asked } from './city-door.js';
import type { World } from './world.js';

export interface RideSeen extends Record<string, unknown> {
  id: string;
  state: string;
  startedAt: string | null;
  endedAt: string | null;
  fareCents: number | null;
  runningFareCents: number;
  refusal: { code: string; message: string; details: Record<string, unknown> } | null;
  failure: { code: string } | null;
  payment: { state: string; paidCents: number; debtCents: number };
  /** Only in the answers to a look at one ride. */
  offline?: { pass: string; code: string } | null;
}

let nextPerson = 1;

export class People {
  constructor(private readonly world: World) {}

  /** Signed up, phone proved, and a card that works unless another is named. */
  async rider({ card = 'pm_card_visa', birthDate = '1980-05-17' }: { card?: string | null; birthDate?: string } = {}): Promise<TestRider> {
    const number = nextPerson++;
    const phone = `+336${String(10_000_000 + number)}`;
    const email = `rider${String(number)}@example.org`;
    const body = { firstName: 'Camille', lastName: `Martin ${String(number)}`, email, phone, birthDate, language: 'fr' };
    const signedUp = await expectStatus(this.world.door.post<{ riderId: string }>('/rider/sign-up', { body }), 201);
    const code = await this.codeFor(phone);
    const verified = await expectStatus(this.world.door.post<{ token: string }>('/rider/verify-phone', { body: { phone, code } }), 200);
    const rider = new TestRider(this.world, signedUp.body.riderId, verified.body.token, phone);
    if (card !== null) await rider.addCard(card);
    return rider;
  }

  async codeFor(phone: string): Promise<string> {
    await this.world.until(() => this.world.sms.messagesTo(phone).length > 0, 'a text message');
    return /\b(\d{6})\b/.exec(this.world.sms.messagesTo(phone)[0]?.text ?? '')?.[1] ?? '';
  }

  async staff(name: 'operator' | 'support' | 'admin'): Promise<TestPerson> {
    const body = { email: `${name}@roue-libre.example`, password: DEMO_PASSWORD };
    const { body: session } = await expectStatus(this.world.door.post<{ token: string }>('/operator/sign-in', { body }), 200);
    return new TestPerson(this.world, session.token);
  }

  async crew(name = 'bastille'): Promise<TestPerson & { crewId: string }> {
    const body = { email: `crew-${name}@roue-libre.example`, password: DEMO_PASSWORD };
    const { body: session } = await expectStatus(this.world.door.post<{ token: string; crewId: string }>('/crew/sign-in', { body }), 200);
    return Object.assign(new TestPerson(this.world, session.token), { crewId: session.crewId });
  }
}

export class TestPerson {
  constructor(
    protected readonly world: World,
    readonly token: string,
  ) {}

  get<T = Record<string, unknown>>(path: string): Promise<Answer<T>> {
    return this.world.door.get(path, { token: this.token });
  }

  post<T = Record<string, unknown>>(path: string, body?: unknown, asked: Asked = {}): Promise<Answer<T>> {
    return this.world.door.post(path, { ...asked, token: this.token, ...(body === undefined ? {} : { body }) });
  }

  delete(path: string): Promise<Answer> {
    return this.world.door.ask('DELETE', path, { token: this.token });
  }
}

export class TestRider extends TestPerson {
  constructor(world: World, readonly riderId: string, token: string, readonly phone: string) {
    super(world, token);
  }

  /** As a phone does it: the service prepares, Stripe is told the card, the service looks again. */
  async addCard(paymentMethod: string): Promise<void> {
    const { body: setup } = await expectStatus(
      this.post<{ setupIntentId: string; clientSecret: string; publishableKey: string }>('/rider/card/setup', {}), [200, 201]);
    const form = new URLSearchParams({ client_secret: setup.clientSecret, payment_method: paymentMethod });
    const confirmed = await fetch(`${this.world.stripe.url}/v1/setup_intents/${setup.setupIntentId}/confirm`, {
      method: 'POST', body: form, headers: { authorization: `Bearer ${setup.publishableKey}` },
    });
    if (!confirmed.ok) throw new Error(`the card was not confirmed: ${await confirmed.text()}`);
    await expectStatus(this.post('/rider/card', { setupIntentId: setup.setupIntentId }), [200, 201]);
  }

  request(scooterId: string, asked: Asked = {}, acceptedHoldCents = 1000): Promise<Answer<RideSeen>> {
    return this.post('/rider/rides', { scooterId, acceptedHoldCents }, asked);
  }

  async ride(rideId: string): Promise<RideSeen> {
    return (await expectStatus(this.get<RideSeen>(`/rider/rides/${rideId}`), 200)).body;
  }

  /** Takes the scooter and waits until it is open. */
  async take(scooterId: string): Promise<RideSeen> {
    const { body } = await expectStatus(this.request(scooterId), 202);
    return this.until(body.id, 'riding');
  }

  async until(rideId: string, ...states: string[]): Promise<RideSeen> {
    let seen = await this.ride(rideId);
    await this.world.until(async () => {
      seen = await this.ride(rideId);
      return states.includes(seen.state);
    }, () => `a ride that is ${states.join(' or ')}: it is ${JSON.stringify(seen)}`);
    return seen;
  }
}

export async function expectStatus<T>(asked: Promise<Answer<T>>, status: number | readonly number[]): Promise<Answer<T>> {
  const answer = await asked;
  const wanted = typeof status === 'number' ? [status] : status;
  if (!wanted.includes(answer.status)) throw new Error(`${String(answer.status)} instead of ${wanted.join('/')}: ${JSON.stringify(answer.body)}`);
  return answer;
}
