// The words spoken between service and scooter, version 1: topics, messages, signature. The simulated
// scooter reads this file and nothing else of the service, and docs/asyncapi.json is generated from it.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
/** Each scooter reads only under `v1/down/<its id>/` (and `all`) and writes only under `v1/up/<its id>/`. */ export const topics = {
    commandsTo: (scooterId)=>`v1/down/${scooterId}/commands`,
    receiptsTo: (scooterId)=>`v1/down/${scooterId}/receipts`,
    helloToAll: 'v1/down/all/hello',
    telemetryFrom: (scooterId)=>`v1/up/${scooterId}/telemetry`,
    eventsFrom: (scooterId)=>`v1/up/${scooterId}/events`,
    presenceFrom: (scooterId)=>`v1/up/${scooterId}/presence`,
    everyTelemetry: 'v1/up/+/telemetry',
    everyEvent: 'v1/up/+/events',
    everyPresence: 'v1/up/+/presence'
};
/** A command lives at most this long, in real seconds; the scooter refuses one that claims more. */ export const COMMAND_LIVES_SECONDS = 15;
/** No message is larger than this, in bytes, in either direction. */ export const MAX_MESSAGE_BYTES = 4096;
/**
 * unlock/lock begin and end a ride; pause/resume keep it; `look` asks for the state of the end checks
 * with one fix; open_case is the helmet case; open_bay the battery bay; locate rings and flashes.
 */ export const CommandKind = z.enum([
    'unlock',
    'lock',
    'pause',
    'resume',
    'look',
    'open_case',
    'open_bay',
    'locate'
]);
/** Sent QoS 0, never retained, never queued. `notAfter` is epoch milliseconds of the city's clock. */ export const Command = z.strictObject({
    commandId: z.uuid(),
    scooterId: z.uuid(),
    kind: CommandKind,
    /** Rises with every command to this scooter; one that is not above the last obeyed is refused. */ nonce: z.int().min(1),
    notAfter: z.int().min(0),
    /** Hex HMAC-SHA-256 of `commandText` under the scooter's own 256-bit key. */ signature: z.string().regex(/^[0-9a-f]{64}$/)
});
export const Refused = z.enum([
    'bad_signature',
    'wrong_scooter',
    'expired',
    'too_far_ahead',
    'replayed',
    'moving',
    'jammed',
    'not_in_ride',
    'in_ride'
]);
export const Fix = z.strictObject({
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    accuracyM: z.number().min(0).max(10_000),
    ageS: z.number().min(0)
});
/** What the scooter's own sensors say: the lock sensor and not the lock's motor (a jammed lock is open). */ export const Sensors = z.strictObject({
    lock: z.enum([
        'open',
        'closed'
    ]),
    ignition: z.enum([
        'on',
        'off'
    ]),
    stand: z.enum([
        'up',
        'down'
    ]),
    helmet: z.enum([
        'in_case',
        'out'
    ]),
    case: z.enum([
        'open',
        'closed'
    ]),
    bay: z.enum([
        'open',
        'closed'
    ])
});
/**
 * Counted once and for ever: `boot` rises at each start of the unit, `seq` at each message of a boot,
 * so (boot, seq) orders everything a scooter said without asking any clock. `ageMs` says how long ago
 * it happened, in milliseconds of the city's time, counted by the unit's monotonic timer and renewed at
 * every resend.
 */ const Said = {
    boot: z.int().min(1),
    seq: z.int().min(1),
    ageMs: z.int().min(0)
};
/** A place that is none (out of bounds, not finite) becomes null; it must not cost us the message around it. */ const FixOrNull = Fix.nullable().catch(null);
/** Kept by the scooter and sent again until its receipt comes. `fix` only where promise D2 allows a place. */ export const ScooterEvent = z.discriminatedUnion('kind', [
    z.strictObject({
        ...Said,
        kind: z.literal('command_done'),
        commandId: z.uuid(),
        command: CommandKind,
        sensors: Sensors,
        fix: FixOrNull
    }),
    z.strictObject({
        ...Said,
        kind: z.literal('command_refused'),
        commandId: z.uuid(),
        reason: Refused,
        sensors: Sensors
    }),
    z.strictObject({
        ...Said,
        kind: z.literal('bay_opened')
    }),
    z.strictObject({
        ...Said,
        kind: z.literal('bay_closed'),
        batterySerial: z.string().min(1).max(40),
        chargePercent: z.number().min(0).max(100)
    }),
    z.strictObject({
        ...Said,
        kind: z.literal('moved_without_ride'),
        fix: FixOrNull
    }),
    z.strictObject({
        ...Said,
        kind: z.literal('fell'),
        fix: FixOrNull
    }),
    z.strictObject({
        ...Said,
        kind: z.literal('started'),
        reason: z.enum([
            'power_on',
            'reboot'
        ])
    })
]);
/**
 * The state now; the newest wins. A reading that is no finite number in its bounds becomes null, which
 * means unknown and is never taken for fine. Between unlock and lock `fix` is null: no place leaves the scooter.
 */ export const Telemetry = z.strictObject({
    ...Said,
    chargePercent: z.number().min(0).max(100).nullable().catch(null),
    rangeKm: z.number().min(0).max(300).nullable().catch(null),
    batterySerial: z.string().min(1).max(40),
    odometerM: z.int().min(0).max(2_000_000_000),
    sensors: Sensors,
    inRide: z.boolean(),
    fix: FixOrNull
});
/** Sent on connecting (true) and, as the MQTT last will, by the broker when the link breaks (false). */ export const Presence = z.strictObject({
    connected: z.boolean(),
    boot: z.int().min(1)
});
/** The service has committed this event; the scooter may forget it. */ export const Receipt = z.strictObject({
    boot: z.int().min(1),
    seq: z.int().min(1)
});
/** The service has just come (back); every scooter announces itself within ten real seconds. */ export const Hello = z.strictObject({
    at: z.int().min(0)
});
const utf8 = new TextDecoder('utf-8', {
    fatal: true
});
/**
 * The message in these bytes, or null when they hold none: too many of them, no UTF-8 (which
 * `Buffer.toString` would quietly repair), no JSON, or not in the words above.
 */ export function readMessage(schema, bytes) {
    if (bytes.byteLength > MAX_MESSAGE_BYTES) return null;
    try {
        const read = schema.safeParse(JSON.parse(utf8.decode(bytes)));
        return read.success ? read.data : null;
    } catch  {
        return null;
    }
}
/** The bytes under the signature: every field, in this order, one per line. */ export const commandText = (command)=>[
        'roue-libre/v1',
        command.commandId,
        command.scooterId,
        command.kind,
        command.nonce,
        command.notAfter
    ].join('\n');
export const signCommand = (keyHex, command)=>({
        ...command,
        signature: createHmac('sha256', Buffer.from(keyHex, 'hex')).update(commandText(command)).digest('hex')
    });
export function signatureHolds(keyHex, command) {
    const expected = createHmac('sha256', Buffer.from(keyHex, 'hex')).update(commandText(command)).digest();
    return timingSafeEqual(expected, Buffer.from(command.signature, 'hex'));
}

//# sourceMappingURL=wire.js.map
