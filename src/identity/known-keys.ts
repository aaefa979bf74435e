// Keys that everybody knows. A maker once gave every scooter of a city the key ffff…; whoever read it in
// one could open all. Such keys do not get in.

const SEQUENCES = ['0123456789abcdef', 'fedcba9876543210', '1234567890', '0987654321', 'deadbeef', 'cafebabe'];

/** Whether a 256-bit key (hex) is one byte or a short pattern over and over, or counts up or down. */
export function isKnownDefault(keyHex: string): boolean {
  const key = keyHex.toLowerCase();
  const repeats = [2, 4, 6, 8, 16].some((length) => key === key.slice(0, length).repeat(64).slice(0, key.length));
  const countsBy = (step: number): boolean => {
    const bytes = Buffer.from(key, 'hex');
    return bytes.every((byte, index) => index === 0 || byte === ((bytes[index - 1] ?? 0) + step + 256) % 256);
  };
  const isSequence = SEQUENCES.some((sequence) => sequence.repeat(8).includes(key));
  const isPadded = /^0{40,}|0{40,}$|^f{40,}|f{40,}$/.test(key) || /^(?:30|31|32|33|34|35|36|37|38|39){16,}/.test(key);
  return repeats || isSequence || isPadded || countsBy(1) || countsBy(-1);
}

const LEAST_PASSWORD_LENGTH = 16;
/** Fewer different characters than this are no random password, however long. */
const LEAST_CHARACTERS = 8;

/** Whether a password is short, of hardly any characters, or one of the patterns above. */
export const isKnownPassword = (password: string): boolean =>
  password.length < LEAST_PASSWORD_LENGTH
  || new Set(password).size < LEAST_CHARACTERS
  || SEQUENCES.some((sequence) => sequence.repeat(8).includes(password.toLowerCase()));
