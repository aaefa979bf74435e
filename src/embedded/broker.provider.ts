// The MQTT broker inside, for a city without an MQTT_URL: every scooter has its own account and its own
// topics, nothing is retained but what its doors name, and nothing waits for a scooter that is not there.
import {
  Aedes,
  type AuthenticateError,
  type AuthorizePublishHandler,
  type AuthorizeSubscribeHandler,
  type Client,
} from 'aedes';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import net from 'node:net';
import tls from 'node:tls';
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
  /** Asked beside `mayWrite` for what shall stay for those who come later. */
  mayRetain(username: string, topic: string): boolean;
}

export type LetIn = (username: string, password: string) => Promise<boolean>;

/** Certificate and private key, PEM. */
export interface TlsDoor {
  readonly port: number;
  readonly cert: string;
  readonly key: string;
}

export interface EmbeddedBroker {
  /** Without an account: what scooters are told. */
  readonly url: string;
  /** With the account of the service in it. */
  readonly serviceUrl: string;
  readonly port: number;
  /** By TLS, when there is a certificate: then the plain door opens to this machine alone. */
  readonly tlsUrl: string | null;
  /** From now on scooters may come in, each asked for its password here. Before, they are told to try later. */
  openTo(letIn: LetIn): void;
  /** Closes the connection of this account, now. Whether it may come back is for `letIn` to say. */
  putOut(username: string): void;
  stop(): Promise<void>;
}

/** The port must be free: ask portFor() first, which has the sentence for it. */
export async function startBroker(options: {
  host: string;
  port: number;
  doors: BrokerDoors;
  tls?: TlsDoor;
  /** Of the service, for a broker that comes back after its end; else a new one each time. */
  password?: string;
}): Promise<EmbeddedBroker> {
  const { doors } = options;
  const password = options.password ?? randomBytes(24).toString('hex');
  const guard = new Guard(doors, password);
  const broker = await openBroker(guard);
  const sockets = new Set<net.Socket>();
  const remember = (socket: net.Socket): void => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  };
  const take = (socket: net.Socket): void => {
    remember(socket);
    watchLengths(socket);
    broker.handle(socket);
  };
  const plain = net.createServer({ noDelay: true }, take);
  const secure = options.tls && tls.createServer({
    noDelay: true, minVersion: 'TLSv1.2', handshakeTimeout: CONNECT_WITHIN_MS, cert: options.tls.cert, key: options.tls.key,
  }, take);
  // From its first byte on: who never begins the handshake must not keep us from closing.
  secure?.on('connection', remember);
  // Who speaks no TLS, or too old a one, is not let in; that is no trouble of ours.
  secure?.on('tlsClientError', () => undefined);
  const host = secure ? '127.0.0.1' : options.host;
  const port = await listen(plain, options.port, host);
  const tlsPort = secure && (await listen(secure, options.tls?.port ?? 0, options.host));
  return {
    url: `mqtt://${reachable(host)}:${port}`,
    serviceUrl: `mqtt://${doors.serviceAccount}:${password}@${reachable(host)}:${port}`,
    port,
    tlsUrl: tlsPort === undefined ? null : `mqtts://${reachable(options.host)}:${tlsPort}`,
    openTo: (letIn) => {
      guard.letIn = letIn;
    },
    putOut: (username) => {
      guard.putOut(username);
    },
    stop: () => close(broker, secure ? [plain, secure] : [plain], sockets),
  };
}

const reachable = (host: string): string => (host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host);

async function openBroker(guard: Guard): Promise<Aedes> {
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
  broker.on('clientDisconnect', (client) => {
    guard.left(client);
  });
  return broker;
}

class Guard {
  letIn: LetIn | null = null;
  /** Who each connection has proved to be. Client ids are not enough: several of the service's share an account. */
  private readonly names = new WeakMap<Client, string>();
  /** A scooter has one connection at most: its client id is its name. */
  private readonly scooters = new Map<string, Client>();

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
        if (known && given.username !== this.doors.serviceAccount) this.scooters.set(given.username, client);
        done(known ? null : refusal(WRONG_PASSWORD), known);
      },
      () => {
        done(refusal(UNAVAILABLE), false);
      },
    );
  }

  putOut(username: string): void {
    this.scooters.get(username)?.close();
  }

  left(client: Client): void {
    if (this.scooters.get(client.id) === client) this.scooters.delete(client.id);
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
    if (packet.retain === true && !this.doors.mayRetain(username, packet.topic)) return false;
    return this.doors.mayWrite(username, packet.topic);
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

async function close(broker: Aedes, servers: readonly net.Server[], sockets: Set<net.Socket>): Promise<void> {
  const closed = servers.map(
    (server) =>
      new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      }),
  );
  const quiet = new Promise<void>((resolve) => {
    broker.close(() => {
      resolve();
    });
  });
  for (const socket of sockets) socket.destroy();
  await Promise.all([...closed, quiet]);
}
