// What a fleet of units needs of a service to be at peace: a receipt for every event, and the zones of Paris. It
// stores nothing; it counts what it hears.
import { createPrivateKey, createPublicKey } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import mqtt from 'mqtt';
import { ROOT, buildPlan, built } from '../../scripts/ready.mjs';
import { beChild } from './child.mjs';

const ED25519_PKCS8 = '302e020100300506032b657004220420';
const KEY = createPrivateKey({ key: Buffer.from(`${ED25519_PKCS8}${'5e'.repeat(32)}`, 'hex'), format: 'der', type: 'pkcs8' });

await beChild(async ({ serviceUrl }) => {
  const { signBody, topics } = await built('src/telematics/wire.js');
  const heard = { events: 0, telemetry: 0, connects: 0, zones: new Set(), started: new Set() };
  const client = await mqtt.connectAsync(serviceUrl, { protocolVersion: 4, clientId: `service-office-${process.pid}` });
  client.on('message', (topic, bytes) => {
    const [, , scooterId, what] = topic.split('/');
    if (what === 'telemetry') heard.telemetry++;
    if (what === 'presence' && JSON.parse(bytes).connected) heard.connects++;
    if (what !== 'events') return;
    const { boot, seq, kind } = JSON.parse(bytes);
    heard.events++;
    if (kind === 'started') heard.started.add(scooterId);
    if (kind === 'zones_kept') heard.zones.add(scooterId);
    client.publish(topics.receiptsTo(scooterId), JSON.stringify({ boot, seq }));
  });
  await client.subscribeAsync('v1/up/#', { qos: 0 });
  const zones = JSON.stringify(signBody(KEY, 'zones', JSON.stringify(await zonesOfParis())));
  await client.publishAsync(topics.zonesToAll, zones, { qos: 1, retain: true });
  return {
    told: { serviceKey: createPublicKey(KEY).export({ format: 'der', type: 'spki' }).subarray(-32).toString('hex'), zonesBytes: zones.length },
    answers: { heard: () => ({ ...heard, started: heard.started.size, zones: heard.zones.size }) },
    close: () => client.endAsync(true),
  };
});

async function zonesOfParis() {
  const { cityZones } = await built('src/zones/city-zones.js');
  const { judgeShape } = await built('src/zones/zone-geometry.js');
  const { compactZones } = await built('src/onboard/compact-zones.js');
  const read = (name) => JSON.parse(fs.readFileSync(path.join(ROOT, buildPlan().outDir, 'src/zones/paris', name), 'utf8'));
  const zones = cityZones(read('boundaries.geojson'), read('operator-zones.json')).taken;
  return compactZones(1, zones.map((zone, i) => ({ ...zone, id: `zone ${i}`, geometry: judgeShape(zone.geometry).shape })));
}
