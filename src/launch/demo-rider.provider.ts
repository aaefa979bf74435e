// One rider to sign in as: joined by the same steps as anybody, with the code read from the SMS stand-in.
import type { INestApplicationContext } from '@nestjs/common';
import { SignInService } from '../accounts/sign-in.service.js';
import type { SmsStandIn } from '../embedded/sms-stand-in.js';
import { Refusal } from '../platform/refusal.js';

/** ARCEP keeps 06 39 98 for numbers in films: nobody has it. Born before 1988, so no licence is needed. */
const CAMILLE = {
  firstName: 'Camille',
  lastName: 'Martin',
  email: 'camille@roue-libre.example',
  phone: '+33639980001',
  birthDate: '1985-04-12',
  language: 'en',
} as const;

/** @returns the phone to sign in with. */
export async function welcomeDemoRider(app: INestApplicationContext, sms: SmsStandIn): Promise<string> {
  const signIn = app.get(SignInService);
  try {
    await signIn.signUp(CAMILLE);
  } catch (error) {
    if (error instanceof Refusal && error.code === 'account_exists') return CAMILLE.phone;
    throw error;
  }
  const code = /\b\d{6}\b/.exec(sms.messagesTo(CAMILLE.phone)[0]?.text ?? '')?.[0];
  if (code !== undefined) await signIn.verifyPhone(CAMILLE.phone, code);
  return CAMILLE.phone;
}
