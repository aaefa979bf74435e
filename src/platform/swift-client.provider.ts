// A database connection that waits less often. Statements are prepared once for each connection and then called by
// name; the beginning of a transaction travels with its first statement; and many statements may be under way at once.
import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import pg from 'pg';

/** Texts are few, because values travel beside them; should they ever not be, the rest goes unnamed. */
const MOST_NAMED = 500;
/** A statement and its values. */
export type Statement = readonly [text: string, values: readonly unknown[]];
type Send = (...words: unknown[]) => unknown;
interface Behind { readonly statement: Statement; readonly answer: (result: unknown) => void }

const BEGUN = { rows: [], rowCount: null, command: 'START', fields: [], oid: 0 };

/** Parsing and planning took a third of the database's time for an unlock, and half its round trips only began one. */
export class SwiftClient extends pg.Client {
  private readonly names = new Map<string, string>();
  /** Why the transaction under way can no longer be committed. */
  private broken: unknown = null;
  private corked = false;
  private behind: Behind[] = [];

  constructor(config?: pg.ClientConfig) {
    super(config);
    // It can be ended in the packet that opened it, while it is handed over and nobody listens to it yet; an error
    // nobody listens to ends the process.
    this.on('error', () => undefined);
    this.query = this.swiftly.bind(this, this.query.bind(this)) as typeof this.query;
  }

  /**
   * Follows the commit of the transaction under way in the same breath, and is committed by itself; its rows, or null
   * when it was not done. It is also sent when the commit fails: it must change nothing but what that transaction made.
   */
  behindCommit<T>(statement: Statement): Promise<T[] | null> {
    return new Promise((resolve) => {
      const answer = (result: unknown): void => { resolve((result as { rows: T[] } | null)?.rows ?? null); };
      this.behind.push({ statement, answer });
    });
  }

  private swiftly(send: Send, ...words: unknown[]): unknown {
    const [text, values] = words;
    if (typeof text !== 'string' || words.some((word) => typeof word === 'function')) return send(...words);
    this.gather();
    if (text === 'START TRANSACTION') return this.begin(send);
    if (text === 'COMMIT') return this.commit(send);
    if (text === 'ROLLBACK') this.dropBehind();
    return this.say(send, text, values);
  }

  private say(send: Send, text: string, values: unknown): Promise<unknown> {
    const name = Array.isArray(values) && values.length > 0 ? this.nameOf(text) : undefined;
    const sent = (name === undefined ? send(text, values) : send({ name, text, values })) as Promise<unknown>;
    sent.catch((error: unknown) => { this.broken ??= error; });
    return sent;
  }

  /** What is said in one turn of the event loop leaves in one write: half of the service's time went into writes (measured). */
  private gather(): void {
    if (this.corked) return;
    this.corked = true;
    const { stream } = this.line;
    stream.cork();
    setImmediate(() => {
      this.corked = false;
      stream.uncork();
    });
  }

  private get line(): { readonly stream: Socket } {
    return (this as unknown as { readonly connection: { readonly stream: Socket } }).connection;
  }

  /** Nothing can be wrong with a beginning but the line itself; then what follows must not count outside of it. */
  private begin(send: Send): Promise<unknown> {
    this.broken = null;
    this.dropBehind();
    (send('START TRANSACTION') as Promise<unknown>).catch(() => { this.line.stream.destroy(); });
    return Promise.resolve(BEGUN);
  }

  /**
   * PostgreSQL answers the COMMIT of a broken transaction with ROLLBACK and calls it a success. So a statement whose
   * answer nobody awaited is not lost either: the transaction then fails with its error.
   */
  private async commit(send: Send): Promise<unknown> {
    const committed = send('COMMIT') as Promise<pg.QueryResult>;
    for (const { statement: [text, values], answer } of this.behind.splice(0)) {
      // Not done, then: whoever asked finds its work where it was.
      this.say(send, text, values).then(answer, () => { answer(null); });
    }
    const answer = await committed;
    const { broken } = this;
    if (answer.command === 'ROLLBACK') throw broken instanceof Error ? broken : new Error('the transaction was rolled back');
    return answer;
  }

  private dropBehind(): void {
    for (const { answer } of this.behind.splice(0)) answer(null);
  }

  private nameOf(text: string): string | undefined {
    const known = this.names.get(text);
    if (known !== undefined || this.names.size >= MOST_NAMED) return known;
    const name = createHash('sha256').update(text).digest('base64url').slice(0, 16);
    this.names.set(text, name);
    return name;
  }
}
