// The people of a launched city, for a part of one day: they come from people-sim, in a process of its own.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT, buildPlan } from '../../scripts/ready.mjs';
import { closeAtEnd } from './closing.mjs';

/** `done`: what they say they did, once the last of them is at home. */
export async function letPeopleLive({ city, dataDir, clock, riders, scooters, until }) {
  const [street, stripe, sms] = await Promise.all(
    ['Street', 'Stripe stand-in', 'SMS stand-in'].map((name) => city.addressOf(name)),
  );
  const doors = ['--city', city.url, '--street', street, '--stripe', stripe, '--sms', sms];
  const town = [
    '--riders',
    riders,
    '--scooters',
    scooters,
    '--crews',
    path.join(dataDir, 'crews.json'),
    '--seed',
    'bench',
  ];
  const time = [
    '--clock-from',
    clock.from.toISOString(),
    '--clock-since',
    clock.since,
    '--clock-speed',
    clock.speed,
    '--until',
    until.toISOString(),
  ];
  const program = path.join(ROOT, buildPlan().outDir, 'people-sim', 'main.js');
  const child = spawn(process.execPath, [program, ...doors, ...town.map(String), ...time.map(String)], {
    stdio: ['pipe', 'pipe', 'inherit'],
    detached: true,
  });
  let report = null;
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line.startsWith('{')) report = JSON.parse(line);
  });
  const gone = new Promise((resolve) => {
    child.once('exit', resolve);
  });
  closeAtEnd(
    async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await gone;
    },
    () => child.kill('SIGKILL'),
  );
  const done = gone.then((code) => {
    if (report === null) throw new Error(`the people ended with ${code} and without a report`);
    return report;
  });
  return { done, pid: child.pid };
}
