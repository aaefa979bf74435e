// A closed loop of keep-alive connections on bare sockets: the client must cost less than what it
// measures, and with node:http or fetch it would cost more.
import net from 'node:net';

/** Each connection asks again as soon as the last answer is whole. @returns requests a second, and each one's time. */
export async function swarm({ url, paths, connections = 32, milliseconds }) {
  const { hostname, port } = new URL(url);
  const requests = paths.map((path) => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`));
  const run = { requests, next: 0, times: [], bad: 0, until: performance.now() + milliseconds };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, () => caller({ hostname, port: Number(port) }, run)));
  const seconds = (performance.now() - began) / 1000;
  if (run.bad > 0) throw new Error(`${run.bad} of ${run.times.length} answers from ${url} were not 200`);
  return { perSecond: run.times.length / seconds, times: run.times };
}

function caller({ hostname, port }, run) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: hostname, port, noDelay: true });
    let sentAt = 0;
    let missing = -1;
    let head = Buffer.alloc(0);
    const ask = () => {
      if (performance.now() >= run.until) return socket.end(resolve);
      missing = -1;
      head = Buffer.alloc(0);
      sentAt = performance.now();
      return socket.write(run.requests[run.next++ % run.requests.length]);
    };
    socket.once('connect', ask);
    socket.once('error', reject);
    socket.once('close', () => resolve());
    socket.on('data', (piece) => {
      if (missing < 0) {
        head = head.length === 0 ? piece : Buffer.concat([head, piece]);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        const { status, length } = readHead(head.latin1Slice(0, end));
        if (status !== 200) run.bad += 1;
        missing = length - (head.length - end - 4);
      } else missing -= piece.length;
      if (missing > 0) return;
      run.times.push(performance.now() - sentAt);
      ask();
    });
  });
}

/** Everything measured here answers with a length; none sends chunks. */
function readHead(text) {
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  if (length === undefined) throw new Error('an answer came without a content-length');
  return { status: Number(text.slice(9, 12)), length: Number(length) };
}
