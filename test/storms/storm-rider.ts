// A rider in a storm: does what riders do, in any order and sometimes twice at once, and takes every answer as it comes.
import type { Chance } from '../../firmware-sim/body/chance.js';
import type { Position } from '../../firmware-sim/body/geo.js';
import type { Answer } from '../kit/city-door.js';
import type { TestScooter } from '../kit/garage.js';
import type { RideSeen, TestRider } from '../kit/people.js';
import { BASTILLE, LOUVRE, NEUILLY } from '../kit/places.js';

export interface Streets {
  readonly scooters: readonly TestScooter[];
  note(line: string): void;
}
type Reserved = Answer<{ id: string; scooterId: string }>;

/** A few hundred metres; nobody wants to wait for a long ride in a storm. */
const NEAR_DEGREES = 0.004;

export class StormRider {
  private tries = 0;

  constructor(
    readonly rider: TestRider,
    private readonly chance: Chance,
    private readonly streets: Streets,
  ) {}

  /** One thing a rider does. */
  async act(): Promise<void> {
    const { status, body } = await this.rider.get<RideSeen & { scooterId: string }>('/rider/rides/current');
    if (status === 200) await this.inRide(body, this.scooter(body.scooterId));
    else if (status === 404) await this.free();
  }

  /** Parks where one may and ends; true when there is no ride any more. */
  async goHome(): Promise<boolean> {
    const { status, body } = await this.rider.get<RideSeen & { scooterId: string }>('/rider/rides/current');
    if (status !== 200) return status === 404;
    if (body.state !== 'riding' && body.state !== 'paused') return false;
    const unit = this.scooter(body.scooterId)?.unit;
    if (!unit || unit.underway) return false;
    const refused = body.refusal?.code ?? '';
    if (refused !== '') this.note(`may not end ${body.id}: ${refused}`);
    const isWrongPlace = ['parking_forbidden', 'outside_service_area'].includes(refused);
    if (isWrongPlace && body.state === 'paused') await this.wish(body.id, 'resume');
    else if (!isWrongPlace || unit.ride({ waypoints: [near(BASTILLE, this.chance)] }) !== null) {
      unit.park();
      await this.wish(body.id, 'end');
    }
    return false;
  }

  private async free(): Promise<void> {
    const dice = this.chance.next();
    if (dice < 0.25) return this.reserve();
    if (dice < 0.32) return this.payDebts();
    const held = await this.rider.get<{ id: string; scooterId: string }>('/rider/reservations/current');
    if (held.status === 200 && dice < 0.5) {
      this.note(`cancels ${held.body.id}: ${String((await this.rider.delete(`/rider/reservations/${held.body.id}`)).status)}`);
      return;
    }
    await this.request(held.status === 200 ? held.body.scooterId : await this.seen());
  }

  private async reserve(): Promise<void> {
    const { id, plate } = this.anyScooter();
    const { status, body }: Reserved = await this.rider.post('/rider/reservations', { scooterId: id });
    this.note(`reserves ${plate}: ${said(status, body)}`);
  }

  /** A tap; the same tap twice; two taps; or two phones that want two scooters. */
  private async request(scooterId: string): Promise<void> {
    const once = { headers: { 'idempotency-key': `${this.rider.riderId}-${String(this.tries++)}` } };
    const dice = this.chance.next();
    const other = dice > 0.85 ? this.anyScooter().id : scooterId;
    const taps = dice < 0.5 ? [this.rider.request(scooterId, once)]
      : dice < 0.7 ? [this.rider.request(scooterId, once), this.rider.request(scooterId, once)]
        : [this.rider.request(scooterId), this.rider.request(other)];
    const answers = await Promise.all(taps);
    this.note(`wants ${scooterId}${taps.length > 1 ? ' twice' : ''}: ${answers.map(({ status, body }) => said(status, body)).join(', ')}`);
    // What came of it is unknown: the same phone asks again with the same key.
    if (answers[0] && answers[0].status >= 500 && dice < 0.7) await this.rider.request(scooterId, once);
  }

  private async payDebts(): Promise<void> {
    const { body } = await this.rider.get<{ items?: { id: string; state?: string }[] }>('/rider/debts');
    const open = body.items?.find(({ state }) => state !== 'paid');
    if (open) this.note(`pays a debt: ${String((await this.rider.post(`/rider/debts/${open.id}/pay`, {})).status)}`);
  }

  private async inRide({ id, state }: RideSeen, scooter: TestScooter | undefined): Promise<void> {
    if (!scooter) return;
    const dice = this.chance.next();
    if (state === 'paused') return this.wish(id, dice < 0.6 ? 'resume' : 'end');
    if (state !== 'riding') return dice < 0.1 ? this.wish(id, 'end') : undefined;
    if (dice < 0.35) { this.drive(scooter); return; }
    if (dice < 0.5) return this.wish(id, 'pause');
    if (dice < 0.65) scooter.unit.put({ thing: 'helmet', state: 'out' });
    else scooter.unit.park();
    return this.wish(id, 'end');
  }

  private drive({ unit, plate }: TestScooter): void {
    const goal = this.chance.happens(0.15) ? LOUVRE : near(this.chance.happens(0.9) ? unit.position : NEUILLY, this.chance);
    this.note(`rides ${plate}: ${unit.ride({ waypoints: [goal] }) ?? 'off'}`);
  }

  private async wish(rideId: string, wish: 'pause' | 'resume' | 'end'): Promise<void> {
    const asked = this.chance.happens(0.2) ? [1, 2] : [1];
    const answers = await Promise.all(asked.map(() => this.rider.post<RideSeen>(`/rider/rides/${rideId}/${wish}`)));
    this.note(`${wish}s ${rideId}: ${answers.map(({ status, body }) => said(status, body)).join(', ')}`);
  }

  private scooter(id: string): TestScooter | undefined {
    return this.streets.scooters.find((scooter) => scooter.id === id);
  }

  /** One from the map, mostly; sometimes one that is not on it. */
  private async seen(): Promise<string> {
    const { latitude, longitude } = BASTILLE;
    const { body } = await this.rider.get<{ items?: { id: string }[] }>(`/rider/scooters?latitude=${String(latitude)}&longitude=${String(longitude)}&radiusM=2000`);
    const items = this.chance.happens(0.8) ? (body.items ?? []) : [];
    return items[Math.floor(this.chance.next() * items.length)]?.id ?? this.anyScooter().id;
  }

  private anyScooter(): TestScooter {
    const { scooters } = this.streets;
    const [first] = scooters;
    if (!first) throw new Error('a city without scooters');
    return scooters[Math.floor(this.chance.next() * scooters.length)] ?? first;
  }

  private note(line: string): void {
    this.streets.note(`rider ${this.rider.phone.slice(-3)} ${line}`);
  }
}

export const near = (place: Position, chance: Chance): Position => ({
  latitude: place.latitude + chance.between(-NEAR_DEGREES, NEAR_DEGREES),
  longitude: place.longitude + chance.between(-NEAR_DEGREES, NEAR_DEGREES),
});

const said = (status: number, body: { error?: { code: string } }): string => body.error?.code ?? String(status);
