// What the numbers were measured on, and how much of it other programs were using meanwhile: a number
// without both says little. The load is read from /proc and unknown where there is none.
import fs from 'node:fs';
import os from 'node:os';

/** USER_HZ, which Linux has fixed at 100 for every program. */
const TICKS_PER_SECOND = 100;

export function aboutThisMachine() {
  const cpus = os.cpus();
  return {
    node: process.version,
    platform: `${process.platform} ${process.arch} ${os.release()}`,
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cpus: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
  };
}

export const shortly = ({ node, postgres, platform, cpu, cpus, memoryGiB }) =>
  `Node ${node.slice(1)}, PostgreSQL ${postgres}, ${platform}, ${cpus} × ${cpu}, ${memoryGiB} GiB`;

/** @returns a function that gives the share of all CPUs used since by programs that are not ours, or null. */
export function watchForeignLoad() {
  const before = load();
  return () => {
    const after = load();
    if (before === null || after === null) return null;
    const busy = after.busy - before.busy - (after.own - before.own);
    return Math.max(0, busy / Math.max(1, after.all - before.all));
  };
}

function load() {
  const line = read('/proc/stat')?.split('\n', 1)[0];
  if (line === undefined) return null;
  const ticks = line.trim().split(/\s+/).slice(1, 9).map(Number);
  const all = ticks.reduce((sum, value) => sum + value, 0);
  return { all, busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0), own: ticksOfTree(process.pid) };
}

/** CPU seconds of a process, of those it started, and of those of them that have ended. */
export const cpuSecondsOf = (pid) => ticksOfTree(pid) / TICKS_PER_SECOND;

function ticksOfTree(root) {
  const processes = allProcesses();
  const children =
    Map.groupBy === undefined ? groupByParent(processes) : Map.groupBy(processes, ({ parent }) => parent);
  const sum = (pid) => (children.get(pid) ?? []).reduce((ticks, child) => ticks + child.ticks + sum(child.pid), 0);
  return sum(root) + (processes.find(({ pid }) => pid === root)?.ticks ?? 0);
}

function groupByParent(processes) {
  const groups = new Map();
  for (const one of processes) groups.set(one.parent, [...(groups.get(one.parent) ?? []), one]);
  return groups;
}

function allProcesses() {
  if (!fs.existsSync('/proc/self/stat')) return [];
  return fs
    .readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => statOf(Number(pid)) ?? []);
}

/** proc(5): the name in parentheses may hold anything; user, system and reaped children's time are 14 to 17. */
function statOf(pid) {
  const text = read(`/proc/${pid}/stat`);
  if (text === undefined) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const ticks = fields.slice(11, 15).reduce((sum, value) => sum + Number(value), 0);
  return { pid, parent: Number(fields[1]), ticks };
}

/** Resident memory in MiB, or null. */
export function memoryOf(pid) {
  const pages = read(`/proc/${pid}/status`)?.match(/^VmRSS:\s+(\d+) kB/m)?.[1];
  return pages === undefined ? null : Number(pages) / 1024;
}

/** The processes this one has started itself. */
export const childrenOf = (root) =>
  allProcesses()
    .filter(({ parent }) => parent === root)
    .map(({ pid }) => pid);

function read(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
