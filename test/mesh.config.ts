/** Whether whole clusters are tested as separate processes over RabbitMQ and MariaDB, two of each service, instead of as one process. */
export const isMesh = process.env['TRANCHE_TEST_MESH'] === 'true';
