import { randomUUID } from 'node:crypto';
import type { ServerProcess } from './system/server-process.js';

/** A RabbitMQ that tests may use. */
export interface BrokerServer {
  /** `amqp://user:password@host:port`, without a virtual host. */
  readonly url: string;
  /** Its management API, with user and password. */
  readonly managementUrl: string;
  /** Where it is a process of this machine that we started. */
  readonly process?: ServerProcess | undefined;
  stop(): Promise<void>;
}

/** One call of the management API. @returns the parsed body, or undefined when there is none @throws Error when it does not answer 2xx */
export async function callManagement(
  managementUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> {
  const url = new URL(managementUrl);
  const credentials = Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`);
  const answer = await fetch(`${url.protocol}//${url.host}/api${path}`, {
    method,
    headers: { authorization: `Basic ${credentials.toString('base64')}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path} of the management API: ${answer.status} ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** Makes a virtual host that nobody else uses. @returns the broker's url with it */
export async function freshVirtualHost(server: BrokerServer): Promise<string> {
  const name = `test-${randomUUID()}`;
  const user = decodeURIComponent(new URL(server.url).username) || 'guest';
  await callManagement(server.managementUrl, 'PUT', `/vhosts/${name}`, {});
  const all = { configure: '.*', write: '.*', read: '.*' };
  await callManagement(server.managementUrl, 'PUT', `/permissions/${name}/${encodeURIComponent(user)}`, all);
  return `${server.url}/${name}`;
}

/** Removes a virtual host with all that is in it. */
export async function removeVirtualHost(server: BrokerServer, url: string): Promise<void> {
  await callManagement(server.managementUrl, 'DELETE', `/vhosts${new URL(url).pathname}`);
}

/**
 * A broker that was there before us: nothing of it is stopped.
 *
 * @param managementUrl default: port 15672 of the same host, same user
 * @throws Error when its management API, which makes virtual hosts, does not answer
 */
export async function useGivenBroker(url: string, managementUrl: string | undefined): Promise<BrokerServer> {
  const parsed = new URL(url);
  const user = parsed.username === '' ? 'guest:guest' : `${parsed.username}:${parsed.password}`;
  const management = managementUrl ?? `http://${user}@${parsed.hostname}:15672`;
  try {
    await callManagement(management, 'GET', '/whoami');
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    throw new Error(
      `the management API of ${parsed.hostname}, which makes a virtual host for each test, does not answer (${cause}): ` +
        'switch on rabbitmq_management, or set TRANCHE_TEST_AMQP_MANAGEMENT_URL',
      { cause: error },
    );
  }
  return {
    url: `${parsed.protocol}//${user}@${parsed.host}`,
    managementUrl: management,
    stop: () => Promise.resolve(),
  };
}
