// Reads a tape of the broker like somebody who wants to know where riders go: which messages between a scooter's
// unlock and its lock tell a place, and which of them are allowed to (promises D1 and G1).
import type { Heard } from './broker-tap.js';

/** What the law of the house lets tell a place during a ride; the two ends of a ride stand on its border. */
export type Allowed = 'unlock' | 'lock' | 'look' | 'end' | 'fell' | 'power_lost';

export interface Findings {
  readonly rides: number;
  /** Messages strictly inside a ride. */
  readonly inside: number;
  readonly allowed: Readonly<Record<Allowed, number>>;
  readonly leaks: readonly Heard[];
}

interface Said {
  readonly heard: Heard;
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
  readonly order: number;
}

/** Boots and sequence numbers of a test stay far below these; one number orders everything a scooter said. */
const BOOT = 1e9;
const UP = /^v1\/up\/([^/]+)\/(telemetry|events|presence)$/;

export function placesTold(tape: readonly Heard[]): Findings {
  const findings = { rides: 0, inside: 0, allowed: { unlock: 0, lock: 0, look: 0, end: 0, fell: 0, power_lost: 0 }, leaks: [] as Heard[] };
  for (const said of byScooter(tape).values()) judge(said, findings);
  return findings;
}

function byScooter(tape: readonly Heard[]): Map<string, Said[]> {
  const all = new Map<string, Said[]>();
  for (const heard of tape) {
    const [, scooterId, kind] = UP.exec(heard.topic) ?? [];
    if (scooterId === undefined || kind === undefined) continue;
    const body = JSON.parse(heard.text) as Record<string, unknown>;
    const order = kind === 'presence' ? NaN : Number(body['boot']) * BOOT + Number(body['seq']);
    all.set(scooterId, [...(all.get(scooterId) ?? []), { heard, kind, body, order }]);
  }
  return all;
}

function judge(said: readonly Said[], findings: { rides: number; inside: number; allowed: Record<Allowed, number>; leaks: Heard[] }): void {
  const rides = ridesOf(said);
  findings.rides += rides.length;
  const counted = new Set<number>();
  for (const message of said) {
    const isInside = rides.some(({ from, to }) => message.order > from && message.order < to);
    const isBorder = rides.some(({ from, to }) => message.order === from || message.order === to);
    if (isInside) findings.inside += 1;
    if (!tellsPlace(message.body)) continue;
    const allowed = allowedAs(message);
    // Presence is never numbered, so it is taken for said in a ride whenever it was said.
    const isFree = !isInside && !isBorder && message.kind !== 'presence';
    if (isFree || counted.has(message.order)) continue;
    if (allowed === null) findings.leaks.push(message.heard);
    else {
      counted.add(message.order);
      findings.allowed[allowed] += 1;
    }
  }
}

/** From unlock to the end, by the scooter's own numbers: messages that were sent again late still belong where they were said. */
function ridesOf(said: readonly Said[]): { from: number; to: number }[] {
  const rides: { from: number; to: number }[] = [];
  let from: number | null = null;
  for (const message of [...said].filter(({ kind }) => kind === 'events').sort((a, b) => a.order - b.order)) {
    const what = allowedAs(message);
    if (what === 'unlock') from ??= message.order;
    if ((what === 'lock' || what === 'end') && from !== null) {
      rides.push({ from, to: message.order });
      from = null;
    }
  }
  return from === null ? rides : [...rides, { from, to: Infinity }];
}

function allowedAs({ kind, body }: Said): Allowed | null {
  if (kind !== 'events') return null;
  if (body['kind'] === 'fell' || body['kind'] === 'power_lost') return body['kind'];
  if (body['kind'] === 'local') return body['doing'] === 'end' ? 'end' : null;
  const command = body['kind'] === 'command_done' ? body['command'] : null;
  return command === 'unlock' || command === 'lock' || command === 'look' ? command : null;
}

const PLACE_NAMES = /^(fix|pos|position|place|location|lat|latitude|lon|lng|long|longitude|coords?|coordinates|geo.*|accuracy.*|heading|course)$/i;
/** Whole numbers that count other things and may be of any size. */
const COUNTS = new Set(['boot', 'seq', 'ageMs', 'odometerM', 'clockMs', 'version', 'keyId']);
/** Around the city, as degrees and as the whole numbers receivers and polylines write for them. */
const LATITUDES = [48.3, 49.4] as const;
const LONGITUDES = [1.5, 3.2] as const;
const SCALES = [1e5, 1e6, 1e7];

export function tellsPlace(value: unknown, name = ''): boolean {
  if (value === null || value === undefined) return false;
  if (PLACE_NAMES.test(name)) return true;
  if (typeof value === 'number') return !COUNTS.has(name) && isLikeCoordinate(value);
  if (typeof value === 'string') return /(?<![\d.])(4[89]\.\d{3,}|[123]\.\d{4,})/.test(value);
  if (typeof value !== 'object') return false;
  return Object.entries(value).some(([key, inner]) => tellsPlace(inner, Array.isArray(value) ? name : key));
}

function isLikeCoordinate(number: number): boolean {
  const isWithin = (degrees: number, [least, most]: readonly [number, number]): boolean => degrees >= least && degrees <= most;
  // Readings are rounded to two decimals; a place that is would be a kilometre wide.
  const isFine = Math.abs(number * 100 - Math.round(number * 100)) > 1e-6;
  if (isFine && (isWithin(number, LATITUDES) || isWithin(number, LONGITUDES))) return true;
  return Number.isInteger(number) && SCALES.some((scale) => isWithin(number / scale, LATITUDES) || isWithin(number / scale, LONGITUDES));
}
