// A living city whose parts are killed one after the other while people ride in it; it is started again on the same
// data, and whatever was begun must go on or end rightly.
import { Chance } from '../../firmware-sim/body/chance.js';
import { Auditor } from '../kit/auditor.js';
import { eventually, isAway, RealCity, type CityPart } from '../kit/real-city.js';

interface Seen { readonly id: string; readonly state: string; readonly scooterId: string }

const SCOOTERS = 20;
const SPEED = 20;
const BOTS = 4;
const RESTS_WITHIN_MS = 90_000;
/** Past these a ride is over, whatever became of it. */
const OVER = ['ended', 'failed'];

/** @throws Error when something was lost. */
export async function killing(seed: number, parts: readonly CityPart[], people: number): Promise<{ rides: number }> {
  const city = await RealCity.found({ scooters: SCOOTERS, speed: SPEED });
  const killed = new Killing(city, Chance.of(seed, 'killing'));
  try {
    await city.start({ riders: BOTS });
    await killed.gather(people);
    for (const part of parts) await killed.round(part);
    return await killed.rest();
  } catch (error) {
    throw new Error(`killing ${String(seed)}: ${String(error)}\nRepeat it with: KILL_SEED=${String(seed)} npm run storms\n${city.said.join('').slice(-4000)}`, { cause: error });
  } finally {
    await killed.leave();
    await city.leave();
  }
}

class Killing {
  private walkers: Walker[] = [];
  private auditor: Auditor | null = null;

  constructor(
    private readonly city: RealCity,
    private readonly chance: Chance,
  ) {}

  async gather(people: number): Promise<void> {
    this.walkers = await Promise.all(Array.from({ length: people }, (_, at) => Walker.signUp(this.city, `+3361200${String(1000 + at)}`)));
  }

  /** Some ride, some are just taking a scooter, some are just ending: then the kill. */
  async round(part: CityPart): Promise<void> {
    const free = (await (await this.audit()).ask<{ id: string }>(`select id from scooters where state = 'available' and connected order by id`)).map(({ id }) => id);
    const wishes = this.walkers.map((walker, at) => walker.take(free[at * 3] ?? ''));
    await Promise.all(wishes.slice(1));
    await new Promise((resolve) => setTimeout(resolve, this.chance.between(0, 400)));
    const ends = this.walkers.slice(2).map((walker) => walker.end());
    await new Promise((resolve) => setTimeout(resolve, this.chance.between(0, 60)));
    if (!this.city.kill(part)) throw new Error(`there is no ${part} to kill`);
    if (part === 'service') await this.city.start({ riders: BOTS });
    await this.city.ready();
    await Promise.all([...wishes, ...ends]);
    await Promise.all(this.walkers.map((walker) => walker.settle()));
    const broken = await (await this.audit()).broken();
    if (broken.length > 0) throw new Error(`broken after the kill of the ${part}:\n${broken.join('\n')}`);
  }

  /** Stopped in order and started without bots; whoever still has a ride takes out the phone and ends it. */
  async rest(): Promise<{ rides: number }> {
    await this.city.stop();
    await this.city.start({ riders: 0 });
    const auditor = await this.audit();
    let left: string[] = [];
    await eventually(async () => {
      const live = await auditor.ask<{ phone: string }>(
        `select phone from riders where id in (select rider_id from rides where state not in ('ended', 'failed'))`);
      for (const { phone } of live) await (await this.walkerOf(phone)).end();
      left = [...(await auditor.broken()), ...(await auditor.unfinished())];
      return left.length === 0;
    }, () => `a city at rest: ${left.join('\n')}`, RESTS_WITHIN_MS);
    const [row] = await auditor.ask<{ rides: number }>(`select count(*)::int as rides from rides where state = 'ended'`);
    return { rides: row?.rides ?? 0 };
  }

  async leave(): Promise<void> {
    await this.auditor?.leave().catch(() => undefined);
  }

  /** A new one each time: the database the last one spoke to may be dead. */
  private async audit(): Promise<Auditor> {
    await this.leave();
    this.auditor = await Auditor.sent({ databaseUrl: this.city.databaseUrl, stripeUrl: this.city.stripeUrl });
    return this.auditor;
  }

  private async walkerOf(phone: string): Promise<Walker> {
    const known = this.walkers.find((walker) => walker.phone === phone);
    if (known) return known;
    const walker = await Walker.signIn(this.city, phone);
    this.walkers.push(walker);
    return walker;
  }
}

/** A rider on foot in the real city: asks its doors, and asks again when nobody answers. */
class Walker {
  private rideId: string | null = null;

  private constructor(
    private readonly city: RealCity,
    readonly phone: string,
    private readonly token: string,
  ) {}

