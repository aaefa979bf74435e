import { Body, Controller, Get, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import { OncePerKey } from '../platform/http/idempotency.interceptor.js';
import { ReleasesService } from './releases.service.js';
import { RolloutsService } from './rollouts.service.js';
import {
  Held, ReleaseAnswer, releaseAnswer, ReleaseList, releaseList, ReleasePage, ReleasePath, RolloutOrdered, ScooterFirmware, scooterFirmware,
  ScooterPath, UpdateList, updateList, UpdatePage, UploadedRelease,
} from './updates.dto.js';

@ApiTags('operator: releases')
@Allow('operator')
@Controller('operator')
export class ReleasesController {
  constructor(
    private readonly releases: ReleasesService,
    private readonly rollouts: RolloutsService,
  ) {}

  @Post('releases')
  @OncePerKey()
  @Allow('operator', ['admin'])
  @Answers(201, ReleaseAnswer, 'A release of the scooters\' firmware, kept as a draft: nobody is offered it yet.')
  async upload(@TheOperator() actor: Actor, @Body({ schema: UploadedRelease }) release: UploadedRelease): Promise<ReleaseAnswer> {
    return releaseAnswer(await this.releases.upload(actor, release));
  }

  @Get('releases')
  @Answers(200, ReleaseList, 'Releases, the latest first, and how far each has come.')
  async list(@Query({ schema: ReleasePage }) { cursor, limit }: ReleasePage): Promise<ReleaseList> {
    return releaseList(await this.releases.page(cursor ?? null, limit), limit);
  }

  @Get('releases/:release')
  @Answers(200, ReleaseAnswer, 'One release, and how many scooters stand where with it.')
  async read(@Param({ schema: ReleasePath }) { release }: ReleasePath): Promise<ReleaseAnswer> {
    return releaseAnswer(await this.releases.read(release));
  }

  @Get('releases/:release/scooters')
  @Answers(200, UpdateList, 'What became of a release on each scooter, by scooter.')
  async scooters(@Param({ schema: ReleasePath }) { release }: ReleasePath, @Query({ schema: UpdatePage }) asked: UpdatePage): Promise<UpdateList> {
    const rows = await this.releases.scooters(release, { state: asked.state ?? null, cursor: asked.cursor ?? null, limit: asked.limit });
    return updateList(rows, asked.limit);
  }

  @Post('releases/:release/rollout')
  @OncePerKey()
  @Allow('operator', ['admin'])
  @Answers(200, ReleaseAnswer, 'Starts, widens, resumes or withdraws a release, with the reason.')
  async order(
    @TheOperator() actor: Actor, @Param({ schema: ReleasePath }) { release }: ReleasePath, @Body({ schema: RolloutOrdered }) order: RolloutOrdered,
  ): Promise<ReleaseAnswer> {
    await this.rollouts.order(actor, release, order);
    return releaseAnswer(await this.releases.read(release));
  }

  @Post('releases/:release/hold')
  @OncePerKey()
  @Allow('operator', ['operator', 'admin'])
  @Answers(200, ReleaseAnswer, 'Stops offering a release at once; whoever is on duty may do that.')
  async hold(
    @TheOperator() actor: Actor, @Param({ schema: ReleasePath }) { release }: ReleasePath, @Body({ schema: Held }) { reason }: Held,
  ): Promise<ReleaseAnswer> {
    await this.rollouts.order(actor, release, { order: 'hold', reason });
    return releaseAnswer(await this.releases.read(release));
  }

  @ApiTags('operator: scooters')
  @Get('scooters/:scooterId/firmware')
  @Answers(200, ScooterFirmware, 'The release a scooter runs, and what became of those it was offered.')
  async ofScooter(@Param({ schema: ScooterPath }) { scooterId }: ScooterPath): Promise<ScooterFirmware> {
    return scooterFirmware(await this.releases.ofScooter(scooterId));
  }
}
