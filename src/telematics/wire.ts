// The words spoken between service and scooter, version 1: topics, messages, signature. The simulated
// scooter reads this file and nothing else of the service, and docs/asyncapi.json is generated from it.
import {
  createCipheriv, createDecipheriv, createHmac, createPublicKey, hkdfSync, randomBytes, sign, timingSafeEqual, verify, type KeyObject,
} from 'node:crypto';
import { z } from 'zod';

/** Each scooter reads only under `v1/down/<its id>/` (and `all`) and writes only under `v1/up/<its id>/`. */
export const topics = {
  commandsTo: (scooterId: string) => `v1/down/${scooterId}/commands`,
  receiptsTo: (scooterId: string) => `v1/down/${scooterId}/receipts`,
  helloToAll: 'v1/down/all/hello',
  /** The one retained message of the city: a scooter that comes late still gets the newest zones. */
  zonesToAll: 'v1/down/all/zones',
  updatesTo: (scooterId: string) => `v1/down/${scooterId}/updates`,
  keysTo: (scooterId: string) => `v1/down/${scooterId}/keys`,
  telemetryFrom: (scooterId: string) => `v1/up/${scooterId}/telemetry`,
  eventsFrom: (scooterId: string) => `v1/up/${scooterId}/events`,
  presenceFrom: (scooterId: string) => `v1/up/${scooterId}/presence`,
  everyTelemetry: 'v1/up/+/telemetry',
  everyEvent: 'v1/up/+/events',
  everyPresence: 'v1/up/+/presence',
} as const;

/** A command lives at most this long, in real seconds; the scooter refuses one that claims more. */
export const COMMAND_LIVES_SECONDS = 15;
/** No message is larger than this, in bytes, in either direction; but for the zones. */
export const MAX_MESSAGE_BYTES = 4096;
export const MAX_ZONES_BYTES = 65_536;

/** Bounds of what can be true, so that no number a scooter makes up can break arithmetic or a column behind. */
const MOST_BOOTS = 2_147_483_647;
const TEN_YEARS_S = 315_576_000;
/** Printable ASCII; a NUL byte, for one, no database stores. */
const Serial = z.string().regex(/^[\x20-\x7e]{1,40}$/);

/**
 * unlock/lock begin and end a ride; pause/resume keep it; `look` asks for the state of the end checks
 * with one fix; open_case is the helmet case; open_bay the battery bay; locate rings and flashes.
 */
export const CommandKind = z.enum(['unlock', 'lock', 'pause', 'resume', 'look', 'open_case', 'open_bay', 'locate']);

/** Sent QoS 0, never retained, never queued. `notAfter` is epoch milliseconds of the city's clock. */
export const Command = z.strictObject({
  commandId: z.uuid(),
  scooterId: z.uuid(),
  kind: CommandKind,
  /** Rises with every command to this scooter; one that is not above the last obeyed is refused. */
  nonce: z.int().min(1),
  notAfter: z.int().min(0),
  /** Hex HMAC-SHA-256 of `commandText` under the scooter's own 256-bit key. */
  signature: z.string().regex(/^[0-9a-f]{64}$/),
});

export const Refused = z.enum([
  'bad_signature', 'wrong_scooter', 'expired', 'too_far_ahead', 'replayed', 'moving', 'jammed', 'not_in_ride', 'in_ride',
]);

export const Fix = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  accuracyM: z.number().min(0).max(10_000),
  ageS: z.number().min(0).max(TEN_YEARS_S),
});

/** What the scooter's own sensors say: the lock sensor and not the lock's motor (a jammed lock is open). */
export const Sensors = z.strictObject({
  lock: z.enum(['open', 'closed']),
  ignition: z.enum(['on', 'off']),
  stand: z.enum(['up', 'down']),
  helmet: z.enum(['in_case', 'out']),
  case: z.enum(['open', 'closed']),
  bay: z.enum(['open', 'closed']),
});

/**
 * Counted once and for ever: `boot` rises at each start of the unit, `seq` at each message of a boot,
 * so (boot, seq) orders everything a scooter said without asking any clock. `ageMs` says how long ago
 * it happened, in milliseconds of the city's time, counted by the unit's monotonic timer and renewed at
 * every resend.
 */
