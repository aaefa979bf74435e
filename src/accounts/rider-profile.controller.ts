import { Body, Controller, Get, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Actor } from '../platform/actor.js';
import { cityDay } from '../platform/city-time.js';
import { Clock } from '../platform/clock.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheRider } from '../platform/http/auth.guard.js';
import { NewLicence, Profile, profileAnswer } from './accounts.dto.js';
import { RidersService } from './riders.service.js';

type RiderActor = Extract<Actor, { audience: 'rider' }>;

@ApiTags('rider: account')
@Allow('rider')
@Controller('rider')
export class RiderProfileController {
  constructor(
    private readonly riders: RidersService,
    private readonly clock: Clock,
  ) {}

  @Get('profile')
  @Answers(200, Profile, 'What we know of you, whether you may ride, and what is missing.')
  async show(@TheRider() { riderId }: RiderActor): Promise<Profile> {
    return profileAnswer(await this.riders.profile(riderId), cityDay(this.clock.now()));
  }

  @Post('licence')
  @Answers(200, Profile, 'The licence is with a person who looks at it.')
  async sendLicence(
    @TheRider() { riderId }: RiderActor,
    @Body({ schema: NewLicence }) licence: NewLicence,
  ): Promise<Profile> {
    return profileAnswer(await this.riders.sendLicence(riderId, licence), cityDay(this.clock.now()));
  }
}
