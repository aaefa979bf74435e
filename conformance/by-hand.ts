// The bench of a real unit: a person beside it is asked to do something, or to look. `skip` says that it
// cannot be done here; then the vector is not judged.
import { NotJudged } from './finding.js';
import { type Bolt, type OwnClock, type Rig } from './rig.js';

/** Asks one question and comes back with what was typed; null when nobody is there any more. */
export type Ask = (question: string) => Promise<string | null>;

export class ByHand implements Rig {
  readonly tireless = false;

  constructor(
    private readonly ask: Ask,
    private readonly nowMs: () => number,
  ) {}

  async bolt(): Promise<Bolt> {
    for (;;) {
      const typed = await this.hear('Look at the bolt: is it open or closed? [open/closed/skip]');
      if (typed === 'open' || typed === 'closed') return typed;
    }
  }
  reboot(): Promise<void> {
    return this.please('Restart the unit (its reset button, or its service menu).');
  }
  cutPower(): Promise<void> {
    return this.please('Pull the plug of the unit, and its buffer battery if it has one.');
  }
  restorePower(): Promise<void> {
    return this.please('Put the plug of the unit back.');
  }
  factoryReset(): Promise<void> {
    return this.please('Reset the unit to what it was when it left the factory, as its manual says.');
  }
  setClock(to: OwnClock): Promise<void> {
    if (to === 'right') return this.please("Set the unit's own clock right again, and let it follow the network or satellites.");
    const at = new Date('atMs' in to ? to.atMs : this.nowMs() + to.byMs).toISOString();
    return this.please(`Keep the unit's own clock from following network and satellites, and set it to ${at}.`);
  }
  loseNetwork(): Promise<void> {
    return this.please("Take the unit's network away (unscrew the antenna, close the shielded box).");
  }
  findNetwork(): Promise<void> {
    return this.please("Give the unit's network back.");
  }
  jamBolt(): Promise<void> {
    return this.please('Block the bolt so that it cannot move (a wedge; the motor must survive it).');
  }
  freeBolt(): Promise<void> {
    return this.please('Free the bolt.');
  }
  setOff(): Promise<void> {
    return this.please('Lift the driven wheel, let it turn and keep it turning.');
  }
  stop(): Promise<void> {
    return this.please('Let the wheel stand, and switch off.');
  }

  private async please(what: string): Promise<void> {
    await this.hear(`${what} [Enter when done, or skip]`);
  }

  private async hear(question: string): Promise<string> {
    const typed = (await this.ask(question))?.trim().toLowerCase() ?? 'skip';
    if (typed === 'skip') throw new NotJudged(`Nobody could do this: ${question.replace(/ \[.*$/, '')}`);
    return typed;
  }
}
