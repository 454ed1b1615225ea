import type { Server } from 'node:https';
import { isIPv6, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The first byte of a TLS handshake; no method of HTTP begins so. */
const HANDSHAKE = 0x16;

/**
 * Has an HTTPS server take plain HTTP on its port as well, as Mesos does with `LIBPROCESS_SSL_SUPPORT_DOWNGRADE`: the first byte of a connection tells.
 *
 * Whether a request came in plain is seen on its socket (`isEncrypted`): whoever serves it decides what becomes of it.
 *
 * @param firstByteMs a connection over which nothing has come by then is closed
 * @returns closes connections over which nothing has come yet: the server itself knows nothing of them
 */
export function answerPlainToo(server: Server, firstByteMs: number): () => void {
  const encrypted = server.listeners('connection') as ((socket: Socket) => void)[];
  const waiting = new Set<Socket>();
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    waiting.add(socket);
    const giveUp = (): void => void socket.destroy();
    const timer = setTimeout(giveUp, firstByteMs).unref();
    const left = (): void => {
      waiting.delete(socket);
      clearTimeout(timer);
    };
    const look = (): void => {
      const first = socket.read(1) as Buffer | null;
      if (first === null) return;
      socket.off('readable', look).off('error', giveUp).off('close', left);
      left();
      socket.unshift(first);
      if (first[0] === HANDSHAKE) for (const take of encrypted) take.call(server, socket);
      else takePlain(server, socket);
    };
    socket.on('readable', look).on('error', giveUp).on('close', left);
  });
  return () => {
    for (const socket of waiting) socket.destroy();
  };
}

/** What follows a handshake is HTTP: without one it is so from the start. A client may end its side when it has asked. */
function takePlain(server: Server, socket: Socket): void {
  socket.allowHalfOpen = true;
  server.emit('secureConnection', socket);
}

/** Whether what comes over a socket is encrypted. */
export const isEncrypted = (socket: Socket): boolean => (socket as { encrypted?: boolean }).encrypted === true;

/** Whether the other end of a connection is on this machine: at its loopback address, or at one that the machine has. */
export function isFromOwnMachine({
  remoteAddress,
  localAddress,
}: Pick<Socket, 'remoteAddress' | 'localAddress'>): boolean {
  if (remoteAddress === undefined) return false;
  const from = plainAddress(remoteAddress);
  if (from === '::1' || from.startsWith('127.') || from === plainAddress(localAddress ?? '')) return true;
  return Object.values(networkInterfaces()).some((list) => list?.some(({ address }) => address === from));
}

/** `::ffff:10.0.0.1`, as a socket of both families says, is 10.0.0.1. */
const plainAddress = (address: string): string =>
  isIPv6(address) && /^::ffff:\d+\.\d+\.\d+\.\d+$/i.test(address) ? address.slice('::ffff:'.length) : address;
