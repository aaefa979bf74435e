import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheCrew } from '../platform/http/auth.guard.js';
import { CrewSession, SignedOut, StaffSignIn } from './accounts.dto.js';
import { StaffService } from './staff.service.js';

@ApiTags('crew: account')
@Allow('anyone')
@Controller('crew')
export class CrewSignInController {
  constructor(private readonly staff: StaffService) {}

  @Post('sign-in')
  @Answers(200, CrewSession, 'Signed in; the token goes into the Authorization header as Bearer.')
  async signIn(@Body({ schema: StaffSignIn }) typed: StaffSignIn): Promise<z.infer<typeof CrewSession>> {
    const { token, actor } = await this.staff.signInCrew(typed);
    return { token, crewId: actor.crewId };
  }

  @Post('sign-out')
  @Allow('crew')
  @Answers(200, SignedOut, 'Signed out on every device.')
  async signOut(@TheCrew() { staffId }: Extract<Actor, { audience: 'crew' }>): Promise<z.infer<typeof SignedOut>> {
    await this.staff.signOut(staffId);
    return { signedOut: true };
  }
}
