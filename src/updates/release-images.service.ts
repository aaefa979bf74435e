// The images that scooters fetch. One never changes, so it is read once and kept for all who ask; whether it may be
// handed out is asked of the database each time. Anybody may knock, so only so many are served at once.
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { orRefuse, refuseIf } from '../platform/refusal.js';
import { OFFERED_IN } from './rollout-state.js';

/** The one on its way and the one finished before it; 4 MiB each. */
const KEPT = 2;
export const MOST_AT_ONCE = 64;

@Injectable()
export class ReleaseImagesService {
  /** By checksum, the one asked for last at the end. */
  private readonly kept = new Map<string, Promise<Buffer>>();
  private underWay = 0;

  constructor(private readonly db: DataSource) {}

  /** A place among those who are served at once, and how to leave it. @throws Refusal temporarily_unavailable */
  enter(): () => void {
    refuseIf(this.underWay >= MOST_AT_ONCE ? 'temporarily_unavailable' : null);
    this.underWay++;
    return () => { this.underWay--; };
  }

  /** Only while it is offered: a halted release is fetched by nobody, whoever still holds an old offer. */
  async read(name: string): Promise<{ sha256: string; bytes: Buffer }> {
    const [release] = await this.db.query<{ sha256: string }[]>('select sha256 from releases where name = $1 and state = any($2)', [name, [...OFFERED_IN]]);
    const { sha256 } = orRefuse(release, 'release_unknown', { release: name });
    return { sha256, bytes: await this.bytesOf(name, sha256) };
  }

  private bytesOf(name: string, sha256: string): Promise<Buffer> {
    const bytes = this.kept.get(sha256) ?? this.load(name, sha256);
    this.kept.delete(sha256);
    this.kept.set(sha256, bytes);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT && oldest !== undefined) this.kept.delete(oldest);
    return bytes;
  }

  private load(name: string, sha256: string): Promise<Buffer> {
    const loaded = this.db.query<{ bytes: Buffer }[]>('select bytes from release_images where release = $1', [name])
      .then(([row]) => orRefuse(row, 'release_unknown', { release: name }).bytes);
    // What could not be read now may be read the next time.
    loaded.catch(() => { if (this.kept.get(sha256) === loaded) this.kept.delete(sha256); });
    return loaded;
  }
}
