import { connect } from 'amqplib';
import { createConnection } from 'mysql2/promise';
import { beforeAll, describe, expect, it } from 'vitest';
import { callManagement } from './broker-server.js';
import { amqpUrl, brokerManagementUrl, brokerMissing, mysqlMissing, mysqlUrl } from './run-urls.js';

describe.skipIf(brokerMissing())(`the RabbitMQ of a test run ${brokerMissing() ?? ''}`, () => {
  beforeAll(amqpUrl);

  it('gives each caller a virtual host of its own', async () => {
    const [one, other] = await Promise.all([amqpUrl(), amqpUrl()]);
    expect(one).not.toBe(other);
    const [first, second] = await Promise.all([connect(one), connect(other)]);
    const queue = await (await first.createChannel()).assertQueue('q', { arguments: { 'x-queue-type': 'quorum' } });
    expect(queue.messageCount).toBe(0);
    const channel = await second.createChannel();
    channel.on('error', () => undefined);
    await expect(channel.checkQueue('q')).rejects.toThrow('NOT_FOUND');
    const vhost = encodeURIComponent(new URL(one).pathname.slice(1));
    const queues = await callManagement(await brokerManagementUrl(), 'GET', `/queues/${vhost}`);
    expect(queues).toMatchObject([{ name: 'q' }]);
    await Promise.all([first.close(), second.close()]);
  });
});

describe.skipIf(mysqlMissing())(`the MariaDB or MySQL of a test run ${mysqlMissing() ?? ''}`, () => {
  beforeAll(mysqlUrl);

  it('gives each caller a database of its own, in full Unicode', async () => {
    const [one, other] = await Promise.all([mysqlUrl(), mysqlUrl()]);
    const [first, second] = await Promise.all([createConnection(one), createConnection(other)]);
    await first.query('CREATE TABLE t (v VARCHAR(10))');
    await first.query("INSERT INTO t VALUES ('🦀')");
    expect((await first.query('SELECT v FROM t'))[0]).toEqual([{ v: '🦀' }]);
    expect((await second.query('SHOW TABLES'))[0]).toEqual([]);
    await Promise.all([first.end(), second.end()]);
  });
});
