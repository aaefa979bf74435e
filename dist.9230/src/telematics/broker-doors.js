// Who may read and write which topic. The broker inside asks here; deploy/mosquitto/acl says the same to
// Mosquitto, and a test holds the two side by side.
import { topics } from './wire.js';
/** The account of the service itself. No scooter can have it: scooters are named by a UUID. */ export const SERVICE_ACCOUNT = 'service';
const UP = [
    'telemetry',
    'events',
    'presence'
];
const DOWN = [
    'commands',
    'receipts'
];
const isPlain = (topic)=>!/[+#\0]/.test(topic);
/** The service hears what scooters say and nothing else; a scooter hears what is meant for it, topic by topic. */ export function mayRead(username, filter) {
    if (username === SERVICE_ACCOUNT) return filter.startsWith('v1/up/');
    if (!isPlain(username) || username.includes('/') || username === 'all') return false;
    return filter === topics.helloToAll || DOWN.some((kind)=>filter === `v1/down/${username}/${kind}`);
}
/** A publish never holds a wildcard, so equality and prefixes are enough. */ export function mayWrite(username, topic) {
    if (!isPlain(topic)) return false;
    if (username === SERVICE_ACCOUNT) return topic.startsWith('v1/down/');
    if (!isPlain(username) || username.includes('/') || username === 'all') return false;
    return UP.some((kind)=>topic === `v1/up/${username}/${kind}`);
}

//# sourceMappingURL=broker-doors.js.map
