// Staff: crews on the street and people in the control room, who sign in with a password.
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { hash, verify } from '@node-rs/argon2';
import { createHash, randomBytes } from 'node:crypto';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor, StaffRole } from '../platform/actor.js';
import { AuditService } from '../audit/audit.service.js';
import { invariant } from '../platform/assert.js';
import { Clock } from '../platform/clock.js';
import { newId, type CrewId, type StaffId } from '../platform/ids.js';
import { Refusal, refuseIf } from '../platform/refusal.js';
import { SessionsService } from '../platform/sessions.service.js';
import type { StaffSignIn } from './accounts.dto.js';
import { StaffMemberEntity } from './staff-member.entity.js';

export interface NewStaffMember {
  readonly id?: StaffId;
  readonly email: string;
  readonly name: string;
  readonly password: string;
  readonly role: StaffRole | 'crew';
  readonly crewId?: CrewId;
}

type CrewActor = Extract<Actor, { audience: 'crew' }>;
type OperatorActor = Extract<Actor, { audience: 'operator' }>;

/** argon2id is the default of the library; 19 MiB and two passes are the least OWASP asks for. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };
/** Real seconds. */
const WINDOW_SECONDS = 15 * 60;
const TRIES_PER_WINDOW = 10;

@Injectable()
export class StaffService implements OnModuleInit {
  /** Compared when nobody has that e-mail, so that a stranger waits as long as a colleague. */
  private nobodysHash = '';

  constructor(
    private readonly db: DataSource,
    private readonly clock: Clock,
    private readonly sessions: SessionsService,
    private readonly audit: AuditService,
  ) {}

  async onModuleInit(): Promise<void> {
    this.nobodysHash = await hash(randomBytes(32), COST);
  }

  /** With an id that is known already nothing happens, so that a seed may run twice. */
  async create(
    tx: EntityManager,
    { id = newId<StaffId>(), email, name, password, role, crewId }: NewStaffMember,
  ): Promise<StaffId> {
    if (await tx.existsBy(StaffMemberEntity, { id })) return id;
    const passwordHash = await hash(password, COST);
    const row = {
      id,
      email: email.toLowerCase(),
      name,
      passwordHash,
      role,
      crewId: crewId ?? null,
      createdAt: this.clock.now(),
    };
    const stored = await tx
      .createQueryBuilder()
      .insert()
      .into(StaffMemberEntity)
      .values(row)
      .orIgnore()
      .returning('id')
      .execute();
    refuseIf((stored.raw as unknown[]).length === 0 ? 'account_exists' : null);
    return id;
  }

  async signInCrew(typed: StaffSignIn): Promise<{ token: string; actor: CrewActor }> {
    const { id: staffId, role, crewId } = await this.whoIs(typed);
    if (role !== 'crew' || crewId === null) throw new Refusal('sign_in_wrong');
    const actor: CrewActor = { audience: 'crew', staffId, crewId };
    return { token: await this.letIn(actor, typed.email), actor };
  }

  async signInOperator(typed: StaffSignIn): Promise<{ token: string; actor: OperatorActor }> {
    const { id: staffId, role } = await this.whoIs(typed);
    if (role === 'crew') throw new Refusal('sign_in_wrong');
    const actor: OperatorActor = { audience: 'operator', staffId, role };
    return { token: await this.letIn(actor, typed.email), actor };
  }

  signOut(staffId: StaffId): Promise<void> {
    return this.db.transaction((tx) => this.sessions.closeAll(tx, staffId));
  }

  /** Whether this is a colleague in the control room who can still sign in. */
  async isInControlRoom(id: StaffId): Promise<boolean> {
    const member = await this.db.manager.findOneBy(StaffMemberEntity, { id });
    return member !== null && member.role !== 'crew' && member.disabledAt === null;
  }

  /** The try is written down before the password is looked at: a hundred guesses at once are a hundred tries. */
  private async whoIs({ email, password }: StaffSignIn): Promise<StaffMemberEntity> {
    const triesSoFar = await this.countTry(email);
    refuseIf(triesSoFar >= TRIES_PER_WINDOW ? 'too_many_requests' : null, { retryAfterSeconds: WINDOW_SECONDS });
    const member = await this.db.manager
      .createQueryBuilder(StaffMemberEntity, 'member')
      .where('lower(member.email) = :email', { email })
      .getOne();
    invariant(this.nobodysHash !== '', 'staff sign in after the start');
    const isRight = await verify(member?.passwordHash ?? this.nobodysHash, password);
    if (!member || !isRight || member.disabledAt !== null) throw new Refusal('sign_in_wrong');
    return member;
  }

  /** How many tries this e-mail had before this one, on all replicas; a try beyond the limit is not added. */
  private countTry(email: string): Promise<number> {
    return this.db.transaction(async (tx) => {
      const who = hashOf(email);
      const since = this.clock.inReal(-WINDOW_SECONDS);
      await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 2))', [who]);
      await tx.query(PRUNE, [since]);
      const [tries] = await tx.query<{ count: number }[]>(
        'select count(*)::int as count from staff_sign_in_tries where email_hash = $1 and tried_at > $2',
        [who, since],
      );
      const count = tries?.count ?? 0;
      if (count >= TRIES_PER_WINDOW) return count;
      await tx.query('insert into staff_sign_in_tries (id, email_hash, tried_at) values ($1, $2, $3)', [
        newId(),
        who,
        this.clock.now(),
      ]);
      return count;
    });
  }

  private letIn(actor: CrewActor | OperatorActor, email: string): Promise<string> {
    return this.db.transaction(async (tx) => {
      await tx.query('delete from staff_sign_in_tries where email_hash = $1', [hashOf(email)]);
      await this.audit.note(tx, actor, {
        action: 'staff.sign_in',
        subjectKind: 'staff',
        subjectId: actor.staffId,
        reason: 'signed in',
      });
      return this.sessions.open(tx, actor);
    });
  }
}

const hashOf = (email: string): string => createHash('sha256').update(email).digest('hex');

const PRUNE = `delete from staff_sign_in_tries where id in
  (select id from staff_sign_in_tries where tried_at < $1 limit 100 for update skip locked)`;
