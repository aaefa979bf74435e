// Whether the unit has current and coverage. When its current goes it has a breath left for one last word, unless
// it was cut too suddenly; what it could not say stays in flash. With current back it starts anew.
export interface Powered {
  lastGasp(): void;
  start(): void;
  loseNetwork(): void;
  findNetwork(): void;
}

/** What a capacitor of a few cents holds out, in real milliseconds. */
const LAST_BREATH_MS = 250;

export class Power {
  private gone: 'cut' | 'drained' | null = null;
  private covered = true;
  private breath: NodeJS.Timeout | null = null;

  constructor(private readonly unit: Powered) {}

  get isOff(): boolean {
    return this.gone !== null;
  }

  /** The plug is pulled, or a fuse blows. */
  cut(lastGasp: boolean): void {
    this.goDark('cut', lastGasp);
  }

  back(): void {
    if (this.gone === null) return;
    this.gone = null;
    this.release();
    this.unit.start();
    if (this.covered) this.unit.findNetwork();
  }

  /** An empty pack feeds nobody, a fresh one wakes the unit. */
  follow(chargePercent: number, lastGasp: boolean): void {
    if (chargePercent <= 0) this.goDark('drained', lastGasp);
    else if (this.gone === 'drained') this.back();
  }

  loseNetwork(): void {
    this.covered = false;
    this.unit.loseNetwork();
  }

  findNetwork(): void {
    this.covered = true;
    if (!this.isOff) this.unit.findNetwork();
  }

  release(): void {
    if (this.breath !== null) clearTimeout(this.breath);
    this.breath = null;
  }

  private goDark(why: 'cut' | 'drained', lastGasp: boolean): void {
    if (this.gone !== null) return;
    if (lastGasp) this.unit.lastGasp();
    this.gone = why;
    if (lastGasp) this.breath = setTimeout(() => this.unit.loseNetwork(), LAST_BREATH_MS);
    else this.unit.loseNetwork();
  }
}
