// A scooter with an OMNI unit, at the end of a TCP connection: it speaks that maker's published protocol and has
// never heard of ours. Its bolt is the truth the gateway is measured by.
import { connect, type Socket } from 'node:net';

export class OmniScooter {
  bolt: 'open' | 'closed' = 'closed';
  bay: 'open' | 'closed' = 'closed';
  jammed = false;
  /** As a worse make has it. */
  locksWhileMoving = false;
  speedKmh = 0;
  chargePercent = 80;
  /** Frames it got, word by word. */
  readonly heard: string[] = [];
  /** Orders of these words are never answered. */
  readonly deafTo = new Set<string>();
  place: { latitude: number; longitude: number };
  private key: { value: string; dies: number } | null = null;
  private keys = 0;

  private constructor(private readonly imei: string, private readonly socket: Socket, place: { latitude: number; longitude: number }) {
    this.place = place;
    let rest = '';
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => {
      rest += bytes.toString('latin1');
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) this.hear(line);
    });
  }

  static async arrive(door: number, imei: string, place: { latitude: number; longitude: number }): Promise<OmniScooter> {
    const socket = connect(door, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    const scooter = new OmniScooter(imei, socket, place);
    scooter.say('Q0', 480, scooter.chargePercent, 28);
    return scooter;
  }

  /** The network is gone: no goodbye. */
  leave(): void {
    this.socket.destroy();
  }

  heartbeat(): void {
    this.say('H0', this.bolt === 'closed' ? 1 : 0, 480, 28, this.chargePercent, 0);
  }

  alarm(code: number): void {
    this.say('W0', code);
  }

  say(word: string, ...fields: readonly (string | number)[]): void {
    this.socket.write(`*SCOR,OM,${[this.imei, word, ...fields].join(',')}#\n`);
  }

  private hear(line: string): void {
    if (!line.startsWith('\u00ff\u00ff*SCOS,OM,')) throw new Error(`no frame of this protocol: ${line}`);
    const [, , imei, word = '', ...fields] = line.slice(2).replace(/#\s*$/, '').split(',');
    if (imei !== this.imei) throw new Error('a frame for somebody else');
    this.heard.push([word, ...fields].join(','));
    if (!this.deafTo.has(word)) this.answer(word, fields);
  }

  private answer(word: string, fields: readonly string[]): void {
    const [first = '', second = '', user = '', at = ''] = fields;
    if (word === 'R0') {
      this.key = { value: String((this.keys = (this.keys + 7) % 256)), dies: performance.now() + Number(second) * 1000 };
      this.say('R0', first, this.key.value, user, at);
      this.user = user;
    } else if ((word === 'L0' || word === 'L1') && fields.length > 0) this.turn(word, first);
    else if (word === 'S6') this.say('S6', this.chargePercent, 3, Math.round(this.speedKmh * 10), 0, 480, 480, this.bolt === 'closed' ? 1 : 0, 28, 100, 5000);
    else if (word === 'D0') this.say('D0', 0, '124458.00', 'A', ...minutes(this.place.latitude, 2, 'N', 'S'), ...minutes(this.place.longitude, 3, 'E', 'W'), 9, 0.9, '221126', 35, 'M', 'A');
    else if (word === 'V0') this.say('V0', first);
    else if (word === 'L5' && first === '1') {
      this.bay = 'open';
      this.say('L5', 1, 0);
    } else if (word === 'L5' && first === '33') this.say('L5', 33, this.bay === 'open' ? 0 : 16);
  }

  private user = '';

  private turn(word: 'L0' | 'L1', key: string): void {
    const isGood = this.key !== null && this.key.value === key && performance.now() < this.key.dies;
    this.key = null;
    const result = !isGood ? 2 : word === 'L1' && this.speedKmh > 0 && !this.locksWhileMoving ? 3 : this.jammed ? 1 : 0;
    if (result === 0) this.bolt = word === 'L0' ? 'open' : 'closed';
    this.say(word, result, this.user, 1_790_000_000, ...(word === 'L1' ? [3] : []));
  }
}

function minutes(value: number, digits: number, plus: string, minus: string): [string, string] {
  const whole = Math.floor(Math.abs(value));
  return [`${String(whole).padStart(digits, '0')}${((Math.abs(value) - whole) * 60).toFixed(5).padStart(8, '0')}`, value < 0 ? minus : plus];
}
