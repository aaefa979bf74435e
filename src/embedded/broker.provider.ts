// The MQTT broker inside, for a city without an MQTT_URL: every scooter has its own account and its own
// topics, nothing is retained, and nothing waits for a scooter that is not there.
import {
  Aedes,
  type AuthenticateError,
  type AuthorizePublishHandler,
  type AuthorizeSubscribeHandler,
  type Client,
} from 'aedes';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import net from 'node:net';
import { PacketLengths } from './packet-length.js';

const MOST_PACKET_BYTES = 64 * 1024;
const CONNECT_WITHIN_MS = 10_000;
/** MQTT 3.1.1, table 3.1. */
const UNAVAILABLE = 3;
const WRONG_PASSWORD = 4;

export interface BrokerDoors {
  readonly serviceAccount: string;
  mayRead(username: string, topicFilter: string): boolean;
  mayWrite(username: string, topic: string): boolean;
}

export type LetIn = (username: string, password: string) => Promise<boolean>;

export interface EmbeddedBroker {
  /** Without an account: what scooters are told. */
  readonly url: string;
  /** With the account of the service in it. */
  readonly serviceUrl: string;
  readonly port: number;
  /** From now on scooters may come in, each asked for its password here. Before, they are told to try later. */
  openTo(letIn: LetIn): void;
  stop(): Promise<void>;
}

/** The port must be free: ask portFor() first, which has the sentence for it. */
export async function startBroker(options: {
  host: string;
  port: number;
  doors: BrokerDoors;
}): Promise<EmbeddedBroker> {
  const { host, doors } = options;
  const password = randomBytes(24).toString('hex');
  const guard = new Guard(doors, password);
  const broker = await Aedes.createBroker({
    connectTimeout: CONNECT_WITHIN_MS,
    preConnect: (_client, packet, callback) => {
      // A session that outlives its connection is a queue, and a queued unlock opens a scooter for nobody.
      packet.clean = true;
      const mayComeNear = packet.will === undefined || guard.mayPublish(packet.username ?? '', packet.will);
      callback(mayComeNear ? null : new Error('this account may not leave that last will'), mayComeNear);
    },
    authenticate: (client, username, given, done) => {
      guard.authenticate(client, { username: username ?? '', password: given?.toString() ?? '' }, done);
    },
    authorizePublish: guard.authorizePublish,
    authorizeSubscribe: guard.authorizeSubscribe,
  });
  // Who breaks off or breaks a rule is put out by aedes; without a listener Node would take it for our own error.
  for (const event of ['clientError', 'connectionError'] as const) broker.on(event, () => undefined);
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    watchLengths(socket);
    broker.handle(socket);
  });
  const port = await listen(server, options.port, host);
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return {
    url: `mqtt://${name}:${port}`,
    serviceUrl: `mqtt://${doors.serviceAccount}:${password}@${name}:${port}`,
    port,
    openTo: (letIn) => {
      guard.letIn = letIn;
    },
    stop: () => close(broker, server, sockets),
  };
}

class Guard {
  letIn: LetIn | null = null;
  /** Who each connection has proved to be. Client ids are not enough: several of the service's share an account. */
  private readonly names = new WeakMap<Client, string>();

  constructor(
    private readonly doors: BrokerDoors,
    private readonly servicePassword: string,
  ) {}

  authenticate(
    client: Client,
    given: { username: string; password: string },
    done: (error: AuthenticateError | null, success: boolean | null) => void,
  ): void {
    if (this.letIn === null && given.username !== this.doors.serviceAccount) {
      done(refusal(UNAVAILABLE), false);
      return;
    }
    this.knows(client.id, given).then(
      (known) => {
        if (known) this.names.set(client, given.username);
        done(known ? null : refusal(WRONG_PASSWORD), known);
      },
      () => {
        done(refusal(UNAVAILABLE), false);
      },
    );
  }

  /** The client id must be the user name, or one scooter could throw another off the line. */
  private async knows(
    clientId: string,
    { username, password }: { username: string; password: string },
  ): Promise<boolean> {
    if (username === this.doors.serviceAccount) {
      return (clientId === username || clientId.startsWith(`${username}-`)) && isSame(password, this.servicePassword);
    }
    return clientId === username && (await this.letIn?.(username, password)) === true;
  }

  mayPublish(username: string, packet: { topic: string; retain?: boolean }): boolean {
    return packet.retain !== true && this.doors.mayWrite(username, packet.topic);
  }

  /** Refusing closes the connection: MQTT 3.1.1 has no other way to say no to a publish. */
  readonly authorizePublish: AuthorizePublishHandler = (client, packet, callback) => {
    const name = client === null ? undefined : this.names.get(client);
    callback(
      name !== undefined && this.mayPublish(name, packet) ? null : new Error('this account may not write there'),
    );
  };

  /** A null subscription is answered with 128, failure, and the connection stays. */
  readonly authorizeSubscribe: AuthorizeSubscribeHandler = (client, subscription, callback) => {
    const name = this.names.get(client);
    callback(null, name !== undefined && this.doors.mayRead(name, subscription.topic) ? subscription : null);
  };
}

/** The cast, because aedes counts its codes in an enum that only its types have. */
function refusal(returnCode: number): AuthenticateError {
  const error: unknown = Object.assign(new Error('not let in'), { returnCode });
  return error as AuthenticateError;
}

function isSame(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** Listens beside the broker: with its `readable` listener in place, `data` only reports what it reads. */
function watchLengths(socket: net.Socket): void {
  const lengths = new PacketLengths(MOST_PACKET_BYTES);
  socket.on('data', (piece: Buffer) => {
    if (!lengths.take(piece)) socket.destroy();
  });
}

function listen(server: net.Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

async function close(broker: Aedes, server: net.Server, sockets: Set<net.Socket>): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => {
      resolve();
    });
  });
  const quiet = new Promise<void>((resolve) => {
    broker.close(() => {
      resolve();
    });
  });
  for (const socket of sockets) socket.destroy();
  await Promise.all([closed, quiet]);
}
