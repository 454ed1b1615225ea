import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { Metrics } from './metrics.js';
import { observeProcess } from './process-metrics.js';

/** Keeps the event loop busy. */
function block(ms: number): void {
  const endMs = performance.now() + ms;
  while (performance.now() < endMs);
}

it('tells of an event loop that was kept busy', async () => {
  const metrics = new Metrics('test');
  observeProcess(metrics, { version: '1', commit: 'c' });
  await sleep(250);
  block(600);
  await sleep(250);
  const text = await metrics.registry.metrics();
  const lag = /^tranche_event_loop_lag_seconds\{.*\} (\S+)$/m.exec(text)?.[1];
  expect(Number(lag)).toBeGreaterThan(0.3);
  expect(text).toMatch(/^tranche_build_info\{version="1",commit="c",.*\} 1$/m);
});
