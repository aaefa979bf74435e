// The page a person reads once the city is up: where everything is, and how to get in.

export interface CitySummary {
  readonly url: string;
  readonly mqttUrl: string;
  readonly stripeUrl: string | null;
  readonly smsUrl: string | null;
  readonly streetUrl: string | null;
  readonly riderPhone: string | null;
  readonly logins: readonly { readonly role: string; readonly email: string; readonly password: string }[];
  readonly clock: string;
  readonly readyAfter: string;
}

export function summaryOf(city: CitySummary): string {
  const addresses: [string, string | null][] = [
    ['API', city.url],
    ['Reading page', `${city.url}/docs`],
    ['OpenAPI', `${city.url}/openapi.json`],
    ['Health', `${city.url}/health/ready`],
    ['Metrics', `${city.url}/metrics`],
    ['MQTT', city.mqttUrl],
    ['Stripe stand-in', city.stripeUrl],
    ['SMS stand-in', city.smsUrl],
    ['Street', city.streetUrl && `${city.streetUrl} (what you see and do standing beside a scooter)`],
  ];
  return [
    '',
    `  The city is up after ${city.readyAfter}. ${city.clock}`,
    '',
    ...addresses.flatMap(([name, address]) => (address === null ? [] : [row(name, address)])),
    '',
    ...riderLines(city),
    ...oneOfEachRole(city.logins).map(({ role, email, password }) => row(roleName(role), `${email}   ${password}`)),
    '',
    '  Ctrl-C stops all of it and keeps the data.',
    '',
  ].join('\n');
}

const row = (name: string, text: string): string => `  ${name.padEnd(16)} ${text}`;
const roleName = (role: string): string => role.charAt(0).toUpperCase() + role.slice(1);

function riderLines({ riderPhone, smsUrl }: CitySummary): string[] {
  if (riderPhone === null) return [];
  const codes = smsUrl === null ? '' : `   code: ${smsUrl}/messages?to=${encodeURIComponent(riderPhone)}`;
  return [row('Rider', `${riderPhone}${codes}`)];
}

function oneOfEachRole<T extends { readonly role: string }>(logins: readonly T[]): T[] {
  return ['crew', 'operator', 'support', 'admin'].flatMap((role) => logins.find((login) => login.role === role) ?? []);
}
