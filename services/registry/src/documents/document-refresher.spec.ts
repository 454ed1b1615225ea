import { FakeClock } from '@tranche/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { DocumentRefresher } from './document-refresher.js';

describe('DocumentRefresher', () => {
  let clock: FakeClock;
  let refreshes: number;
  let refresher: DocumentRefresher;
  beforeEach(() => {
    clock = new FakeClock();
    refreshes = 0;
    refresher = new DocumentRefresher({ refresh: () => void refreshes++ }, clock);
  });

  it('renders the changes of ten seconds together while nobody reads', () => {
    refresher.refreshSoon();
    clock.advance(5_000);
    refresher.refreshSoon();
    clock.advance(4_999);
    expect(refreshes).toBe(0);
    clock.advance(1);
    expect(refreshes).toBe(1);
  });

  it('renders for who reads at once, and for a minute after that soon after each change', () => {
    refresher.refreshForReader();
    expect(refreshes).toBe(1);
    refresher.refreshSoon();
    clock.advance(100);
    expect(refreshes).toBe(2);
    clock.advance(60_000);
    refresher.refreshSoon();
    clock.advance(100);
    expect(refreshes).toBe(2);
  });

  it('renders no more when it is shut down', () => {
    refresher.refreshSoon();
    refresher.onApplicationShutdown();
    clock.advance(60_000);
    expect(refreshes).toBe(0);
  });
});
