import { isIPv4 } from 'node:net';

/**
 * An IPv4 address as `MasterInfo.ip` holds it: its bytes in network order, read as a little-endian number.
 *
 * @example ipToMesosUint32('127.0.0.1') === 16777343
 * @throws RangeError for anything but a dotted IPv4 address
 */
export function ipToMesosUint32(ip: string): number {
  if (!isIPv4(ip)) throw new RangeError(`not an IPv4 address: ${JSON.stringify(ip)}`);
  return Buffer.from(ip.split('.').map(Number)).readUInt32LE(0);
}
