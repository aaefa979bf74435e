// The words of OMNI's scooter units: ASCII frames over TCP, as published for their IoT boxes. Pure: text in,
// text out. The protocol signs nothing and counts nothing; what makes an order safe happens before it gets here.
import { type Fix } from '../src/telematics/wire.js';

export interface OmniFrame {
  readonly imei: string;
  /** Two characters: Q0 check-in, H0 heartbeat, R0 operation key, L0 unlock, L1 lock, L5 other locks, D0 place, S6 state, W0 alarm. */
  readonly word: string;
  readonly fields: readonly string[];
}

const FRAME = /^\*SCOR,OM,(\d{15}),([A-Z]\d)((?:,[^,#*]*)*)#$/;
/** Longer than any frame of the protocol; whoever sends more without an end is not a unit. */
export const MOST_FRAME_BYTES = 512;
/** Every frame to a unit begins with two bytes FF. */
const PREFIX = Buffer.from([0xff, 0xff]);

export function readFrame(line: string): OmniFrame | null {
  const [, imei, word, rest] = FRAME.exec(line.trim()) ?? [];
  if (imei === undefined || word === undefined || rest === undefined) return null;
  return { imei, word, fields: rest === '' ? [] : rest.slice(1).split(',') };
}

export function frameBytes(imei: string, word: string, ...fields: readonly (string | number)[]): Buffer {
  return Buffer.concat([PREFIX, Buffer.from(`*SCOS,OM,${[imei, word, ...fields].join(',')}#\n`, 'ascii')]);
}

/** A finite number in its bounds, or null. */
export function numberIn(text: string | undefined, least: number, most: number): number | null {
  if (text === undefined || !/^-?\d+(\.\d+)?$/.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}

/** `ddmm.mmmm` with its hemisphere, in degrees. */
export function degrees(text: string | undefined, hemisphere: string | undefined): number | null {
  const [, whole, minutes] = /^(\d{2,3})(\d{2}(?:\.\d+)?)$/.exec(text ?? '') ?? [];
  if (whole === undefined || minutes === undefined || Number(minutes) >= 60) return null;
  const value = Number(whole) + Number(minutes) / 60;
  if (hemisphere === 'N' || hemisphere === 'E') return value;
  return hemisphere === 'S' || hemisphere === 'W' ? -value : null;
}

/** What a horizontal dilution of 1 is worth in metres with a receiver of this class. */
const METERS_PER_HDOP = 5;

/** The place of a D0 frame; null without a valid fix. Its clock is not asked: a place asked for now is of now. */
export function fixOf({ fields }: OmniFrame): Fix | null {
  const [, , valid, latText, north, lonText, east, , hdopText] = fields;
  const [latitude, longitude] = [degrees(latText, north), degrees(lonText, east)];
  if (valid !== 'A' || latitude === null || longitude === null) return null;
  if (Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return null;
  const hdop = numberIn(hdopText, 0, 100) ?? 100;
  const round = (value: number): number => Math.round(value * 1e6) / 1e6;
  return { latitude: round(latitude), longitude: round(longitude), accuracyM: Math.max(3, hdop * METERS_PER_HDOP), ageS: 0 };
}

export interface OmniState {
  readonly isLocked: boolean | null;
  readonly chargePercent: number | null;
  readonly speedKmh: number | null;
  readonly odometerM: number | null;
}

const lockOf = (text: string | undefined): boolean | null => (text === '1' ? true : text === '0' ? false : null);

/** What a frame says of the scooter's state; null when it is of another kind. */
export function stateOf({ word, fields }: OmniFrame): OmniState | null {
  if (word === 'H0') {
    const [lock, , , charge] = fields;
    return { isLocked: lockOf(lock), chargePercent: numberIn(charge, 0, 100), speedKmh: null, odometerM: null };
  }
  if (word !== 'S6') return null;
  const [charge, , speed, , , , lock, , , total] = fields;
  const [tenths, decametres] = [numberIn(speed, 0, 1000), numberIn(total, 0, 200_000_000)];
  return {
    isLocked: lockOf(lock),
    chargePercent: numberIn(charge, 0, 100),
    speedKmh: tenths === null ? null : tenths / 10,
    odometerM: decametres === null ? null : decametres * 10,
  };
}
