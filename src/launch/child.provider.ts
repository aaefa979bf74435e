// A program of ours in a process of its own: started again when it dies, ended when we end. It notices
// our own death by its standard input closing, so even a killed city leaves nothing behind.
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';

const FIRST_REST_MS = 500;
const LONGEST_REST_MS = 30_000;
/** Whoever lived this long gets a short rest again. */
const HEALTHY_AFTER_MS = 60_000;
const ENDS_WITHIN_MS = 5000;

export interface ChildOrder {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly onStart: () => void;
  readonly onLine: (line: string) => void;
  readonly say: (sentence: string) => void;
}

export class Child {
  private process: ChildProcess | null = null;
  private rest = FIRST_REST_MS;
  private timer: NodeJS.Timeout | null = null;
  private ending = false;

  constructor(private readonly order: ChildOrder) {}

  start(): this {
    const { script, args, onStart, onLine } = this.order;
    onStart();
    const began = performance.now();
    // Detached, or the terminal's Ctrl-C would end it before its turn.
    const child = spawn(process.execPath, ['--enable-source-maps', script, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
      detached: true,
    });
    this.process = child;
    createInterface({ input: child.stdout }).on('line', onLine);
    child.stdin.on('error', () => undefined);
    child.once('error', () => undefined);
    child.once('close', () => {
      this.onClose(performance.now() - began);
    });
    return this;
  }

  private onClose(livedMs: number): void {
    this.process = null;
    if (this.ending) return;
    if (livedMs > HEALTHY_AFTER_MS) this.rest = FIRST_REST_MS;
    this.order.say(`${this.order.name} ended unexpectedly and will be started again in ${String(this.rest / 1000)} s.`);
    this.timer = setTimeout(() => {
      this.start();
    }, this.rest);
    this.rest = Math.min(this.rest * 2, LONGEST_REST_MS);
  }

  /** Asks it to end; one that does not is killed. */
  async stop(): Promise<void> {
    this.ending = true;
    if (this.timer !== null) clearTimeout(this.timer);
    const child = this.process;
    if (child === null) return;
    const gone = new Promise<void>((resolve) => {
      child.once('close', () => {
        resolve();
      });
    });
    child.stdin?.end();
    child.kill('SIGTERM');
    const late = setTimeout(() => {
      child.kill('SIGKILL');
    }, ENDS_WITHIN_MS);
    await gone;
    clearTimeout(late);
  }

  kill(): void {
    this.ending = true;
    this.process?.kill('SIGKILL');
  }
}
