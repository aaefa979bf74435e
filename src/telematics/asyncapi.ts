// The AsyncAPI 3.0 description of the link, built from the very schemas that read the messages, so that it
// cannot say anything else than they do. docs/asyncapi.json is its output.
import { z } from 'zod';
import {
  COMMAND_LIVES_SECONDS, Command, Hello, KeyOffer, MAX_MESSAGE_BYTES, MAX_ZONES_BYTES, Presence, Receipt, ScooterEvent, Signed, Telemetry, topics,
} from './wire.js';

const SCOOTER_ID = '{scooterId}';

interface Spoken {
  readonly address: string;
  readonly schema: z.ZodType;
  /** Seen from the service. */
  readonly action: 'send' | 'receive';
  readonly qos: 0 | 1;
  readonly title: string;
  readonly description: string;
  readonly retained?: boolean;
}

const spoken: Readonly<Record<string, Spoken>> = {
  command: {
    address: topics.commandsTo(SCOOTER_ID), schema: Command, action: 'send', qos: 0, title: 'An order to one scooter',
    description: `Never retained and never queued; dead after ${String(COMMAND_LIVES_SECONDS)} seconds. The signature is the hex HMAC-SHA-256, `
      + 'under the key of this scooter, of these lines joined by a line feed: roue-libre/v1, commandId, scooterId, kind, nonce, notAfter.',
  },
  receipt: {
    address: topics.receiptsTo(SCOOTER_ID), schema: Receipt, action: 'send', qos: 0, title: 'An event is stored',
    description: 'Sent after the commit, again for every repetition. Until it comes the scooter keeps the event and sends it again.',
  },
  hello: {
    address: topics.helloToAll, schema: Hello, action: 'send', qos: 0, title: 'The service is back',
    description: 'Every scooter answers with its presence and telemetry, at a random moment of the next ten real seconds.',
  },
  zones: {
    address: topics.zonesToAll, schema: Signed, action: 'send', qos: 1, title: 'The zones in force', retained: true,
    description: `The one retained message, of at most ${String(MAX_ZONES_BYTES)} bytes. The body is JSON (ZoneSet): earlier wins, rings are encoded `
      + 'polylines. The signature is Ed25519 under the key of the service over roue-libre/v1/zones, a line feed and the body. Answered by zones_kept.',
  },
  update: {
    address: topics.updatesTo(SCOOTER_ID), schema: Signed, action: 'send', qos: 0, title: 'A firmware release for this scooter',
    description: 'The body is JSON {scooterId, notAfter, release, url, sizeBytes, sha256}; the signature is over roue-libre/v1/updates, a line feed '
      + 'and the body. For this scooter alone and until notAfter. Installed when nobody rides; '
      + 'offered again until an update event settles it.',
  },
  key: {
    address: topics.keysTo(SCOOTER_ID), schema: KeyOffer, action: 'send', qos: 0, title: 'A new command key',
    description: 'Sealed under the old one (AES-256-GCM, key by HKDF-SHA-256 with the info roue-libre/v1/key, the scooter id, a line feed and keyId as '
      + 'additional data). Answered by key_kept; after that the old key is worth nothing.',
  },
  telemetry: {
    address: topics.telemetryFrom(SCOOTER_ID), schema: Telemetry, action: 'receive', qos: 0, title: 'The state now',
    description: 'The newest wins. No place while a ride runs.',
  },
  event: {
    address: topics.eventsFrom(SCOOTER_ID), schema: ScooterEvent, action: 'receive', qos: 1, title: 'Something that happened',
    description: 'Kept by the scooter until its receipt comes, through reboots too. Counted once by boot and seq.',
  },
  presence: {
    address: topics.presenceFrom(SCOOTER_ID), schema: Presence, action: 'receive', qos: 1, title: 'Here, or gone',
    description: 'Sent on connecting; the same with connected false is the last will. Not retained.',
  },
};

const each = <T>(build: (name: string, it: Spoken) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(spoken).map(([name, it]) => [name, build(name, it)]));

const isOfOne = ({ address }: Spoken): boolean => address.includes(SCOOTER_ID);

/** JSON Schema draft 7, which AsyncAPI 3.0 takes as it is; `input`, because it describes what is sent. */
const schemaOf = ({ schema }: Spoken): Record<string, unknown> =>
  Object.fromEntries(Object.entries(z.toJSONSchema(schema, { target: 'draft-7', io: 'input' })).filter(([key]) => key !== '$schema'));

export function asyncApi(): Record<string, unknown> {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Roue Libre: service and scooter',
      version: '1.0.0',
      description: `MQTT 3.1.1. Every message is one JSON object in UTF-8 of at most ${String(MAX_MESSAGE_BYTES)} bytes. A scooter logs in with its id `
        + 'as user name and as client id, and a password of its own. It reads and writes its own topics and no others.',
      license: { name: 'Apache-2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    defaultContentType: 'application/json',
    channels: each((name, it) => ({
      address: it.address,
      title: it.title,
      messages: { [name]: { $ref: `#/components/messages/${name}` } },
      ...(isOfOne(it) && { parameters: { scooterId: { $ref: '#/components/parameters/scooterId' } } }),
    })),
    operations: each((name, it) => ({
      action: it.action,
      channel: { $ref: `#/channels/${name}` },
      messages: [{ $ref: `#/channels/${name}/messages/${name}` }],
      bindings: { mqtt: { qos: it.qos, retain: it.retained === true, bindingVersion: '0.2.0' } },
    })),
    components: {
      parameters: { scooterId: { description: 'UUID of the scooter, which is its user name too.' } },
      messages: each((name, it) => ({
        name, title: it.title, description: it.description, contentType: 'application/json',
        payload: { $ref: `#/components/schemas/${name}` },
      })),
      schemas: each((_, it) => schemaOf(it)),
    },
  };
}