const Said = {
  boot: z.int().min(1).max(MOST_BOOTS),
  seq: z.int().min(1),
  ageMs: z.int().min(0).max(TEN_YEARS_S * 1000),
};

/** A place that is none (out of bounds, not finite) becomes null; it must not cost us the message around it. */
const FixOrNull = Fix.nullable().catch(null);

/** What the zones on board say of the place where it is; `unknown` without zones or without a good fix. */
export const ZoneState = z.enum(['unknown', 'outside', 'service', 'no_parking', 'no_ride', 'slow']);
/** Name of a firmware release. */
export const Release = z.string().regex(/^[0-9A-Za-z][0-9A-Za-z.+-]{0,39}$/);
const Version = z.int().min(1).max(2_147_483_647);

/**
 * Kept by the scooter and sent again until its receipt comes. `fix` only where promise D2 allows a place.
 * `local` is what a rider did without any network: by the button on the scooter (end only, while open), by
 * Bluetooth with the pass of the ride, or with its four digits on the keypad. It is said once no `command_done` and
 * no `local` before it waits for its receipt, so that a story is told in order. `power_lost` is the last gasp of a
 * unit whose current is gone; one that only restarts says `started` alone.
 */
export const ScooterEvent = z.discriminatedUnion('kind', [
  z.strictObject({ ...Said, kind: z.literal('command_done'), commandId: z.uuid(), command: CommandKind, sensors: Sensors, fix: FixOrNull }),
  z.strictObject({ ...Said, kind: z.literal('command_refused'), commandId: z.uuid(), reason: Refused, sensors: Sensors }),
  z.strictObject({ ...Said, kind: z.literal('bay_opened') }),
  z.strictObject({ ...Said, kind: z.literal('bay_closed'), batterySerial: Serial, chargePercent: z.number().min(0).max(100) }),
  z.strictObject({ ...Said, kind: z.literal('moved_without_ride'), fix: FixOrNull }),
  z.strictObject({ ...Said, kind: z.literal('fell'), fix: FixOrNull }),
  z.strictObject({ ...Said, kind: z.literal('started'), reason: z.enum(['power_on', 'reboot']), release: Release.optional() }),
  z.strictObject({
    ...Said, kind: z.literal('local'), doing: z.enum(['end', 'pause', 'resume']), by: z.enum(['button', 'bluetooth', 'keypad']),
    sensors: Sensors, fix: FixOrNull,
  }),
  z.strictObject({ ...Said, kind: z.literal('power_lost'), sensors: Sensors, fix: FixOrNull }),
  z.strictObject({ ...Said, kind: z.literal('zones_kept'), version: Version }),
  z.strictObject({ ...Said, kind: z.literal('zones_refused'), reason: z.enum(['bad_signature', 'unreadable', 'older']) }),
  z.strictObject({ ...Said, kind: z.literal('zone_entered'), zone: ZoneState, limitKmh: z.int().min(0).max(45).nullable() }),
  z.strictObject({
    ...Said, kind: z.literal('update'), release: Release, step: z.enum(['downloaded', 'installed', 'refused', 'rolled_back']),
    reason: z.enum(['bad_signature', 'bad_image', 'not_reached', 'in_ride', 'low_battery', 'bad_boot', 'not_newer']).nullable(),
  }),
  z.strictObject({ ...Said, kind: z.literal('key_kept'), keyId: Version }),
]);

/**
 * The state now; the newest wins. A reading that is no finite number in its bounds becomes null, which
 * means unknown and is never taken for fine. Between unlock and lock `fix` is null: no place leaves the scooter.
 */
export const Telemetry = z.strictObject({
  ...Said,
  chargePercent: z.number().min(0).max(100).nullable().catch(null),
  rangeKm: z.number().min(0).max(300).nullable().catch(null),
  batterySerial: Serial,
  odometerM: z.int().min(0).max(2_000_000_000),
  sensors: Sensors,
  inRide: z.boolean(),
  fix: FixOrNull,
  /** Whether the wheels turn; null from a unit that does not say. */
  moving: z.boolean().nullable().default(null),
  /** What the unit's own wall clock shows, epoch milliseconds: judged, never believed. */
  clockMs: z.int().min(0).max(8_640_000_000_000_000).nullable().default(null).catch(null),
});

