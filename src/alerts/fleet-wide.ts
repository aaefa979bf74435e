// When a trouble is no longer that of single scooters: a broker that dies takes a thousand of them out of reach at
// once, and a thousand rows would hide the one thing to be done. Then there is one row for the whole fleet.

/** Openings of one kind within this long belong together; city time. */
export const TOGETHER_MINUTES = 10;
const LEAST = 5;
const SHARE = 0.02;
/** However large the fleet, nobody works through more rows than this. */
const MOST = 50;

export function isFleetWide(troubled: number, fleetSize: number): boolean {
  return troubled >= Math.min(MOST, Math.max(LEAST, Math.ceil(fleetSize * SHARE)));
}
