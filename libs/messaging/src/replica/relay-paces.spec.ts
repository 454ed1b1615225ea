import { FakeClock } from '@tranche/telemetry';
import { beforeEach, describe, expect, it } from 'vitest';
import { MAX_PAUSE_MS, RelayPaces } from './relay-paces.js';

describe('an answer that is relayed', () => {
  let clock: FakeClock;
  let paces: RelayPaces;
  beforeEach(() => {
    clock = new FakeClock();
    paces = new RelayPaces(clock);
    paces.begin('e');
  });
  const waits = async (): Promise<boolean> => {
    let isOver = false;
    void paces.over('e').then(() => (isOver = true));
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    return !isOver;
  };

  it('waits from the word that its client has to read until the word that it has', async () => {
    expect(await waits()).toBe(false);
    paces.pause('e');
    expect(await waits()).toBe(true);
    paces.goOn('e');
    expect(await waits()).toBe(false);
  });

  it('waits for a client without another word for a limited time', async () => {
    paces.pause('e');
    clock.advance(MAX_PAUSE_MS - 1);
    paces.pause('e');
    clock.advance(MAX_PAUSE_MS - 1);
    expect(await waits()).toBe(true);
    clock.advance(1);
    expect(await waits()).toBe(false);
  });

  it('waits no longer when it has ended, nor when the word comes later', async () => {
    paces.pause('e');
    const over = paces.over('e');
    paces.end('e');
    await over;
    paces.pause('e');
    expect(await waits()).toBe(false);
  });
});
