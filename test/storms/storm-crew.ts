// A crew in a storm: goes to what is on its list, opens bays, changes packs, sometimes reports the wrong one first.
import type { Chance } from '../../firmware-sim/body/chance.js';
import type { TestPerson } from '../kit/people.js';
import type { Streets } from './storm-rider.js';

interface Stop { readonly id: string; readonly kind: string; readonly state: string; readonly scooterId: string }

export class StormCrew {
  private packs = 0;

  constructor(
    private readonly name: string,
    private readonly crew: TestPerson,
    private readonly chance: Chance,
    private readonly streets: Streets,
  ) {}

  async start(): Promise<void> {
    await this.crew.post('/crew/shift/start', { fullPacks: 8 });
  }

  async act(): Promise<void> {
    if (this.chance.happens(0.05)) {
      await this.crew.post('/crew/shift/end');
      await this.start();
    }
    const { status, body } = await this.crew.get<{ items: Stop[] }>('/crew/tasks');
    if (status !== 200) return;
    const stop = body.items[Math.floor(this.chance.next() * body.items.length)];
    if (stop) await this.workOn(stop);
  }

  private async workOn({ id, kind, state, scooterId }: Stop): Promise<void> {
    const unit = this.streets.scooters.find((scooter) => scooter.id === scooterId)?.unit;
    if (!unit) return;
    const task = `/crew/tasks/${id}`;
    if (state === 'assigned') {
      await this.crew.post(`${task}/arrive`, { position: unit.position });
      return;
    }
    if (kind === 'inspect') {
      unit.put({ thing: 'gauge', state: 'telling' });
      return;
    }
    if (unit.sensors.bay === 'open') {
      const [serialOut, serialIn] = [unit.batterySerial, `${this.name}-${String(this.packs++)}`];
      const wrong = this.chance.happens(0.3);
      const early = this.chance.happens(0.5);
      if (early) await this.crew.post(`${task}/report`, { serialOut, serialIn: wrong ? 'WRONG' : serialIn });
      unit.swap(serialIn, this.chance.between(80, 100));
      this.streets.note(`crew ${this.name} swaps ${serialOut} for ${serialIn}`);
      if (!early || wrong) await this.crew.post(`${task}/report`, { serialOut, serialIn });
    } else if (unit.chargePercent <= 0) {
      unit.put({ thing: 'bay', state: 'open' });
    } else {
      await this.crew.post(`${task}/open-bay`);
    }
  }
}
