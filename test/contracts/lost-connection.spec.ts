// What PostgreSQL says when it ends a session in the same breath in which it has opened it: the process must live on.
import net from 'node:net';
import { describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { databaseOptions } from '../../src/platform/database.provider.js';

const int32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const message = (type: string, body: Buffer): Buffer => Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
const WELCOME = Buffer.concat([message('R', int32(0)), message('Z', Buffer.from('I'))]);
const FAREWELL = message('E', Buffer.from(
  'SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0Fpostgres.c\0L3211\0RProcessInterrupts\0\0'));

describe('a session that is ended as it is opened', () => {
  it('is an error of that session and not the end of the process', async () => {
    const server = net.createServer((socket) => {
      socket.once('data', () => socket.end(Buffer.concat([WELCOME, FAREWELL])));
      socket.on('error', () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const databaseUrl = `postgres://somebody@127.0.0.1:${String(port)}/city`;
    const { extra } = databaseOptions({ databaseUrl, databasePool: 2 }, [], []) as { extra: pg.PoolConfig };
    const pool = new pg.Pool({ connectionString: databaseUrl, ...extra });
    pool.on('error', () => undefined);

    const client = await pool.connect();
    await expect(client.query('select 1')).rejects.toThrow();

    client.release(true);
    await pool.end();
    await new Promise((resolve) => server.close(resolve));
  });
});
