// Floor of unlock, the least that any such service must do: take the request, lock and mark the scooter
// in one transaction, command it over MQTT, hear its answer, write the ride in a second transaction, answer 201.
// No session, no money, no rule, no signature, no event, no memory of the command.
import http from 'node:http';
import mqtt from 'mqtt';
import pg from 'pg';
import { beChild } from '../kit/child.mjs';

await beChild(async ({ databaseUrl, mqttUrl, scooters }) => {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 10, pipeline: true });
  await prepare(pool, scooters);
  const command = await openLine(mqttUrl);
  const server = http.createServer((request, reply) => {
    let text = '';
    request.on('data', (piece) => {
      text += piece;
    });
    request.on('end', () => {
      unlock(pool, command, JSON.parse(text)).then(
        (ride) => reply.writeHead(201, { 'content-type': 'application/json', 'content-length': ride.length }).end(ride),
        (error) => reply.writeHead(500).end(String(error)),
      );
    });
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { told: { url: `http://127.0.0.1:${server.address().port}` } };
});

async function prepare(pool, scooters) {
  await pool.query(
    'create table scooters (id integer primary key, state text not null, rev integer not null default 0)',
  );
  await pool.query(`create table rides (id bigint generated always as identity primary key,
                                        scooter_id integer not null references scooters (id),
                                        rider_id uuid not null, started_at timestamptz not null default now())`);
  await pool.query(
    `insert into scooters (id, state) select i, 'available' from generate_series(1, ${Number(scooters)}) as i`,
  );
  await pool.query('vacuum analyze scooters');
}

async function openLine(mqttUrl) {
  const { username, password } = new URL(mqttUrl);
  const client = await mqtt.connectAsync(mqttUrl, {
    protocolVersion: 4,
    clientId: `${username}-floor`,
    username,
    password,
    reconnectPeriod: 0,
  });
  client.stream.setNoDelay(true);
  await client.subscribeAsync('bench/answers', { qos: 0 });
  const waiting = new Map();
  let count = 0;
  client.on('message', (_topic, payload) => {
    const { id } = JSON.parse(payload.toString());
    waiting.get(id)?.();
    waiting.delete(id);
  });
  return (scooter) =>
    new Promise((resolve) => {
      const id = ++count;
      waiting.set(id, resolve);
      client.publish(`bench/${scooter}/commands`, JSON.stringify({ id, kind: 'unlock' }), { qos: 0 });
    });
}

async function unlock(pool, command, { scooter, riderId }) {
  const [, found] = await together(pool, [
    'begin',
    { name: 'hold', text: 'select id, state, rev from scooters where id = $1 for update', values: [scooter] },
    { name: 'take', text: "update scooters set rev = rev + 1, state = 'unlocking' where id = $1", values: [scooter] },
    'commit',
  ]);
  if (found.rows.length === 0) throw new Error('no such scooter');
  await command(scooter);
  const [, begun] = await together(pool, [
    'begin',
    {
      name: 'ride',
      text: 'insert into rides (scooter_id, rider_id) values ($1, $2) returning id, started_at',
      values: [scooter, riderId],
    },
    { name: 'riding', text: "update scooters set rev = rev + 1, state = 'taken' where id = $1", values: [scooter] },
    'commit',
  ]);
  return JSON.stringify(begun.rows[0]);
}

/** On one connection, all sent before the first answer. */
async function together(pool, queries) {
  const client = await pool.connect();
  try {
    return await Promise.all(queries.map((query) => client.query(query)));
  } finally {
    client.release();
  }
}
