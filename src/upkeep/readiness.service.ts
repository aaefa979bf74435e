// The city is ready when every part that registered here says so: database, broker, fleet.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';

/** Null means well; otherwise what is missing, in a few words. */
export type Probe = () => Promise<string | null>;

@Injectable()
export class ReadinessService {
  private readonly probes = new Map<string, Probe>();

  constructor(db: DataSource) {
    this.add('database', async () => {
      await db.query('select 1');
      return null;
    });
  }

  add(part: string, probe: Probe): void {
    this.probes.set(part, probe);
  }

  async ask(): Promise<{ ready: boolean; parts: Record<string, string> }> {
    const answers = await Promise.all([...this.probes].map(async ([part, probe]) => [part, await quietly(probe)] as const));
    return {
      ready: answers.every(([, missing]) => missing === null),
      parts: Object.fromEntries(answers.map(([part, missing]) => [part, missing ?? 'ok'])),
    };
  }
}

async function quietly(probe: Probe): Promise<string | null> {
  try {
    return await probe();
  } catch {
    return 'does not answer';
  }
}
