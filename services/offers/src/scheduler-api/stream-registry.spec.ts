import { Metrics, silentLogger } from '@tranche/telemetry';
import { expect, it } from 'vitest';
import { scene, subscribe } from '../testing/offers.fakes.js';
import type { EventStream } from './event-stream.js';
import { StreamRegistry } from './stream-registry.js';

const stream = (bufferedBytes: number) =>
  ({ bufferedBytes, closed: () => undefined, end: () => undefined }) as never as EventStream;

it('shows what schedulers have not read, by the name of their framework, while they are connected', async () => {
  const context = scene();
  const metrics = new Metrics('offers');
  const streams = new StreamRegistry(context, silentLogger, metrics);
  const shown = async (): Promise<string[]> =>
    (await metrics.render()).split('\n').filter((line) => line.startsWith('tranche_stream_buffered_bytes'));
  const last = stream(5);
  streams.opened(subscribe(context, { name: 'spark' }).framework, stream(10));
  streams.opened(subscribe(context, { name: 'spark' }).framework, stream(20));
  streams.opened(subscribe(context, { name: 'chronos' }).framework, last);
  expect(await shown()).toEqual([
    'tranche_stream_buffered_bytes{framework="spark",service="offers"} 30',
    'tranche_stream_buffered_bytes{framework="chronos",service="offers"} 5',
  ]);
  streams.closed(last);
  expect(await shown()).toEqual(['tranche_stream_buffered_bytes{framework="spark",service="offers"} 30']);
});
