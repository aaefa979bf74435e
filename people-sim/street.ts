// What a person does with hands and feet beside a scooter: look, ride, park, swap a pack. This is the
// physical door of the simulated fleet; the service never sees it.
import { Beside, Nothing } from './answers.js';
import type { CityClient } from './city-client.js';
import type { CityClock } from './city-clock.js';
import { metersApart, type Place } from './place.js';
import { lengthM } from './route.js';

/** What one usually gets through a city with, lights included: 25 km/h. */
const METERS_PER_SECOND = 7;
const THERE_M = 40;
/** With an empty battery it stands in the middle of its way; standing this long is not a red light any more. */
const STUCK_SECONDS = 180;
const STUCK_LOOKS = 4;

export type Thing = 'ignition' | 'stand' | 'helmet' | 'case' | 'gauge' | 'bay';

export class Street {
  constructor(
    private readonly door: CityClient,
    private readonly clock: CityClock,
  ) {}

  look(scooterId: string): Promise<Beside> {
    return this.door.ask({ path: `/scooters/${scooterId}`, answer: Beside });
  }

  /** Rides the whole way, and says whether it got there. */
  async ride(scooterId: string, route: readonly Place[]): Promise<boolean> {
    const goal = route.at(-1);
    if (!goal || route.length < 2) return true;
    await this.tell(scooterId, 'ride', { waypoints: route });
    await this.clock.sleep(lengthM(route) / METERS_PER_SECOND);
    let stood: { readonly at: Place; readonly since: number; looks: number } | null = null;
    for (;;) {
      const { position, speedKmh, underway } = await this.look(scooterId);
      if (!underway) return metersApart(position, goal) < THERE_M;
      const now = this.clock.now().getTime();
      if (speedKmh > 0 || stood === null || metersApart(position, stood.at) > 5)
        stood = { at: position, since: now, looks: 0 };
      stood.looks += 1;
      if (stood.looks > STUCK_LOOKS && now - stood.since > STUCK_SECONDS * 1000) return false;
      await this.clock.sleepBetween(20, 400, 5000);
    }
  }

  /** Ignition off, stand down, helmet in, case closed. */
  async park(scooterId: string): Promise<void> {
    await this.tell(scooterId, 'park', {});
  }

  async put(scooterId: string, thing: Thing, state: string): Promise<void> {
    await this.tell(scooterId, 'put', { thing, state });
  }

  /** Only into an open bay; the bay is closed again afterwards. */
  async swap(scooterId: string, pack: { serial: string; chargePercent: number }): Promise<void> {
    await this.tell(scooterId, 'swap', pack);
  }

  private async tell(scooterId: string, what: string, body: unknown): Promise<void> {
    await this.door.ask({ method: 'POST', path: `/scooters/${scooterId}/${what}`, body, answer: Nothing });
  }
}
