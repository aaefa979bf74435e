// The six digits that prove a phone: how they are made, kept, judged and told.
import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import type { RefusalCode } from '../errors.js';

/** Real seconds: a text message does not travel faster in a fast city. */
export const CODE_LIVES_SECONDS = 600;
export const CODE_TRIES = 5;
/** Five codes of five tries an hour: one chance in 40,000 to guess one. */
export const CODES_PER_HOUR = 5;

export interface PhoneCode {
  readonly id: string;
  readonly codeHash: string;
  readonly triesLeft: number;
  readonly expiresAt: Date;
  readonly usedAt: Date | null;
}

export const newCode = (): string => String(randomInt(0, 1_000_000)).padStart(6, '0');

/** Mixed with the id of its row, so that equal codes look different. */
export const hashOfCode = (id: string, code: string): string =>
  createHash('sha256').update(`${id}:${code}`).digest('hex');

/** `spent` codes are not even compared: used, run out, or tried too often. */
export function judgeCode(kept: PhoneCode, typed: string, now: Date): 'right' | 'wrong' | 'spent' {
  if (kept.usedAt !== null || kept.triesLeft === 0 || kept.expiresAt <= now) return 'spent';
  const [ours, theirs] = [Buffer.from(kept.codeHash), Buffer.from(hashOfCode(kept.id, typed))];
  return ours.length === theirs.length && timingSafeEqual(ours, theirs) ? 'right' : 'wrong';
}

export const whyNotSendCode = (sentThisHour: number): RefusalCode | null =>
  sentThisHour >= CODES_PER_HOUR ? 'too_many_requests' : null;

export const codeText = (code: string, language: 'fr' | 'en'): string =>
  language === 'fr'
    ? `Roue Libre : votre code est ${code}. Il vaut 10 minutes ; ne le donnez à personne.`
    : `Roue Libre: your code is ${code}. It is good for 10 minutes; give it to nobody.`;

/** Also a stranger's phone gets a message, so that the door answers alike and as slowly for everybody. */
export const strangerText =
  'Roue Libre : aucun compte avec ce numéro, inscrivez-vous dans l’application. / ' +
  'No account with this number, please sign up in the app.';
