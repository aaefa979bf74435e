// What is told of a scooter and what it amounts to. Every method is one reaction to one event, in its transaction.
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { CommandsService } from '../commands/commands.service.js';
import type { Events } from '../events.js';
import { FleetService } from '../fleet/fleet.service.js';
import type { ScooterState } from '../fleet/scooter.js';
import { Clock } from '../platform/clock.js';
import type { ScooterId } from '../platform/ids.js';
import { AlertBookService } from './alert-book.service.js';
import { CLOCK_TOLERANCE_SECONDS, SILENT_COMMANDS, SUSPECTS_IN_A_ROW, type AlertKind } from './alert-kinds.js';
import type { AlertDetails } from './alert.js';
import { DoubtsService } from './doubts.service.js';
import { silentInARow } from './silence.js';

/** Whoever has it in the workshop or at the van may move it, lay it down and open it. */
const IN_HANDS: ReadonlySet<ScooterState> = new Set(['maintenance', 'retired']);

@Injectable()
export class SightingsService {
  constructor(
    private readonly fleet: FleetService,
    private readonly commands: CommandsService,
    private readonly book: AlertBookService,
    private readonly doubts: DoubtsService,
    private readonly clock: Clock,
  ) {}

  movedAlone(tx: EntityManager, { scooterId }: Events['scooter.moved_alone']): Promise<void> {
    return this.noteUnlessInHands(tx, 'moved_without_ride', scooterId);
  }

  fell(tx: EntityManager, { scooterId }: Events['scooter.fell']): Promise<void> {
    return this.noteUnlessInHands(tx, 'fell', scooterId);
  }

  wentAstray(tx: EntityManager, { scooterId, lock }: Events['scooter.went_astray']): Promise<void> {
    return this.noteUnlessInHands(tx, 'ghost_ride', scooterId, { lock });
  }

  async bayOpened(tx: EntityManager, { scooterId, at }: Events['scooter.bay_opened']): Promise<void> {
    if (await this.commands.wasGiven(tx, scooterId, 'open_bay', new Date(at))) return;
    await this.noteUnlessInHands(tx, 'bay_opened', scooterId);
  }

  async placeDoubted(tx: EntityManager, event: Events['scooter.place_doubted']): Promise<void> {
    await this.doubts.place(tx, event);
    if (event.inARow >= SUSPECTS_IN_A_ROW) await this.note(tx, 'suspect_place', event.scooterId, { why: event.why });
  }

  /** In a city that lives fast a message under way looks like a clock that errs. */
  async clockJudged(tx: EntityManager, event: Events['scooter.clock_judged']): Promise<void> {
    const { scooterId, clock, skewSeconds } = event;
    await this.doubts.judgeClock(tx, event);
    if (clock === 'right') return this.book.isOver(tx, 'clock_wrong', scooterId, 'Its clock is right again.');
    if (Math.abs(skewSeconds) / this.clock.speed <= CLOCK_TOLERANCE_SECONDS) return;
    await this.note(tx, 'clock_wrong', scooterId, { clock, skewSeconds });
  }

  async expired(tx: EntityManager, { scooterId }: Events['command.expired']): Promise<void> {
    const inARow = silentInARow(await this.commands.past(tx, scooterId));
    if (inARow >= SILENT_COMMANDS) await this.note(tx, 'never_acks', scooterId, { inARow });
  }

  async refused(tx: EntityManager, { scooterId, reason, kind }: Events['command.refused']): Promise<void> {
    if (reason === 'bad_signature') await this.note(tx, 'bad_signature', scooterId, { command: kind });
  }

  private async noteUnlessInHands(tx: EntityManager, kind: AlertKind, scooterId: ScooterId, details: AlertDetails = {}): Promise<void> {
    const { state } = await this.fleet.hold(tx, scooterId);
    if (!IN_HANDS.has(state)) await this.book.note(tx, { kind, scooterId, isRidden: state === 'taken', details });
  }

  private note(tx: EntityManager, kind: AlertKind, scooterId: ScooterId, details: AlertDetails): Promise<void> {
    return this.book.note(tx, { kind, scooterId, isRidden: false, details });
  }
}
