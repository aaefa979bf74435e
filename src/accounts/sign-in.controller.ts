import { Body, Controller, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { z } from 'zod';
import type { Actor } from '../platform/actor.js';
import { Allow } from '../platform/http/allow.decorator.js';
import { Answers } from '../platform/http/answers.decorator.js';
import { TheRider } from '../platform/http/auth.guard.js';
import { CodeSent, RiderSession, SignedOut, SignedUp, SignIn, SignUp, VerifyPhone } from './accounts.dto.js';
import { CODE_LIVES_SECONDS } from './phone-code.js';
import { SignInService } from './sign-in.service.js';

@ApiTags('rider: account')
@Allow('anyone')
@Controller('rider')
export class SignInController {
  constructor(private readonly signIns: SignInService) {}

  @Post('sign-up')
  @Answers(201, SignedUp, 'A new account; a code is on its way to the phone.')
  async signUp(@Body({ schema: SignUp }) person: SignUp): Promise<z.infer<typeof SignedUp>> {
    return { riderId: await this.signIns.signUp(person) };
  }

  @Post('sign-in')
  @Answers(202, CodeSent, 'A text message is on its way, whoever has this phone.')
  async signIn(@Body({ schema: SignIn }) { phone }: SignIn): Promise<z.infer<typeof CodeSent>> {
    await this.signIns.askForCode(phone);
    return { expiresInSeconds: CODE_LIVES_SECONDS };
  }

  @Post('verify-phone')
  @Answers(200, RiderSession, 'Signed in; the token goes into the Authorization header as Bearer.')
  async verifyPhone(
    @Body({ schema: VerifyPhone }) { phone, code }: VerifyPhone,
  ): Promise<z.infer<typeof RiderSession>> {
    const { token, riderId } = await this.signIns.verifyPhone(phone, code);
    return { token, riderId };
  }

  @Post('sign-out')
  @Allow('rider')
  @Answers(200, SignedOut, 'Signed out on every device.')
  async signOut(@TheRider() rider: Extract<Actor, { audience: 'rider' }>): Promise<z.infer<typeof SignedOut>> {
    await this.signIns.signOut(rider.riderId);
    return { signedOut: true };
  }
}
