// A screenshot with the 256 colours it uses most: a third of the size, and no difference to the eye in a flat
// drawing. Reads the one kind of PNG that a browser writes: 8 bits, RGB, not interlaced.
import zlib from 'node:zlib';

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex');

export function smallPng(png) {
  const { width, height, scanlines } = read(png);
  const rgb = unfiltered(scanlines, width * 3, height);
  const colours = Array.from({ length: width * height }, (_, at) => rgb.readUIntBE(at * 3, 3));
  const palette = commonest(colours, 256);
  const nearest = new Map(palette.map((colour, index) => [colour, index]));
  const rows = Buffer.alloc((width + 1) * height);
  colours.forEach((colour, at) => {
    if (!nearest.has(colour)) nearest.set(colour, indexOfNearest(palette, colour));
    // Every row begins with the name of its filter: 0, none.
    rows[at + Math.floor(at / width) + 1] = nearest.get(colour);
  });
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  const table = Buffer.from(palette.flatMap(parts));
  const parcels = [parcel('IHDR', header), parcel('PLTE', table), parcel('IDAT', zlib.deflateSync(rows, { level: 9 })), parcel('IEND', Buffer.alloc(0))];
  return Buffer.concat([SIGNATURE, ...parcels]);
}

function read(png) {
  const data = [];
  let header = Buffer.alloc(13);
  for (let at = SIGNATURE.length; at < png.length; ) {
    const [length, kind] = [png.readUInt32BE(at), png.toString('latin1', at + 4, at + 8)];
    const body = png.subarray(at + 8, at + 8 + length);
    if (kind === 'IHDR') header = body;
    if (kind === 'IDAT') data.push(body);
    at += length + 12;
  }
  if (header[8] !== 8 || header[9] !== 2 || header[12] !== 0) throw new Error('This is not the PNG of a screenshot: 8 bits, RGB, not interlaced.');
  return { width: header.readUInt32BE(0), height: header.readUInt32BE(4), scanlines: zlib.inflateSync(Buffer.concat(data)) };
}

/** Takes the filters of PNG (section 9 of the standard) off again; three bytes are one pixel. */
function unfiltered(scanlines, stride, height) {
  const plain = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) {
    const filter = scanlines[y * (stride + 1)];
    for (let x = 0; x < stride; x++) {
      const at = y * stride + x;
      const left = x < 3 ? 0 : plain[at - 3];
      const up = y === 0 ? 0 : plain[at - stride];
      const corner = x < 3 || y === 0 ? 0 : plain[at - stride - 3];
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      plain[at] = scanlines[y * (stride + 1) + 1 + x] + guess;
    }
  }
  return plain;
}

function paeth(left, up, corner) {
  const [toLeft, toUp, toCorner] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

function commonest(colours, most) {
  const counts = new Map();
  for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).slice(0, most).map(([colour]) => colour);
}

const parts = (colour) => [colour >> 16, (colour >> 8) & 255, colour & 255];

function indexOfNearest(palette, colour) {
  const [r, g, b] = parts(colour);
  const distances = palette.map((other) => {
    const [r2, g2, b2] = parts(other);
    return (r - r2) ** 2 + (g - g2) ** 2 + (b - b2) ** 2;
  });
  return distances.indexOf(Math.min(...distances));
}

function parcel(kind, body) {
  const named = Buffer.concat([Buffer.from(kind, 'latin1'), body]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length);
  sum.writeUInt32BE(zlib.crc32(named));
  return Buffer.concat([length, named, sum]);
}