/** Sent on connecting (true) and, as the MQTT last will, by the broker when the link breaks (false). */
export const Presence = z.strictObject({ connected: z.boolean(), boot: z.int().min(1).max(MOST_BOOTS) });

/** The service has committed this event; the scooter may forget it. */
export const Receipt = z.strictObject({ boot: z.int().min(1).max(MOST_BOOTS), seq: z.int().min(1) });

/** The service has just come (back); every scooter announces itself within ten real seconds. */
export const Hello = z.strictObject({ at: z.int().min(0) });

/** What is signed for every scooter at once: the signature covers these very bytes, so nobody has to agree on how JSON is written. */
export const Signed = z.strictObject({
  body: z.string().min(2).max(MAX_ZONES_BYTES),
  /** Hex Ed25519 under the service's key, whose public half each scooter got when it was made. */
  signature: z.string().regex(/^[0-9a-f]{128}$/),
});

/**
 * The body of `Signed` on the zones topic. Earlier wins: the first zone that holds the place decides; where none
 * does it is `outside`. A polygon is its rings (outer first, then holes), each a polyline with five decimals
 * (the public "encoded polyline" format), unclosed.
 */
export const ZoneSet = z.strictObject({
  version: Version,
  zones: z.array(z.strictObject({
    kind: z.enum(['service', 'no_parking', 'no_ride', 'slow']),
    limitKmh: z.int().min(0).max(45).nullable(),
    polygons: z.array(z.array(z.string().min(1)).min(1)).min(1),
  })).max(1000),
});

/**
 * The body of `Signed` on an updates topic: fetch it, check it, install it when nobody rides. It is for one scooter and
 * for some hours, so that an offer somebody has recorded is worth nothing elsewhere or later.
 */
