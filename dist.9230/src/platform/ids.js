// Ids are strings that cannot be mixed up: a RideId never fits where a ScooterId belongs.
import { createHash, randomBytes } from 'node:crypto';
/**
 * A new UUID version 7 (RFC 9562): its first 48 bits are the millisecond, so ids made later sort
 * later. Made here and not by the database because PostgreSQL 15 has no `uuidv7()`.
 */ export function newId() {
    const bytes = randomBytes(16);
    bytes.writeUIntBE(performance.timeOrigin + performance.now(), 0, 6);
    bytes[6] = (bytes[6] ?? 0) & 0x0f | 0x70;
    bytes[8] = (bytes[8] ?? 0) & 0x3f | 0x80;
    return uuid(bytes);
}
/** The same name always gives the same id (UUID version 8, SHA-256), for seeds that may run twice. */ export function namedId(name) {
    const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
    bytes[6] = (bytes[6] ?? 0) & 0x0f | 0x80;
    bytes[8] = (bytes[8] ?? 0) & 0x3f | 0x80;
    return uuid(bytes);
}
function uuid(bytes) {
    const hex = bytes.toString('hex');
    return [
        hex.slice(0, 8),
        hex.slice(8, 12),
        hex.slice(12, 16),
        hex.slice(16, 20),
        hex.slice(20)
    ].join('-');
}

//# sourceMappingURL=ids.js.map