  static async signUp(city: RealCity, phone: string): Promise<Walker> {
    const body = { firstName: 'Dominique', lastName: 'Petit', email: `walker${phone.slice(-4)}@example.org`, phone, birthDate: '1980-05-17', language: 'fr' };
    await insist(() => city.door.post('/rider/sign-up', { body }));
    const walker = new Walker(city, phone, await tokenBy(city, phone, ''));
    const setup = await walker.ask<{ setupIntentId: string; clientSecret: string; publishableKey: string }>('POST', '/rider/card/setup', {});
    await insist(() => fetch(`${city.stripeUrl}/v1/setup_intents/${setup.setupIntentId}/confirm`, {
      method: 'POST', headers: { authorization: `Bearer ${setup.publishableKey}` },
      body: new URLSearchParams({ client_secret: setup.clientSecret, payment_method: 'pm_card_visa' }),
    }));
    await walker.ask('POST', '/rider/card', { setupIntentId: setup.setupIntentId });
    return walker;
  }

  static async signIn(city: RealCity, phone: string): Promise<Walker> {
    const before = await newestCode(city, phone);
    await insist(() => city.door.post('/rider/sign-in', { body: { phone } }));
    return new Walker(city, phone, await tokenBy(city, phone, before));
  }

  async take(scooterId: string): Promise<void> {
    const { id } = await this.ask<{ id?: string }>('POST', '/rider/rides', { scooterId, acceptedHoldCents: 1000 });
    if (id === undefined) return;
    this.rideId = id;
    await this.until((state) => state === 'riding' || state === 'unsure' || OVER.includes(state));
  }

  /** Parks and asks once; what comes of it is seen by `settle`. */
  async end(): Promise<void> {
    const ride = await this.current();
    if (ride?.state !== 'riding' && ride?.state !== 'paused') return;
    await this.park(ride.scooterId);
    await this.ask('POST', `/rider/rides/${ride.id}/end`, {});
  }

  /** Every ride that this person began goes on, can be ended, and is. */
  async settle(): Promise<void> {
    if (this.rideId === null) return;
    await eventually(async () => {
      await this.end();
      return OVER.includes(await this.state());
    }, () => `the end of ride ${this.rideId ?? ''}`, RESTS_WITHIN_MS);
    this.rideId = null;
  }

  private async until(reached: (state: string) => boolean): Promise<void> {
    await eventually(async () => reached(await this.state()), () => `an answer for ride ${this.rideId ?? ''}`, RESTS_WITHIN_MS);
  }

  private async state(): Promise<string> {
    return (await this.ask<Seen>('GET', `/rider/rides/${this.rideId ?? ''}`)).state;
  }

  private async current(): Promise<Seen | null> {
    const ride = await this.ask<Partial<Seen>>('GET', '/rider/rides/current');
    return ride.id === undefined ? null : (ride as Seen);
  }

  private async park(scooterId: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    await insist(() => fetch(`${this.city.streetUrl}/scooters/${scooterId}/park`, { method: 'POST', body: '{}', headers }));
  }

  /** One wish under one key, however often it has to be said. */
  private async ask<T>(method: string, path: string, body?: unknown): Promise<T> {
    const headers: Record<string, string> = method === 'POST' ? { 'idempotency-key': `${this.phone}-${String(performance.now())}` } : {};
    const asked = { token: this.token, headers, ...(body === undefined ? {} : { body }) };
    for (let tries = 1; ; tries++) {
      try {
        const answer = await this.city.door.ask<T & object>(method, path, asked);
        const isBusy = answer.status === 503 || answer.body.error?.code === 'idempotency_key_busy';
        if (!isBusy || answer.body.error?.code === 'broker_down') return answer.body;
        if (tries > 400) throw new Error(`${method} ${path}: ${String(answer.status)} ${JSON.stringify(answer.body)}`);
      } catch (error) {
        if (!isAway(error) || tries > 400) throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function newestCode(city: RealCity, phone: string): Promise<string> {
  const { items } = (await (await insist(() => fetch(`${city.smsUrl}/messages?to=${encodeURIComponent(phone)}`))).json()) as { items: { text: string; at: string }[] };
  return items[0] ? `${items[0].at} ${/\b(\d{6})\b/.exec(items[0].text)?.[1] ?? ''}` : '';
}

async function tokenBy(city: RealCity, phone: string, before: string): Promise<string> {
  let code = '';
  await eventually(async () => {
    code = await newestCode(city, phone);
    return code !== '' && code !== before;
  }, 'a text message', 20_000);
  const { body } = await city.door.post<{ token: string }>('/rider/verify-phone', { body: { phone, code: code.slice(-6) } });
  return body.token;
}

/** What was killed is coming back: whoever finds nobody there knocks again, for half a minute. */
async function insist<T>(knock: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await knock();
    } catch (error) {
      if (!isAway(error) || tries > 150) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
