// What has come up from the scooters and waits for its turn: one at a time per scooter, in order, so that
// a scooter never overtakes itself; many scooters at once. What cannot wait (events, presence) goes first,
// and of a scooter's telemetry only the newest is worth keeping.

import type { ScooterId } from '../platform/ids.js';
import type { UplinkKind } from '../telematics/sequence.js';

export interface Waiting {
  readonly scooterId: ScooterId;
  readonly kind: UplinkKind;
  readonly payload: Buffer;
  readonly receivedAt: Date;
}

export class Inbox {
  private readonly urgent = new Map<ScooterId, Waiting[]>();
  private readonly telemetry = new Map<ScooterId, Waiting>();
  private readonly busy = new Set<ScooterId>();
  private urgentSize = 0;

  get size(): number {
    return this.urgentSize + this.telemetry.size;
  }

  get isIdle(): boolean {
    return this.size === 0 && this.busy.size === 0;
  }

  /** @returns the older telemetry of the same scooter whose place it takes, because nobody had time for it. */
  put(message: Waiting): Waiting | null {
    if (message.kind === 'telemetry') {
      const replaced = this.telemetry.get(message.scooterId) ?? null;
      this.telemetry.delete(message.scooterId);
      this.telemetry.set(message.scooterId, message);
      return replaced;
    }
    const line = this.urgent.get(message.scooterId);
    if (line) line.push(message);
    else this.urgent.set(message.scooterId, [message]);
    this.urgentSize++;
    return null;
  }

  /** How many scooters' telemetry waits. */
  get telemetrySize(): number {
    return this.telemetry.size;
  }

  /** The next event or presence of a scooter nobody is busy with, or null. Call `done` when it is dealt with. */
  take(): Waiting | null {
    const message = this.takeUrgent();
    if (message) this.busy.add(message.scooterId);
    return message;
  }

  /** Telemetry of so many scooters nobody is busy with, oldest first. Call `done` for each. */
  takeTelemetry(most: number): Waiting[] {
    const messages: Waiting[] = [];
    for (const [scooterId, message] of this.telemetry) {
      if (messages.length >= most) break;
      if (this.busy.has(scooterId)) continue;
      this.telemetry.delete(scooterId);
      this.busy.add(scooterId);
      messages.push(message);
    }
    return messages;
  }

  done(scooterId: ScooterId): void {
    this.busy.delete(scooterId);
  }

  private takeUrgent(): Waiting | null {
    for (const [scooterId, line] of this.urgent) {
      if (this.busy.has(scooterId)) continue;
      const message = line.shift();
      // Back to the end of the line, so that one scooter with a full flash does not keep out the others.
      this.urgent.delete(scooterId);
      if (line.length > 0) this.urgent.set(scooterId, line);
      if (!message) continue;
      this.urgentSize--;
      return message;
    }
    return null;
  }
}
