// What people may write into a field: bounded, trimmed, and without what no person types. A NUL breaks
// PostgreSQL, a lone surrogate is silently replaced, U+FFFD is what is left of a byte that was no UTF-8, other
// controls and bidi overrides fake names and logs.
import { z } from 'zod';

const CONTROLS = /[\ufffd\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u;
const CONTROLS_BUT_LINES = /(?![\n\t])[\ufffd\p{Cc}\u202a-\u202e\u2066-\u2069]/u;
/** Something to see: a name of joiners and blanks only is no name. */
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u;
/** Half of a pair: with the `u` flag only surrogates that stand alone match. */
const LONE_SURROGATE = /\p{Cs}/u;

const isClean = (text: string): boolean => !CONTROLS.test(text) && !LONE_SURROGATE.test(text);

/** One line of `least` to `most` characters: names, reasons, titles. Normalised, so twins are equal. */
export const line = (most: number, least = 1) =>
  z
    .string()
    .min(least)
    .max(most)
    .refine(isClean, 'holds characters that cannot be written here')
    .transform((text) => text.normalize('NFC').trim())
    .pipe(
      z
        .string()
        .min(least)
        .max(most)
        .refine((text) => text === '' || VISIBLE.test(text), 'has nothing to read'),
    );

/** Several lines, for notes. */
export const note = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine(
      (text) => !CONTROLS_BUT_LINES.test(text) && !LONE_SURROGATE.test(text),
      'holds characters that cannot be written here',
    )
    .transform((text) => text.normalize('NFC').trim())
    .pipe(z.string().min(1).max(most));

/** Why somebody did something, in a few words: every look and every order of staff needs one. */
export const reason = line(500, 3);

/** An e-mail address, lower-cased: two that differ in case only are one. RFC 5321 allows 254 characters. */
export const email = z
  .string()
  .max(254)
  .transform((text) => text.trim().toLowerCase())
  .pipe(z.email().max(254));

/** A day of the calendar, written YYYY-MM-DD; 31 February is none. */
export const day = z.iso.date();
