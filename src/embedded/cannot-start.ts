// Why the city cannot start, as one sentence for the person at the keyboard. Nothing else is shown for it.
export class CannotStart extends Error {}

/** Errors of the system that people can do something about, in their words; null for everything else. */
export function sentenceFor(error: unknown): string | null {
  if (error instanceof CannotStart) return error.message;
  const { code, path } = (error ?? {}) as { code?: unknown; path?: unknown };
  const where = typeof path === 'string' ? path : 'a file';
  if (code === 'ENOSPC') return 'There is no space left on the disk: free some and start again.';
  if (code === 'EACCES' || code === 'EPERM')
    return `This user may not use ${where}: start as its owner, or choose another folder with --data.`;
  if (code === 'EROFS') return `${where} cannot be written: choose another folder with --data.`;
  return null;
}

/** What PostgreSQL wrote before it gave up, as one sentence. */
export function sentenceForPostgres(log: string, port: number): string {
  if (/no space left on device/i.test(log)) {
    return 'The database has no space left on the disk: free some and start again; nothing that was acknowledged is lost.';
  }
  if (portIsTaken(log)) return `Port ${port} of the database is taken by another program.`;
  if (/could not (create|map) (anonymous )?shared memory|cannot allocate memory/i.test(log)) {
    return 'There is not enough memory for the database: close something or give the machine more.';
  }
  const last = log
    .split('\n')
    .filter((line) => /FATAL|PANIC|error:/i.test(line))
    .at(-1)
    ?.trim();
  return `The database did not start: ${last ?? 'it gave no reason'}`;
}

export const portIsTaken = (log: string): boolean => /address already in use|could not bind/i.test(log);
