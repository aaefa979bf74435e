// Floor of ingest: MQTT.js, JSON.parse and COPY in binary, a thousand rows a transaction, on two connections; with
// `live` also the newest of each scooter in the same transaction. It checks nothing, judges nothing and knows nobody.
import mqtt from 'mqtt';
import pg from 'pg';
import { beChild } from '../kit/child.mjs';

const BATCH = 1000;
const LONGEST_WAIT_MS = 20;
const CONNECTIONS = 2;
const POSTGRES_EPOCH_MS = 946_684_800_000;
const UUID = /([^/]+)\/telemetry$/;

const TABLES = `
  create table telemetry (scooter_id uuid not null, ts timestamptz not null, seq integer not null, latitude float8, longitude float8, accuracy float4,
                          charge float4, range_km float4, odometer_m integer, flags integer);
  create index on telemetry (scooter_id, ts);
  create table live (scooter_id uuid primary key, ts timestamptz, seq integer, latitude float8, longitude float8, charge float4, range_km float4,
                     flags integer) with (fillfactor = 70);`;
const COPY = 'copy telemetry from stdin (format binary)';
const LIVE = `
  insert into live as l (scooter_id, ts, seq, latitude, longitude, charge, range_km, flags)
  select * from unnest($1::uuid[], $2::timestamptz[], $3::integer[], $4::float8[], $5::float8[], $6::float4[], $7::float4[], $8::integer[])
  on conflict (scooter_id) do update set ts = excluded.ts, seq = excluded.seq, latitude = excluded.latitude, longitude = excluded.longitude,
    charge = excluded.charge, range_km = excluded.range_km, flags = excluded.flags where excluded.seq > l.seq`;

async function connect(connectionString) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  return client;
}

class Sink {
  committed = 0;
  #idle;
  #live;
  #waiting = [];
  #timer = null;

  constructor(clients, live) {
    this.#idle = [...clients];
    this.#live = live;
  }

  take(topic, payload) {
    this.#waiting.push({ id: UUID.exec(topic)[1], said: JSON.parse(payload), at: Date.now() });
    if (this.#waiting.length >= BATCH) this.#write();
    else this.#timer ??= setTimeout(() => this.#write(), LONGEST_WAIT_MS);
  }

  #write() {
    clearTimeout(this.#timer);
    this.#timer = null;
    while (this.#waiting.length > 0 && this.#idle.length > 0) {
      const client = this.#idle.pop();
      const rows = this.#waiting.splice(0, BATCH);
      this.#store(client, rows).then(
        () => {
          this.committed += rows.length;
          this.#idle.push(client);
          if (this.#waiting.length >= BATCH) this.#write();
          else if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#write(), LONGEST_WAIT_MS);
        },
        (error) => {
          console.error(error);
          process.exit(1);
        },
      );
    }
  }

  async #store(client, rows) {
    if (!this.#live) return copy(client, COPY, rowsInBinary(rows));
    client.query('begin');
    copy(client, COPY, rowsInBinary(rows));
    const newest = [...new Map(rows.map((row) => [row.id, row])).values()];
    const column = (pick) => newest.map(pick);
    client.query({
      name: 'live',
      text: LIVE,
      values: [
        column(({ id }) => id),
        column(({ at }) => new Date(at).toISOString()),
        column(({ said }) => said.seq),
        column(({ said }) => said.fix.latitude),
        column(({ said }) => said.fix.longitude),
        column(({ said }) => said.chargePercent),
        column(({ said }) => said.rangeKm),
        column(({ said }) => flagsOf(said)),
      ],
    });
    return client.query('commit');
  }
}

const flagsOf = ({ sensors, inRide }) => (sensors.lock === 'open' ? 1 : 0) | (sensors.ignition === 'on' ? 2 : 0) | (sensors.stand === 'up' ? 4 : 0) | (inRide ? 8 : 0);

/** pg has no COPY of its own, but lets anyone speak on its line. */
function copy(client, text, bytes) {
  return new Promise((resolve, reject) => {
    let failed = null;
    client.query({
      submit: (connection) => connection.query(text),
      handleCopyInResponse: (connection) => {
        connection.sendCopyFromChunk(bytes);
        connection.endCopyFrom();
      },
      handleCommandComplete: () => undefined,
      handleError: (error) => {
        failed = error;
        reject(error);
      },
      handleReadyForQuery: () => failed === null && resolve(),
    });
  });
}

const HEADER = Buffer.concat([Buffer.from('PGCOPY\n\xff\r\n\0', 'latin1'), Buffer.alloc(8)]);
/** uuid, timestamptz, int4, float8, float8, float4, float4, float4, int4, int4. */
const SIZES = [16, 8, 4, 8, 8, 4, 4, 4, 4, 4];
const ROW_BYTES = 2 + SIZES.reduce((sum, size) => sum + 4 + size, 0);

function rowsInBinary(rows) {
  const bytes = Buffer.allocUnsafe(HEADER.length + rows.length * ROW_BYTES + 2);
  HEADER.copy(bytes);
  let at = HEADER.length;
  for (const { id, said, at: ms } of rows) {
    at = bytes.writeInt16BE(SIZES.length, at);
    at = bytes.writeInt32BE(16, at);
    at += bytes.write(id.replaceAll('-', ''), at, 'hex');
    at = bytes.writeInt32BE(8, at);
    at = bytes.writeBigInt64BE(BigInt(ms - POSTGRES_EPOCH_MS) * 1000n, at);
    at = bytes.writeInt32BE(said.seq, bytes.writeInt32BE(4, at));
    at = bytes.writeDoubleBE(said.fix.latitude, bytes.writeInt32BE(8, at));
    at = bytes.writeDoubleBE(said.fix.longitude, bytes.writeInt32BE(8, at));
    at = bytes.writeFloatBE(said.fix.accuracyM, bytes.writeInt32BE(4, at));
    at = bytes.writeFloatBE(said.chargePercent, bytes.writeInt32BE(4, at));
    at = bytes.writeFloatBE(said.rangeKm, bytes.writeInt32BE(4, at));
    at = bytes.writeInt32BE(said.odometerM, bytes.writeInt32BE(4, at));
    at = bytes.writeInt32BE(flagsOf(said), bytes.writeInt32BE(4, at));
  }
  bytes.writeInt16BE(-1, at);
  return bytes;
}

// Last, because the classes above must be there.
await beChild(async ({ databaseUrl, mqttUrl, qos, live, prefix }) => {
  const clients = await Promise.all(Array.from({ length: CONNECTIONS }, () => connect(databaseUrl)));
  await clients[0].query(TABLES);
  const sink = new Sink(clients, live);
  const client = await mqtt.connectAsync(mqttUrl, {
    clientId: `service-floor-${process.pid}`,
    protocolVersion: qos === 1 ? 5 : 4,
    ...(qos === 1 && { properties: { receiveMaximum: 65_535 } }),
    keepalive: 0,
  }).catch(() => mqtt.connectAsync(mqttUrl, { clientId: `service-floor-${process.pid}`, protocolVersion: 4, keepalive: 0 }));
  client.on('message', (topic, payload) => sink.take(topic, payload));
  await client.subscribeAsync(`${prefix}/+/telemetry`, { qos });
  return {
    answers: { counted: () => sink.committed, empty: () => clients[0].query('truncate telemetry, live').then(() => undefined) },
    close: async () => {
      await client.endAsync(true);
      await Promise.all(clients.map((one) => one.end()));
    },
  };
});
