import { type AddressInfo, type Socket, createServer } from 'node:net';
import type { Connection } from './connection.js';

/** A port on this machine that leads through a host. */
export interface Tunnel {
  /** On 127.0.0.1. */
  readonly port: number;
  close(): void;
}

/**
 * Listens on a free port of 127.0.0.1; each connection to it goes on from the host to `address`:`port`. `connect` is
 * asked anew for each, so a lost SSH connection costs only those that were open.
 */
export async function openTunnel(connect: () => Promise<Connection>, address: string, port: number): Promise<Tunnel> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Whoever uses the tunnel sees a closed connection, and reports it in its own words.
    socket.on('error', () => undefined);
    connect()
      .then((connection) => connection.forward(address, port))
      .then(
        (channel) => {
          channel.on('error', () => socket.destroy());
          channel.on('close', () => socket.destroySoon());
          socket.on('close', () => channel.destroy());
          socket.pipe(channel).pipe(socket);
          if (socket.destroyed) channel.destroy();
        },
        () => socket.destroy(),
      );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
