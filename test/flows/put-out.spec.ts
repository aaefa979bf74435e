// A scooter that is revoked is out at Debian's Mosquitto within a minute and comes in no more (promise V9), with
// nobody's hand on the broker: the service keeps its password file, and the script beside it makes it read again.
import { afterEach, describe, expect, it } from '@jest/globals';
import mqtt, { type MqttClient } from 'mqtt';
import { randomBytes } from 'node:crypto';
import { FlashStore } from '../../firmware-sim/unit/flash.js';
import { SimulatedScooter } from '../../firmware-sim/unit/simulated-scooter.js';
import { ProvisioningService } from '../../src/identity/provisioning.service.js';
import type { ScooterId } from '../../src/platform/ids.js';
import { hasMosquitto, Mosquitto } from '../kit/mosquitto.js';
import { BASTILLE } from '../kit/places.js';
import { World } from '../kit/world.js';

const WITHIN_MS = 60_000;
const why = { reason: 'stolen in the Rue de la Roquette' };

describe('at Mosquitto, where there is one, a revoked scooter', () => {
  let broker: Mosquitto | null = null;
  let world: World | null = null;
  afterEach(async () => {
    await world?.stop();
    await broker?.stop();
    [world, broker] = [null, null];
  });

  const begin = async (conf: 'mosquitto.conf' | 'mutual-tls.conf'): Promise<{ mosquitto: Mosquitto; city: World }> => {
    const mosquitto = await Mosquitto.start(conf);
    broker = mosquitto;
    const city = await World.start({ loopsRun: true, broker: mosquitto });
    world = city;
    return { mosquitto, city };
  };
  /** How long it takes until it is out and is let in no more. */
  const outAfterMs = async (isOut: () => boolean, comeIn: () => Promise<MqttClient>, no: RegExp): Promise<number> => {
    const began = performance.now();
    for (;;) {
      const took = performance.now() - began;
      const answer = isOut() ? await comeIn().then((client) => client.endAsync(true).then(() => ''), String) : '';
      if (no.test(answer)) return took;
      if (took > WITHIN_MS) throw new Error(`still in after ${took.toFixed(0)} ms: ${answer}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('with a password is put out, and comes back with new credentials only', async () => {
    if (!hasMosquitto) return;
    const { mosquitto, city } = await begin('mosquitto.conf');
    const [scooter, other] = [await city.garage.scooter(), await city.garage.scooter()];
    let otherBroke = false;
    const [operator, admin] = [await city.people.staff('operator'), await city.people.staff('admin')];
    expect((await operator.post(`/operator/scooters/${scooter.id}/revoke`, why)).status).toBe(200);
    const knock = (): Promise<MqttClient> => mqtt.connectAsync(mosquitto.scootersUrl, {
      protocolVersion: 4, clientId: scooter.id, username: scooter.id, password: scooter.password, ca: mosquitto.ca, reconnectPeriod: 0 }, false);
    const tookMs = await outAfterMs(() => {
      otherBroke ||= !other.unit.connected;
      return !scooter.unit.connected;
    }, knock, /not auth/i);
    expect(tookMs).toBeLessThan(WITHIN_MS);
    expect([otherBroke, other.unit.connected]).toEqual([false, true]);

    const { body } = await admin.post<{ commandKey: string; password: string }>(`/operator/scooters/${scooter.id}/reinstate`, why);
    const unit = await SimulatedScooter.switchOn({
      mqttUrl: mosquitto.scootersUrl, mqttCa: mosquitto.ca, clock: city.clock, flash: FlashStore.inMemory().of(scooter.id), seed: 2, helloSpreadMs: 0,
      card: { scooterId: scooter.id, plate: scooter.plate, vin: 'VF9NEWUNIT0000002', commandKey: body.commandKey, password: body.password,
        ...BASTILLE, batterySerial: 'P2', chargePercent: 90, odometerM: 1200 },
    });
    await city.until(async () => {
      unit.tick();
      return (await city.garage.stateOf(scooter.id))['state'] === 'available';
    }, 'back in service');
    await unit.switchOff();
    process.stdout.write(`out of Mosquitto after ${tookMs.toFixed(0)} ms\n`);
  });

  it('with a certificate is put out by the service, and its certificate opens no door any more', async () => {
    if (!hasMosquitto) return;
    const { mosquitto, city } = await begin('mutual-tls.conf');
    const [{ scooterId, tls }] = mosquitto.scooters;
    const id = scooterId as ScooterId;
    await city.db.transaction((tx) => city.app.get(ProvisioningService).provision(
      tx, [{ id, plate: 'CERT-1', vin: 'VF9CERT1', commandKey: randomBytes(32).toString('hex'), password: randomBytes(24).toString('base64url') }]));
    const comeIn = (): Promise<MqttClient> => mqtt.connectAsync(mosquitto.scootersUrl, { protocolVersion: 4, clientId: id, ca: mosquitto.ca, ...tls, reconnectPeriod: 0 }, false);
    // A unit that tries again at once, as they do: it is out when it has been turned away several times running.
    const client = await mqtt.connectAsync(mosquitto.scootersUrl, { protocolVersion: 4, clientId: id, ca: mosquitto.ca, ...tls, reconnectPeriod: 20 }, false);
    let turnedAway = 0;
    client.on('close', () => { turnedAway++; });
    client.on('connect', () => { turnedAway = 0; });
    client.on('error', () => undefined);

    mosquitto.revokeCertificate(id);
    const operator = await city.people.staff('operator');
    expect((await operator.post(`/operator/scooters/${id}/revoke`, why)).status).toBe(200);
    const tookMs = await outAfterMs(() => turnedAway > 3, comeIn, /revoked|alert|closed|reset|EPIPE/i);
    expect(tookMs).toBeLessThan(WITHIN_MS);
    await client.endAsync(true);
    process.stdout.write(`out of Mosquitto with certificates after ${tookMs.toFixed(0)} ms\n`);
  });
});
