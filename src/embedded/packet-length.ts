// Reads only the frame of an MQTT stream (3.1.1, section 2.2): how long the next packet says it is. The
// broker would otherwise collect up to 256 MB before it looks at a packet at all.

/** Four bytes of seven bits each is what the standard allows. */
const MOST_LENGTH_BYTES = 4;

export class PacketLengths {
  private toSkip = 0;
  private place: 'type' | 'length' = 'type';
  private length = 0;
  private lengthBytes = 0;

  constructor(private readonly mostBytes: number) {}

  /** Takes the next piece of the stream; false when a packet in it is longer than allowed, or no packet at all. */
  take(piece: Uint8Array): boolean {
    let at = 0;
    while (at < piece.length) {
      if (this.toSkip > 0) {
        const skipped = Math.min(this.toSkip, piece.length - at);
        this.toSkip -= skipped;
        at += skipped;
      } else if (!this.read(piece[at++] ?? 0)) {
        return false;
      }
    }
    return true;
  }

  private read(byte: number): boolean {
    if (this.place === 'type') {
      this.place = 'length';
      this.length = 0;
      this.lengthBytes = 0;
      return true;
    }
    this.length += (byte & 0x7f) * 128 ** this.lengthBytes;
    this.lengthBytes += 1;
    if ((byte & 0x80) !== 0) return this.lengthBytes < MOST_LENGTH_BYTES;
    this.place = 'type';
    this.toSkip = this.length;
    return this.length <= this.mostBytes;
  }
}
