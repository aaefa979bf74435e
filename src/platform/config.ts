// The environment as one schema. What is not set gets what a city on one machine needs; `.env.example`
// lists every line and a test keeps the two equal.
import { z } from 'zod';

const whole = (least: number, most: number, otherwise: number) =>
  z.coerce.number().int().min(least).max(most).default(otherwise);

export const Environment = z.object({
  PORT: whole(0, 65_535, 3000).describe('HTTP port; 0 lets the system choose.'),
  HOST: z.string().min(1).default('127.0.0.1').describe('Address to listen on; 0.0.0.0 for all.'),
  PUBLIC_URL: z.url().optional().describe('The address people use, when it is not http://HOST:PORT.'),
  DATABASE_URL: z.url().optional().describe('A PostgreSQL 15+ of yours; without it one is started from npm binaries.'),
  DATABASE_POOL: whole(2, 200, 16).describe('Database connections of one process.'),
  MQTT_URL: z.url().optional().describe('A broker of yours, with the service account in it; without it one runs inside.'),
  FLEET_MQTT_URL: z.url().optional().describe('The door of that broker for scooters, when it is another one; without an account.'),
  MOSQUITTO_SECRETS: z.string().min(1).optional().describe('A folder for the password files of a Mosquitto, written when a city is seeded.'),
  MQTT_CA: z.string().min(1).optional().describe('A file with the authority behind the certificate of an mqtts broker, when it is one of your own.'),
  MQTT_PORT: whole(0, 65_535, 1883).describe('Port of the broker inside; 0 lets the system choose.'),
  MQTT_TLS_CERT: z.string().min(1).optional().describe('A certificate file for the broker inside: then scooters come in by TLS, and the plain port is for this machine alone.'),
  MQTT_TLS_KEY: z.string().min(1).optional().describe('The file with its private key.'),
  MQTT_TLS_PORT: whole(0, 65_535, 8883).describe('Port of the broker inside for TLS; 0 lets the system choose.'),
  KEY_DAYS: whole(0, 3650, 90).describe('Days after which a scooter gets a new command key, without anybody asking; 0 for never.'),
  STRIPE_SECRET_KEY: z.string().regex(/^(sk|rk)_(test|live)_/).optional().describe('A Stripe key; without it a stand-in runs inside.'),
  STRIPE_PUBLISHABLE_KEY: z.string().regex(/^pk_(test|live)_/).optional().describe('The key the rider app needs beside it.'),
  STRIPE_WEBHOOK_SECRET: z.string().min(8).optional().describe('The signing secret of the Stripe webhook.'),
  SMS_URL: z.url().optional().describe('Where text messages are posted as {to, text}; without it a stand-in keeps them.'),
  SIGNING_KEY: z.string().regex(/^[0-9a-f]{64}$/).optional().describe('The Ed25519 key (32 bytes, hex) under zones and updates; without it one is made and kept in DATA_DIR.'),
  CLOCK_SPEED: z.coerce.number().min(1).max(1000).default(1).describe('How much faster than reality the city lives.'),
  CLOCK_FROM: z.iso.datetime().optional().describe('What the clock of the city showed …'),
  CLOCK_SINCE: z.coerce.number().int().min(0).optional().describe('… when reality stood at this epoch millisecond.'),
  RATE_PER_SECOND: whole(1, 1_000_000, 50).describe('Requests a second one session or address may send.'),
  LOG_LEVEL: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info').describe('How much the service tells.'),
  SCOOTERS: whole(0, 20_000, 1000).describe('Simulated scooters; 0 for a city of real ones.'),
  RIDERS: whole(0, 5000, 400).describe('Simulated riders, who bring their crews; 0 for a city of real people.'),
  SEED: whole(0, 999_999, 1).describe('The same number gives the same simulated city.'),
  SEED_CITY: whole(0, 20_000, 0).describe('Fills an empty database with a city of so many scooters, also when none are simulated here.'),
  DATA_DIR: z.string().min(1).default('.data').describe('Where what runs inside keeps its data.'),
});
export type Environment = z.infer<typeof Environment>;

/** What the service itself needs: every address is known, whoever listens there. */
export interface CityConfig {
  readonly databaseUrl: string;
  readonly databasePool: number;
  readonly mqttUrl: string;
  /** The authority behind the broker's certificate (PEM), when it is one of our own. */
  readonly mqttCa?: string;
  /** A folder with the password files of a Mosquitto, which we keep as the database has them. */
  readonly mosquittoSecrets?: string;
  /** Days a command key is used at most; 0 or none: until somebody asks for a new one. */
  readonly keyDays?: number;
  /** Where people and scooters reach us; by default where we listen. */
  readonly publicUrl?: string;
  readonly stripe: {
    readonly secretKey: string;
    readonly publishableKey: string;
    readonly webhookSecret: string;
    /** Only for the stand-in; null speaks to Stripe itself. */
    readonly url: string | null;
  };
  readonly smsUrl: string;
  /** Ed25519, 32 bytes, hex. */
  readonly signingKey: string;
  readonly clock: { readonly from: Date; readonly since: Date; readonly speed: number };
  readonly ratePerSecond: number;
  readonly logLevel: Environment['LOG_LEVEL'];
  /** `run`: loops turn by themselves. `by_hand`: a test turns them. */
  readonly loops: 'run' | 'by_hand';
}

/** @throws Error with one sentence that names every wrong line. */
export function parseEnvironment(env: Record<string, string | undefined>): Environment {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''));
  const parsed = Environment.safeParse(set);
  if (parsed.success) return parsed.data;
  const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`The environment cannot be used: ${wrong.join('; ')}`);
}
