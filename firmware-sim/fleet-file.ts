// The fleet as the service's seed writes it: one scooter a line, with the secrets burnt into it at the factory.
import { z } from 'zod';

export const FleetCard = z.strictObject({
  scooterId: z.uuid(),
  plate: z.string().min(1).max(20),
  vin: z.string().min(1).max(20),
  password: z.string().min(1).max(200),
  commandKey: z.string().regex(/^[0-9a-f]{64}$/),
  /** The raw public key of the service, hex; a unit without it takes neither zones nor updates. */
  serviceKey: z.string().regex(/^[0-9a-f]{64}$/).optional(),
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  batterySerial: z.string().min(1).max(40),
  chargePercent: z.number().min(0).max(100),
  odometerM: z.number().min(0),
});
export type FleetCard = z.infer<typeof FleetCard>;

export function readFleet(text: string): FleetCard[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => FleetCard.parse(JSON.parse(line)));
}
