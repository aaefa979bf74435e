import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheOperator } from '../platform/http/auth.guard.js';
import { OperatorSession, SignedOut, StaffSignIn } from './accounts.dto.js';
import { StaffService } from './staff.service.js';

@ApiTags('operator: account')
@Allow('anyone')
@Controller('operator')
export class OperatorSignInController {
  constructor(private readonly staff: StaffService) {}

  @Post('sign-in')
  @Answers(200, OperatorSession, 'Signed in; the token goes into the Authorization header as Bearer.')
  async signIn(@Body({ schema: StaffSignIn }) typed: StaffSignIn): Promise<z.infer<typeof OperatorSession>> {
    const { token, actor } = await this.staff.signInOperator(typed);
    return { token, staffId: actor.staffId, role: actor.role };
  }

  @Post('sign-out')
  @Allow('operator')
  @Answers(200, SignedOut, 'Signed out on every device.')
  async signOut(
    @TheOperator() { staffId }: Extract<Actor, { audience: 'operator' }>,
  ): Promise<z.infer<typeof SignedOut>> {
    await this.staff.signOut(staffId);
    return { signedOut: true };
  }
}
