import { amqpUrl } from '@tranche/test-servers';
import { beforeAll } from 'vitest';

/** A virtual host of its own on the run's RabbitMQ. Called in a `describe`; its url is there in the tests. */
export function withBroker(): { readonly url: string } {
  let url: string | undefined;
  beforeAll(async () => {
    url = await amqpUrl();
  }, 120_000);
  return {
    get url(): string {
      if (url === undefined) throw new Error('asked for the broker before the tests');
      return url;
    },
  };
}
