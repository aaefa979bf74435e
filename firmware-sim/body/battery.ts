// How far a charge carries: forces on a moped at a given speed, what the cold takes from the cells, and
// the range a careful instrument would show from what was lately used.

/** The set under the seat is two removable packs of 1.7 kWh, as on the unu Scooter; it is swapped as one, under one serial. */
export const PACK_WH = 3_400;
/** The last five percent are kept back by the cells' own electronics. */
export const USABLE_SHARE = 0.95;
/** Kerb weight of a 45 km/h sharing moped with its batteries (110 to 130 kg on the market). */
export const MOPED_KG = 125;
/** The passenger of type-approval cycles (Regulation (EU) 134/2014, annex II). */
export const RIDER_KG = 75;
/** Drag area of a rider sitting upright behind a low shield; measured values lie between 0.6 and 0.8 m². */
const DRAG_AREA_M2 = 0.68;
/** Small 12-inch moped tyres on city asphalt: 0.012 to 0.02. */
const ROLLING_RESISTANCE = 0.015;
const GRAVITY = 9.81;
/** Hub motor and controller, battery to road. */
const DRIVE_EFFICIENCY = 0.8;
/** Of braking energy that much comes back; a hub motor on a light moped recovers little. */
const RECOVERED_SHARE = 0.25;
/** Lights, controller and display of a ride. */
export const RIDING_AUXILIARY_W = 45;
/** A parked scooter: a listening modem, a sleeping receiver. About one percent a day. */
export const PARKED_AUXILIARY_W = 1.5;
/** What a new estimate starts from, and the bounds in which it is believed (Wh per km). */
export const USUAL_WH_PER_KM = 38;
const LOWEST_WH_PER_KM = 22;
const HIGHEST_WH_PER_KM = 75;
/** The estimate forgets with this distance: a few kilometres of the present rider and weather. */
const LEARNING_KM = 5;

export interface Pack {
  readonly serial: string;
  readonly chargePercent: number;
  /** Recent consumption, from which the range is told. */
  readonly whPerKm: number;
}

/** Share of the usual capacity at a cell temperature: lithium NMC discharge curves, between the points a straight line. */
const CAPACITY_BY_CELSIUS: readonly (readonly [celsius: number, share: number])[] = [
  [-20, 0.6],
  [-10, 0.73],
  [0, 0.84],
  [10, 0.93],
  [20, 1],
];

export function capacityShare(celsius: number): number {
  let [belowC, belowShare] = CAPACITY_BY_CELSIUS[0] ?? [0, 1];
  if (celsius <= belowC) return belowShare;
  for (const [pointC, pointShare] of CAPACITY_BY_CELSIUS) {
    if (celsius <= pointC && pointC > belowC) {
      return belowShare + ((pointShare - belowShare) * (celsius - belowC)) / (pointC - belowC);
    }
    [belowC, belowShare] = [pointC, pointShare];
  }
  return 1;
}

/** Monthly mean of the air in Paris-Montsouris, January first (Météo-France normals 1991–2020), in °C. */
const PARIS_CELSIUS = [5.4, 6, 9.2, 12.2, 15.6, 18.8, 20.9, 20.8, 17.2, 13.2, 8.7, 5.9] as const;

export const parisCelsius = (at: Date): number => PARIS_CELSIUS[at.getUTCMonth()] ?? 12;

/** Air gets thicker in the cold: ideal gas at sea level. */
const airKgPerM3 = (celsius: number): number => 353 / (273.15 + celsius);

export interface Effort {
  readonly speedMps: number;
  readonly accelerationMps2: number;
  readonly loadKg: number;
  readonly celsius: number;
}

/** Watts out of the battery to move like this; below zero when braking gives some back. Auxiliaries come on top. */
export function tractionWatts({ speedMps, accelerationMps2, loadKg, celsius }: Effort): number {
  const kg = MOPED_KG + loadKg;
  const newtons =
    0.5 * airKgPerM3(celsius) * DRAG_AREA_M2 * speedMps ** 2 +
    kg * GRAVITY * ROLLING_RESISTANCE +
    kg * accelerationMps2;
  const watts = newtons * speedMps;
  return watts >= 0 ? watts / DRIVE_EFFICIENCY : watts * RECOVERED_SHARE;
}

const capacityWh = (celsius: number): number => PACK_WH * USABLE_SHARE * capacityShare(celsius);

/** What can still be taken out at this temperature. */
export const usableWh = (pack: Pack, celsius: number): number => (pack.chargePercent / 100) * capacityWh(celsius);

/** The pack after giving (or taking back) so many watt hours. */
export function drain(pack: Pack, wattHours: number, celsius: number): Pack {
  const chargePercent = Math.max(0, Math.min(100, pack.chargePercent - (wattHours / capacityWh(celsius)) * 100));
  return { ...pack, chargePercent };
}

/** The pack's memory of consumption after so many metres on so many watt hours. */
export function learn(pack: Pack, wattHours: number, meters: number): Pack {
  if (meters < 1) return pack;
  const km = meters / 1000;
  const weight = 1 - Math.exp(-km / LEARNING_KM);
  const learnt = pack.whPerKm + (wattHours / km - pack.whPerKm) * weight;
  return { ...pack, whPerKm: Math.max(LOWEST_WH_PER_KM, Math.min(HIGHEST_WH_PER_KM, learnt)) };
}

/** Kilometres left, were the next ones like the last ones. */
export const rangeKm = (pack: Pack, celsius: number): number => usableWh(pack, celsius) / pack.whPerKm;

/** The charge at which this pack would show that range: for tests and crews who think in kilometres. */
export const chargeFor = (km: number, pack: Pack, celsius: number): number =>
  Math.min(100, ((km * pack.whPerKm) / capacityWh(celsius)) * 100);
