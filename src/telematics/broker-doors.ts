// Who may read and write which topic. The broker inside asks here; deploy/mosquitto/acl says the same to
// Mosquitto, and a test holds the two side by side.
import { topics } from './wire.js';

/** The account of the service itself. No scooter can have it: scooters are named by a UUID. */
export const SERVICE_ACCOUNT = 'service';

const UP = ['telemetry', 'events', 'presence'] as const;
const DOWN = ['commands', 'receipts', 'updates', 'keys'] as const;
const TO_ALL: readonly string[] = [topics.helloToAll, topics.zonesToAll];

const isPlain = (topic: string): boolean => topic !== '' && !/[+#\0]/.test(topic);

/** The service may hear every word in both directions, as a watch on the link needs; a scooter what is meant for it, topic by topic. */
export function mayRead(username: string, filter: string): boolean {
  if (username === SERVICE_ACCOUNT) return filter.startsWith('v1/');
  if (!isPlain(username) || username.includes('/') || username === 'all') return false;
  return TO_ALL.includes(filter) || DOWN.some((kind) => filter === `v1/down/${username}/${kind}`);
}

/** A publish never holds a wildcard, so equality and prefixes are enough. */
export function mayWrite(username: string, topic: string): boolean {
  if (!isPlain(topic)) return false;
  if (username === SERVICE_ACCOUNT) return topic.startsWith('v1/down/');
  if (!isPlain(username) || username.includes('/') || username === 'all') return false;
  return UP.some((kind) => topic === `v1/up/${username}/${kind}`);
}

/**
 * A retained message speaks to whoever comes later, so there is one: the zones, signed and versioned. Whatever else
 * is retained is refused here, and thrown away unread by the scooter.
 */
export const mayRetain = (username: string, topic: string): boolean => username === SERVICE_ACCOUNT && topic === topics.zonesToAll;
