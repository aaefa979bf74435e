// The frame of an MQTT stream, cut into pieces in every way a network can.
import { describe, expect, it } from '@jest/globals';
import { PacketLengths } from '../../src/embedded/packet-length.js';

const packet = (length: number): Buffer => {
  const bytes = [0x30];
  for (let rest = length, more = true; more; ) {
    const byte = rest % 128;
    rest = Math.floor(rest / 128);
    more = rest > 0;
    bytes.push(more ? byte | 0x80 : byte);
  }
  return Buffer.concat([Buffer.from(bytes), Buffer.alloc(length, 0xff)]);
};

describe('the length of MQTT packets', () => {
  it.each([
    [[0, 1, 127],       true],
    [[128, 16_383],     true],
    [[65_536],          true],
    [[65_537],          false],
    [[10, 70_000],      false],
  ])('lets packets of %j bytes pass: %s, however they are cut', (lengths, passes) => {
    const stream = Buffer.concat(lengths.map(packet));
    for (const size of [1, 2, 3, 1000, stream.length]) {
      const frame = new PacketLengths(65_536);
      let taken = true;
      for (let at = 0; at < stream.length && taken; at += size) taken = frame.take(stream.subarray(at, at + size));
      expect(taken).toBe(passes);
    }
  });

  it('refuses a length that never ends', () => {
    expect(new PacketLengths(65_536).take(Buffer.from([0x30, 0x80, 0x80, 0x80, 0x80, 0x01]))).toBe(false);
  });
});
