// The TCP door of the units: who a connection is, is what its frames say, so this door belongs on a private
// network (the protocol has neither password nor encryption).
import { createServer, type Server, type Socket } from 'node:net';
import { MOST_FRAME_BYTES, readFrame } from './omni-words.js';
import { type OmniUnit } from './omni-unit.js';

/** Three heartbeats of the protocol's default. */
const SILENT_TOO_LONG_MS = 3 * 240_000;

export function openDoor(units: ReadonlyMap<string, OmniUnit>, where: { host: string; port: number }): Promise<{ server: Server; port: number }> {
  const holders = new Map<string, Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    greet(socket, units, holders);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(where.port, where.host, () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : where.port });
    });
  });
}

function greet(socket: Socket, units: ReadonlyMap<string, OmniUnit>, holders: Map<string, Socket>): void {
  let imei: string | null = null;
  let rest = '';
  socket.setTimeout(SILENT_TOO_LONG_MS, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => {
    rest += bytes.toString('latin1');
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > MOST_FRAME_BYTES) return void socket.destroy();
    for (const line of lines) {
      const frame = readFrame(line);
      const unit = frame && units.get(frame.imei);
      // Noise and strangers are not answered; a connection that changes its name is not believed any more.
      if (!frame || !unit || (imei !== null && imei !== frame.imei)) return void socket.destroy();
      if (imei === null) {
        imei = frame.imei;
        holders.get(imei)?.destroy();
        holders.set(imei, socket);
        unit.arrived((words) => {
          // A full buffer is sent all the same, only later than it seems; a closed socket is not.
          if (!socket.destroyed) socket.write(words);
          return !socket.destroyed;
        });
      }
      unit.hear(frame);
    }
  });
  socket.on('close', () => {
    if (imei === null || holders.get(imei) !== socket) return;
    holders.delete(imei);
    units.get(imei)?.left();
  });
}
