// Debian's Mosquitto with the limits of deploy/mosquitto but without passwords; where there is none, the broker inside.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { startChild } from './child.mjs';
import { closeAtEnd } from './closing.mjs';
import { scratchFolder } from './scratch.mjs';

const PROGRAMS = ['/usr/sbin/mosquitto', '/usr/local/sbin/mosquitto', '/opt/homebrew/sbin/mosquitto'];
const OPENS_WITHIN_MS = 5000;

/** `limits`: false leaves queue and window as Mosquitto comes. @returns its name, address, process and how to stop it. */
export async function startAnyBroker({ limits = true, port } = {}) {
  const program = PROGRAMS.find((file) => fs.existsSync(file));
  if (program === undefined) return inside();
  const listenAt = port ?? (await freePort());
  const folder = scratchFolder();
  const lines = ['allow_anonymous true', `listener ${listenAt} 127.0.0.1`, 'set_tcp_nodelay true', 'persistence false', 'log_type error', 'user root'];
  if (limits) lines.push('max_queued_messages 100000', 'max_inflight_messages 1000');
  const file = path.join(folder, 'mosquitto.conf');
  fs.writeFileSync(file, `${lines.join('\n')}\n`);
  const child = spawn(program, ['-c', file], { stdio: ['ignore', 'ignore', 'inherit'] });
  const gone = new Promise((resolve) => child.once('exit', resolve));
  const stop = closeAtEnd(
    async () => {
      child.kill();
      await gone;
    },
    () => child.kill('SIGKILL'),
  );
  await opened(listenAt);
  return { name: 'Mosquitto', port: listenAt, serviceUrl: `mqtt://service:bench@127.0.0.1:${listenAt}`, pid: child.pid, stop, letIn: async () => undefined };
}

async function inside() {
  const broker = await startChild('kit/broker-process.mjs', {});
  const { port, serviceUrl } = broker.told;
  return { name: 'the broker inside (no Mosquitto here)', port, serviceUrl, pid: broker.pid, stop: broker.stop, letIn: (accounts) => broker.ask('letIn', accounts) };
}

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function opened(port) {
  const deadline = performance.now() + OPENS_WITHIN_MS;
  for (;;) {
    const isOpen = await new Promise((resolve) => {
      const socket = net.connect({ port, host: '127.0.0.1' }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
    if (isOpen) return;
    if (performance.now() > deadline) throw new Error(`no broker at port ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