export const UpdateOffer = z.strictObject({
  scooterId: z.uuid(),
  /** Epoch milliseconds of the city's clock. */
  notAfter: z.int().min(0),
  release: Release,
  url: z.url({ protocol: /^https?$/ }).max(500),
  sizeBytes: z.int().min(1).max(64 * 1024 * 1024),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

const IN_ORDER = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-rc\.(\d{1,9}))?$/;

/** Releases have an order (`2.0.0-rc.1` comes before `2.0.0`), and no scooter goes back in it. False too where one of the two has no place in it. */
export function isNewerRelease(release: string, than: string): boolean {
  const [a, b] = [IN_ORDER.exec(release), IN_ORDER.exec(than)];
  if (!a || !b) return false;
  const differ = [1, 2, 3, 4].map((at) => Number(a[at] ?? Infinity) - Number(b[at] ?? Infinity)).find((by) => by < 0 || by > 0);
  return differ !== undefined && differ > 0;
}

/** A new command key, sealed under the old one: hex of 12 bytes IV, 32 bytes key, 16 bytes tag (AES-256-GCM). */
export const KeyOffer = z.strictObject({ keyId: Version, sealed: z.string().regex(/^[0-9a-f]{120}$/) });

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The message in these bytes, or null when they hold none: too many of them, no UTF-8 (which
 * `Buffer.toString` would quietly repair), no JSON, or not in the words above.
 */
export function readMessage<T>(schema: z.ZodType<T>, bytes: Uint8Array, mostBytes = MAX_MESSAGE_BYTES): T | null {
  if (bytes.byteLength > mostBytes) return null;
  try {
    const read = schema.safeParse(JSON.parse(utf8.decode(bytes)));
    return read.success ? read.data : null;
  } catch {
    return null;
  }
}

export type CommandKind = z.infer<typeof CommandKind>;
export type Command = z.infer<typeof Command>;
export type Refused = z.infer<typeof Refused>;
export type Fix = z.infer<typeof Fix>;
export type Sensors = z.infer<typeof Sensors>;
export type ScooterEvent = z.infer<typeof ScooterEvent>;
export type Telemetry = z.infer<typeof Telemetry>;
export type Presence = z.infer<typeof Presence>;
export type Receipt = z.infer<typeof Receipt>;
export type Hello = z.infer<typeof Hello>;
export type ZoneState = z.infer<typeof ZoneState>;
export type Signed = z.infer<typeof Signed>;
export type ZoneSet = z.infer<typeof ZoneSet>;
export type UpdateOffer = z.infer<typeof UpdateOffer>;
export type KeyOffer = z.infer<typeof KeyOffer>;

/** The bytes under the signature: every field, in this order, one per line. */
export const commandText = (command: Omit<Command, 'signature'>): string =>
  ['roue-libre/v1', command.commandId, command.scooterId, command.kind, command.nonce, command.notAfter].join('\n');

export const signCommand = (keyHex: string, command: Omit<Command, 'signature'>): Command => ({
  ...command,
  signature: createHmac('sha256', Buffer.from(keyHex, 'hex')).update(commandText(command)).digest('hex'),
});

export function signatureHolds(keyHex: string, command: Command): boolean {
  const expected = createHmac('sha256', Buffer.from(keyHex, 'hex')).update(commandText(command)).digest();
  return timingSafeEqual(expected, Buffer.from(command.signature, 'hex'));
}

const hmacOf = (keyHex: string, ...lines: readonly (string | number)[]): Buffer =>
  createHmac('sha256', Buffer.from(keyHex, 'hex')).update(lines.join('\n')).digest();

/**
 * What a rider's phone keeps for the day the network is gone: proof to this scooter, and to no other, that its
 * bearer has the ride that this unlock began. It needs no clock: it is worth nothing once that ride is over.
 */
export const ridePass = (keyHex: string, scooterId: string, unlockNonce: number): string =>
  hmacOf(keyHex, 'roue-libre/v1/pass', scooterId, unlockNonce).toString('hex');

/** The same for fingers: four digits for the keypad, which locks up after a few wrong tries. */
export const keypadCode = (keyHex: string, scooterId: string, unlockNonce: number): string =>
  String(hmacOf(keyHex, 'roue-libre/v1/code', scooterId, unlockNonce).readUInt32BE(0) % 10_000).padStart(4, '0');

/** `what` is the last word of the topic, so that a signature for zones signs no update. */
const signedText = (what: 'zones' | 'updates', body: string): Buffer => Buffer.from(`roue-libre/v1/${what}\n${body}`);

export const signBody = (key: KeyObject, what: 'zones' | 'updates', body: string): Signed => ({
  body, signature: sign(null, signedText(what, body), key).toString('hex'),
});

/** `serviceKeyHex` is the raw public key, 32 bytes. */
export function bodyHolds(serviceKeyHex: string, what: 'zones' | 'updates', { body, signature }: Signed): boolean {
  const key = createPublicKey({ key: Buffer.from(`302a300506032b6570032100${serviceKeyHex}`, 'hex'), format: 'der', type: 'spki' });
  return verify(null, signedText(what, body), key, Buffer.from(signature, 'hex'));
}

const SEAL = 'aes-256-gcm';
const sealingKey = (oldKeyHex: string): Buffer =>
  Buffer.from(hkdfSync('sha256', Buffer.from(oldKeyHex, 'hex'), '', 'roue-libre/v1/key', 32));

export function sealKey(oldKeyHex: string, scooterId: string, keyId: number, newKeyHex: string): KeyOffer {
  const iv = randomBytes(12);
  const cipher = createCipheriv(SEAL, sealingKey(oldKeyHex), iv).setAAD(Buffer.from(`${scooterId}\n${String(keyId)}`));
  const sealed = Buffer.concat([iv, cipher.update(newKeyHex, 'hex'), cipher.final(), cipher.getAuthTag()]);
  return { keyId, sealed: sealed.toString('hex') };
}

/** The new key (hex), or null when it was not sealed for this scooter under this key. */
export function openKey(oldKeyHex: string, scooterId: string, { keyId, sealed }: KeyOffer): string | null {
  const bytes = Buffer.from(sealed, 'hex');
  const cipher = createDecipheriv(SEAL, sealingKey(oldKeyHex), bytes.subarray(0, 12))
    .setAAD(Buffer.from(`${scooterId}\n${String(keyId)}`)).setAuthTag(bytes.subarray(44));
  try {
    return Buffer.concat([cipher.update(bytes.subarray(12, 44)), cipher.final()]).toString('hex');
  } catch {
    return null;
  }
}
