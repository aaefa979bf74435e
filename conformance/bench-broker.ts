// A broker for the bench, for whoever has none yet. It asks for no password and forbids nothing, a retained
// order least of all: the unit has to be safe by itself. Never leave it open to a network with other people.
import net from 'node:net';
import { Aedes } from 'aedes';

export interface BenchBroker {
  readonly url: string;
  stop(): Promise<void>;
}

export async function openBenchBroker(at: { host: string; port: number }): Promise<BenchBroker> {
  const broker = await Aedes.createBroker();
  // Who breaks off is gone; without a listener Node would take it for an error of ours.
  for (const event of ['clientError', 'connectionError'] as const) broker.on(event, () => undefined);
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    broker.handle(socket);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : at.port;
  return {
    url: `mqtt://${at.host === '0.0.0.0' ? '127.0.0.1' : at.host}:${port}`,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const quiet = new Promise<void>((resolve) => broker.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, quiet]);
    },
  };
}
