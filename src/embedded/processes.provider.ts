// Other processes of this machine: whether one is alive, and which program it runs.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
  // A killed process whose parent has not asked for it yet still has its number, and does nothing any more.
  return stateOf(pid) !== 'Z';
}

function stateOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.charAt(0) ?? '';
  } catch {
    return '';
  }
}

/** Program and arguments; empty when there is no such process. */
export function commandLineOf(pid: number): string {
  try {
    return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    if (fs.existsSync('/proc/self/cmdline')) return '';
    return spawnSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).stdout;
  }
}

/** When it was started, in whatever unit the system counts; empty where that cannot be told. */
export function startTimeOf(pid: number): string {
  try {
    // The program's name stands in brackets and may hold anything; the fields are counted after it.
    return fs.readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[19] ?? '';
  } catch {
    if (fs.existsSync('/proc/self/stat')) return '';
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
      .stdout.trim()
      .replaceAll(' ', '_');
  }
}
