// Which TCP ports of this machine are free.
import net from 'node:net';
import { CannotStart } from './cannot-start.js';

const LOOPBACK = '127.0.0.1';

function tryToListen(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  });
}

export const freePort = (): Promise<number> => tryToListen(0, LOOPBACK);

/**
 * The port itself when it can be listened on, any free one for 0.
 * @throws CannotStart naming the option that chooses another.
 */
export async function portFor(what: string, port: number, host: string, option: string): Promise<number> {
  try {
    return await tryToListen(port, host);
  } catch (error) {
    throw new CannotStart(whyNot(error, { what, port, host, option }));
  }
}

/** The wished port, or any free one when another program has it. */
export async function portNear(wished: number): Promise<number> {
  try {
    return await tryToListen(wished, LOOPBACK);
  } catch {
    return freePort();
  }
}

function whyNot(error: unknown, wish: { what: string; port: number; host: string; option: string }): string {
  const { what, port, host, option } = wish;
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE')
    return `Port ${port} for ${what} is taken by another program: stop it, or choose another with ${option}.`;
  if (code === 'EACCES')
    return `This user may not listen on port ${port} for ${what}: choose one above 1023 with ${option}.`;
  return `${what} cannot listen on ${host}:${port} (${code ?? String(error)}): choose another address with HOST or ${option}.`;
}
