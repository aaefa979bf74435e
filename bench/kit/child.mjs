// A part of a bench in a process of its own: the parent orders it, asks it, and takes it down with itself.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { closeAtEnd } from './closing.mjs';

const ENDS_WITHIN_MS = 10_000;

/** `execArgv`: options of Node. @returns what the child told when it was ready, and how to ask and stop it. */
export async function startChild(file, order, execArgv = []) {
  const child = fork(fileURLToPath(new URL(`../${file}`, import.meta.url)), [], {
    execArgv,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map();
  const gone = once(child, 'exit');
  const ready = new Promise((resolve, reject) => {
    child.on('message', ({ told, failed, id, answer }) => {
      if (failed !== undefined) reject(new Error(`${file}: ${failed}`));
      else if (id === undefined) resolve(told);
      else waiting.get(id)?.resolve(answer);
      waiting.delete(id);
    });
    child.once('exit', (code, signal) => {
      const error = new Error(`${file} ended (${signal ?? code})`);
      reject(error);
      for (const { reject: refuse } of waiting.values()) refuse(error);
    });
  });
  const stop = closeAtEnd(
    () => end(child, gone),
    () => child.kill('SIGKILL'),
  );
  child.send(order);
  const told = await ready;
  let count = 0;
  const ask = (question, value) =>
    new Promise((resolve, reject) => {
      const id = ++count;
      waiting.set(id, { resolve, reject });
      child.send({ id, question, value });
    });
  return { told, ask, stop, pid: child.pid };
}

async function end(child, gone) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  if (child.connected) child.disconnect();
  const late = setTimeout(() => child.kill('SIGKILL'), ENDS_WITHIN_MS);
  await gone;
  clearTimeout(late);
}

/** The other side. `open` gets the order and gives {told, answers, close}. */
export async function beChild(open) {
  // Ctrl-C reaches the whole group; the parent decides in which order we go.
  process.on('SIGINT', () => undefined);
  process.on('disconnect', () => process.exit(0));
  const [order] = await once(process, 'message');
  try {
    const { told = null, answers = {}, close = async () => undefined } = await open(order);
    process.removeAllListeners('disconnect');
    process.on('disconnect', () => {
      close().finally(() => process.exit(0));
    });
    process.on('message', async ({ id, question, value }) =>
      process.send({ id, answer: (await answers[question](value)) ?? null }),
    );
    process.send({ told });
  } catch (error) {
    process.send({ failed: error instanceof Error ? error.stack : String(error) }, () => process.exit(1));
  }
}
