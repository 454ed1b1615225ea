import { afterAll, beforeAll } from 'vitest';
import { RabbitBroker } from './rabbit-broker.fakes.js';

/** The RabbitMQ that the test set-up has started, or one of the file's own. Called in a `describe`; its url is there in the tests. */
export function withBroker(): { readonly url: string } {
  let own: RabbitBroker | undefined;
  let url = process.env['TRANCHE_TEST_AMQP_URL'];
  beforeAll(async () => {
    if (url !== undefined) return;
    own = await RabbitBroker.start();
    url = own.url;
  }, 60_000);
  afterAll(() => own?.remove());
  return {
    get url(): string {
      if (url === undefined) throw new Error('asked for the broker before the tests');
      return url;
    },
  };
}
