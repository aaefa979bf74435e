// The bench of a simulated unit: the street's HTTP door, where hands and eyes need no network of the scooter.
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { NotJudged } from './finding.js';
import { type Bolt, type OwnClock, type Rig } from './rig.js';

const Seen = z.object({
  lock: z.enum(['open', 'closed']),
  speedKmh: z.number(),
  underway: z.boolean(),
  position: z.object({ latitude: z.number(), longitude: z.number() }),
});
type Seen = z.infer<typeof Seen>;

const ANSWERS_WITHIN_MS = 5_000;
const MOVES_WITHIN_MS = 20_000;
const LOOK_AGAIN_MS = 50;
/** About 20 m north: long enough to be caught moving, short enough to wait for. */
const A_SHORT_WAY_DEGREES = 0.00018;
const GENTLY_KMH = 15;

export class StreetRig implements Rig {
  readonly tireless = true;
  private readonly home: string;

  constructor(streetUrl: string, scooterId: string) {
    this.home = `${streetUrl.replace(/\/$/, '')}/scooters/${scooterId}`;
  }

  async bolt(): Promise<Bolt> {
    return (await this.look()).lock;
  }
  reboot(): Promise<void> {
    return this.act('reboot', {});
  }
  cutPower(): Promise<void> {
    return this.act('power', { state: 'cut', lastGasp: false });
  }
  restorePower(): Promise<void> {
    return this.act('power', { state: 'back' });
  }
  factoryReset(): Promise<void> {
    return this.act('reset', {});
  }
  setClock(to: OwnClock): Promise<void> {
    return this.act('clock', to === 'right' ? null : to);
  }
  loseNetwork(): Promise<void> {
    return this.act('network', { state: 'lost' });
  }
  findNetwork(): Promise<void> {
    return this.act('network', { state: 'found' });
  }
  jamBolt(): Promise<void> {
    return this.act('put', { thing: 'bolt', state: 'jammed' });
  }
  freeBolt(): Promise<void> {
    return this.act('put', { thing: 'bolt', state: 'free' });
  }

  async setOff(): Promise<void> {
    const { position } = await this.look();
    const ahead = { latitude: position.latitude + A_SHORT_WAY_DEGREES, longitude: position.longitude };
    await this.act('ride', { waypoints: [ahead], cruiseKmh: GENTLY_KMH });
    await this.until('it does not set off', ({ speedKmh }) => speedKmh > 1);
  }

  async stop(): Promise<void> {
    await this.until('it does not come to a stand', ({ underway }) => !underway);
    await this.act('park', {});
  }

  private async until(otherwise: string, holds: (seen: Seen) => boolean): Promise<void> {
    const deadlineMs = performance.now() + MOVES_WITHIN_MS;
    while (!holds(await this.look())) {
      if (performance.now() > deadlineMs) throw new NotJudged(`In the street ${otherwise}.`);
      await pause(LOOK_AGAIN_MS);
    }
  }

  private async look(): Promise<Seen> {
    return Seen.parse(await this.call(this.home, { method: 'GET' }));
  }

  private async act(deed: string, body: object | null): Promise<void> {
    await this.call(`${this.home}/${deed}`, {
      method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' },
    });
  }

  private async call(url: string, request: RequestInit): Promise<unknown> {
    const answer = await fetch(url, { ...request, signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
    const text = await answer.text();
    if (!answer.ok) throw new NotJudged(`The street would not: ${text.slice(0, 200)}`);
    return JSON.parse(text);
  }
}
