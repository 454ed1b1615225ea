import { isIPv4 } from 'node:net';
import type { DomainOption } from '@tranche/config';
import { ipToMesosUint32, type MasterInfo } from '@tranche/mesos-api';

const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443 };

/**
 * As whom the cluster introduces itself to schedulers: the leading master at the public address.
 *
 * @param publicUrl with a host name or IPv4 address; for a name the loopback address stands for the IP, which no v1 client uses
 * @throws TypeError when the public url is none
 */
export function masterInfoOf(
  publicUrl: string,
  clusterId: string,
  version: string,
  domain: DomainOption | undefined,
): MasterInfo {
  const url = new URL(publicUrl);
  const hostname = url.hostname;
  const port = url.port === '' ? (DEFAULT_PORTS[url.protocol] ?? 80) : Number(url.port);
  const ip = isIPv4(hostname) ? hostname : '127.0.0.1';
  return {
    id: clusterId,
    ip: ipToMesosUint32(ip),
    port,
    pid: `master@${ip}:${port}`,
    hostname,
    version,
    address: { hostname, ip, port },
    ...(domain === undefined ? {} : { domain }),
    capabilities: [{ type: 'AGENT_UPDATE' }, { type: 'AGENT_DRAINING' }, { type: 'QUOTA_V2' }],
  };
}
