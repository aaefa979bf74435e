// A telephone for people who do not exist: what the city would send by SMS is kept here to be read, the
// last twenty messages of each number. Nothing leaves the machine.
import fs from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { z } from 'zod';

/** Codes and cards, even made up, are nobody else's to read on a shared machine. */
const OWNER_ONLY = 0o600;

const NewMessage = z.object({ to: z.string().regex(/^\+\d{6,15}$/), text: z.string().min(1).max(1000) });
const Message = NewMessage.extend({ at: z.iso.datetime() });
type Message = z.infer<typeof Message>;

export interface SmsStandInSettings {
  readonly port: number;
  readonly host?: string;
  /** Null keeps the messages in memory. */
  readonly dataFile: string | null;
  readonly now: () => Date;
}

export interface SmsStandIn {
  readonly url: string;
  /** Newest first. */
  messagesTo(number: string): readonly Message[];
  stop(): Promise<void>;
}

const KEPT_PER_NUMBER = 20;
const MOST_NUMBERS = 10_000;
const MOST_BYTES = 20_000;

/** @throws when the port is taken. */
export async function startSmsStandIn(settings: SmsStandInSettings): Promise<SmsStandIn> {
  const box = new Box(settings.dataFile);
  const server = http.createServer((request, reply) => {
    answer(box, settings.now, request).then(
      ({ status, body }) => reply.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body)),
      () => reply.destroy(),
    );
  });
  const host = settings.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(settings.port, host, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : settings.port;
  return {
    url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${port}`,
    messagesTo: (number) => box.to(number),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      box.close();
    },
  };
}

class Box {
  private readonly messages = new Map<string, Message[]>();
  private readonly file: number | null;

  constructor(dataFile: string | null) {
    if (dataFile !== null && fs.existsSync(dataFile)) this.load(fs.readFileSync(dataFile, 'utf8'));
    if (dataFile !== null) this.rewrite(dataFile);
    this.file = dataFile === null ? null : fs.openSync(dataFile, 'a', OWNER_ONLY);
  }

  add(message: Message): void {
    if (this.file !== null) fs.writeSync(this.file, `${JSON.stringify(message)}\n`);
    this.keep(message);
  }

  to(number: string): readonly Message[] {
    return this.messages.get(number) ?? [];
  }

  close(): void {
    if (this.file !== null) fs.closeSync(this.file);
  }

  private keep(message: Message): void {
    const before = this.messages.get(message.to) ?? [];
    this.messages.delete(message.to);
    this.messages.set(message.to, [message, ...before].slice(0, KEPT_PER_NUMBER));
    const [oldest] = this.messages.keys();
    if (this.messages.size > MOST_NUMBERS && oldest !== undefined) this.messages.delete(oldest);
  }

  /** Half a line at the end is what a kill left behind. */
  private load(text: string): void {
    for (const line of text.split('\n')) {
      try {
        this.keep(Message.parse(JSON.parse(line)));
      } catch {
        continue;
      }
    }
  }

  private rewrite(dataFile: string): void {
    fs.mkdirSync(path.dirname(dataFile), { recursive: true });
    const lines = [...this.messages.values()].flatMap((of) => of.toReversed()).map((message) => `${JSON.stringify(message)}\n`);
    fs.writeFileSync(`${dataFile}.new`, lines.join(''), { mode: OWNER_ONLY });
    fs.renameSync(`${dataFile}.new`, dataFile);
  }
}

interface Answer { readonly status: number; readonly body: object }

async function answer(box: Box, now: () => Date, request: http.IncomingMessage): Promise<Answer> {
  const asked = new URL(URL.canParse(request.url ?? '/', 'http://sms') ? (request.url ?? '/') : '/', 'http://sms');
  if (request.method === 'GET' && asked.pathname === '/messages') return { status: 200, body: { items: box.to(asked.searchParams.get('to') ?? '') } };
  if (request.method !== 'POST' || !['/', '/messages'].includes(asked.pathname)) return { status: 404, body: { error: 'not found' } };
  const message = NewMessage.safeParse(await readJson(request));
  if (!message.success) return { status: 400, body: { error: 'expected {to, text}' } };
  box.add({ ...message.data, at: now().toISOString() });
  return { status: 202, body: { taken: true } };
}

async function readJson(request: http.IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const part of request.setEncoding('utf8') as AsyncIterable<string>) {
    text += part;
    if (text.length > MOST_BYTES) return null;
  }
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}
