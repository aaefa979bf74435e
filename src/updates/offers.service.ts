// Claims whose turn it is to be offered a release, one claim for each offer however many of us there are, and
// gives up on those who never answer.
import { Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { FleetService } from '../fleet/fleet.service.js';
import { SigningService } from '../identity/signing.service.js';
import { Clock } from '../platform/clock.js';
import { PublicUrlService } from '../platform/http/public-url.service.js';
import type { ScooterId } from '../platform/ids.js';
import type { Signed, UpdateOffer } from '../telematics/wire.js';
import { runningOn } from './progress.queries.js';
import { TIMES_OUT_SECONDS } from './stage-verdict.js';
import { DOWNLOADED_PAUSE_SECONDS, pauseSeconds, updateState, type UpdateState } from './update-state.js';
import { lookAgainSeconds, whyNotOffer } from './why-not-offer.js';

const AT_ONCE = 20;
/** So many may have a release and not have told what became of it: a bad one reaches no more before we know. */
const UNPROVEN_AT_ONCE = 200;
/** … but for this long only, in city seconds, lest a few that fell asleep stop everybody. */
const UNPROVEN_SECONDS = 3600;
/** City seconds for which an offer can be taken; every repetition is a new one. */
const OFFER_LIVES_SECONDS = 6 * 3600;
/** Real seconds until an offer that could not leave is tried again. */
const LINE_DOWN_SECONDS = 5;

interface Due { release: string; scooter_id: ScooterId; state: UpdateState; attempts: number; sha256: string; size_bytes: number }
export interface Offer { readonly scooterId: ScooterId; readonly release: string; readonly signed: Signed }

/** Locked before its rows, as everywhere else, so that nobody offers what is being halted and nobody waits in a circle. */
const OPEN_RELEASES = `
  select r.name from releases r
   where r.state in ('one_percent', 'ten_percent', 'everybody', 'finished')
     and exists (select 1 from scooter_updates u where u.release = r.name and u.state in ('chosen', 'offered', 'downloaded') and u.next_offer_at <= $1)
   order by r.name for share`;
const DUE = `
  select u.release, u.scooter_id, u.state, u.attempts, r.sha256, r.size_bytes
    from scooter_updates u join releases r on r.name = u.release
   where u.state in ('chosen', 'offered', 'downloaded') and u.next_offer_at <= $1 and u.release = any($3) and (u.state <> 'chosen' or $2)
   order by u.next_offer_at limit ${String(AT_ONCE)} for update of u skip locked`;

@Injectable()
export class OffersService {
  constructor(
    private readonly db: DataSource,
    private readonly fleet: FleetService,
    private readonly signing: SigningService,
    private readonly clock: Clock,
    private readonly address: PublicUrlService,
  ) {}

  /** Null when nobody's turn has come. An offer that is claimed here is sent once; if it is lost, its next turn comes. */
  claim(): Promise<Offer[] | null> {
    return this.db.transaction(async (tx) => {
      const now = this.clock.now();
      const open = await tx.query<{ name: string }[]>(OPEN_RELEASES, [now]);
      if (open.length === 0) return null;
      const due = await tx.query<Due[]>(DUE, [now, await this.hasRoom(tx), open.map(({ name }) => name)]);
      if (due.length === 0) return null;
      const ids = due.map(({ scooter_id: id }) => id);
      const scooters = new Map((await this.fleet.readAll(ids)).map((scooter) => [scooter.id, scooter]));
      const runs = await runningOn(tx, ids);
      const offers: Offer[] = [];
      for (const row of due) {
        const scooter = scooters.get(row.scooter_id);
        const why = scooter ? whyNotOffer({ scooter, runs: runs.get(scooter.id) ?? null, release: row.release }) : 'retired';
        if (why === null) offers.push(await this.offer(tx, row, now));
        else await this.lookAgain(tx, row, this.clock.inReal(lookAgainSeconds(why)));
      }
      return offers;
    });
  }

  /** The line was down: soon again. */
  async notLeft({ release, scooterId }: Offer): Promise<void> {
    await this.db.query(`update scooter_updates set next_offer_at = $3 where release = $1 and scooter_id = $2 and state in ('offered', 'downloaded')`,
      [release, scooterId, this.clock.inReal(LINE_DOWN_SECONDS)]);
  }

  /** Silent for a day after the offer; the releases in which that happened. Only while a stage waits for them. */
  async giveUp(tx: EntityManager): Promise<string[]> {
    const [rows] = await tx.query<[{ release: string }[], number]>(
      `update scooter_updates u set state = 'timed_out', settled_at = $1 from releases r
        where r.name = u.release and r.state in ('one_percent', 'ten_percent', 'everybody')
          and u.state in ('offered', 'downloaded') and u.offered_at <= $2 returning u.release`,
      [this.clock.now(), this.clock.in(-TIMES_OUT_SECONDS)]);
    return rows.map(({ release }) => release);
  }

  private async offer(tx: EntityManager, row: Due, now: Date): Promise<Offer> {
    const { release, scooter_id: scooterId, sha256, size_bytes: sizeBytes } = row;
    const attempts = row.attempts + 1;
    const state = updateState.after(row.state, 'offer') ?? row.state;
    const pause = state === 'downloaded' ? DOWNLOADED_PAUSE_SECONDS : pauseSeconds(attempts);
    await tx.query(
      `update scooter_updates set state = $3, attempts = $4, offered_at = coalesce(offered_at, $5), last_offer_at = $5, next_offer_at = $6
        where release = $1 and scooter_id = $2`, [release, scooterId, state, attempts, now, this.clock.inReal(pause)]);
    const notAfter = this.clock.in(OFFER_LIVES_SECONDS).getTime();
    const offer: UpdateOffer = { scooterId, notAfter, release, url: this.address.of(`/devices/releases/${release}/image`), sizeBytes, sha256 };
    return { scooterId, release, signed: this.signing.sign('updates', JSON.stringify(offer)) };
  }

  private async lookAgain(tx: EntityManager, { release, scooter_id: scooterId }: Due, at: Date): Promise<void> {
    await tx.query('update scooter_updates set next_offer_at = $3 where release = $1 and scooter_id = $2', [release, scooterId, at]);
  }

  private async hasRoom(tx: EntityManager): Promise<boolean> {
    const [row] = await tx.query<{ count: number }[]>(
      `select count(*)::int as count from scooter_updates u join releases r on r.name = u.release
        where r.state in ('one_percent', 'ten_percent', 'everybody') and u.state in ('offered', 'downloaded') and u.offered_at > $1`,
      [this.clock.in(-UNPROVEN_SECONDS)]);
    return (row?.count ?? 0) < UNPROVEN_AT_ONCE;
  }
}
