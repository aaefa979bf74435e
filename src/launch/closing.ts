// What has been started, so that it can be ended in the opposite order: people before scooters, scooters
// before the service, the database last.

export interface Part {
  readonly name: string;
  close(): Promise<void> | void;
  /** For the last instant of this process: asks for an end without waiting. */
  abandon?(): void;
}

export class Closing {
  private readonly parts: Part[] = [];

  add(part: Part): void {
    this.parts.push(part);
  }

  /** One that cannot be closed does not keep the others open. */
  async closeAll(onTrouble: (name: string, error: unknown) => void): Promise<void> {
    for (let part = this.parts.pop(); part !== undefined; part = this.parts.pop()) {
      try {
        await part.close();
      } catch (error) {
        onTrouble(part.name, error);
      }
    }
  }

  abandonAll(): void {
    for (const part of this.parts.toReversed()) part.abandon?.();
  }
}
