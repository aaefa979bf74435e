// Statements of one transaction that travel together. Each waits for the ones before it in the database, so a lock
// asked for first is held before the rest is read; only we do not wait in between.

type Answers<T extends readonly Promise<unknown>[]> = { -readonly [K in keyof T]: Awaited<T[K]> };

/** All their answers; when several fail, the first in this order is told. */
export async function together<const T extends readonly Promise<unknown>[]>(...statements: T): Promise<Answers<T>> {
  for (const statement of statements) statement.catch(() => undefined);
  const answers: unknown[] = [];
  for (const statement of statements) answers.push(await statement);
  return answers as Answers<T>;
}

/** A write whose answer nobody needs. When it fails, the commit fails with its error (see `SwiftClient`). */
export function unawaited(statement: Promise<unknown>): void {
  statement.catch(() => undefined);
}
