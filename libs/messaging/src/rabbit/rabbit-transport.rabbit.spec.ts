import { brokerMissing } from '@tranche/test-servers';
import { describe } from 'vitest';
import { describePartitions } from '../partitions.conformance.js';
import { describeTransport } from '../transport.conformance.js';
import { withBroker } from './testing/with-broker.fakes.js';
import { RabbitHarness } from './testing/rabbit-harness.fakes.js';

describe.skipIf(brokerMissing())(`over RabbitMQ ${brokerMissing() ?? ''}`, () => {
  const broker = withBroker();
  describeTransport('classic queues', async () => new RabbitHarness({ url: broker.url }));
  describeTransport('quorum queues', async () => new RabbitHarness({ url: broker.url, queueType: 'quorum' }));
  describePartitions('classic queues', async () => new RabbitHarness({ url: broker.url }));
  describePartitions('quorum queues', async () => new RabbitHarness({ url: broker.url, queueType: 'quorum' }));
});
