// A wire between the service and its broker that a test can cut and mend.
import net from 'node:net';

export class WireCutter {
  private readonly sockets = new Set<net.Socket>();
  private cut = false;

  private constructor(
    private readonly server: net.Server,
    readonly port: number,
  ) {}

  static async between(host: string, port: number): Promise<WireCutter> {
    const server = net.createServer({ noDelay: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const cutter = new WireCutter(server, (server.address() as net.AddressInfo).port);
    server.on('connection', (near) => { cutter.join(near, net.connect({ host, port, noDelay: true })); });
    return cutter;
  }

  cutNow(): void {
    this.cut = true;
    for (const socket of this.sockets) socket.destroy();
  }

  mend(): void {
    this.cut = false;
  }

  async close(): Promise<void> {
    this.cutNow();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private join(near: net.Socket, far: net.Socket): void {
    for (const [here, there] of [[near, far], [far, near]] as const) {
      this.sockets.add(here);
      here.on('error', () => there.destroy());
      here.on('close', () => {
        this.sockets.delete(here);
        there.destroy();
      });
    }
    if (this.cut) near.destroy();
    else near.pipe(far).pipe(near);
  }
}
