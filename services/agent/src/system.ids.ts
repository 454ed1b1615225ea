import { randomUUID } from 'node:crypto';
import type { Ids } from './ids.port.js';

/** The machine's random source. */
export const systemIds: Ids = {
  uuid: () => randomUUID(),
  updateId: () => Buffer.from(randomUUID().replaceAll('-', ''), 'hex').toString('base64'),
  random: () => Math.random(),
};
