import type { FakeClock } from '@tranche/scheduler';
import { describe, expect, it } from 'vitest';
import { fakeWorld } from '../../../cli.fakes.js';
import { newInstance } from '../instance.js';
import { TerminalReporter } from './terminal-reporter.js';

const CLEAR = '\r\u001b[2K';

function terminal(hasSeveral = false) {
  const world = fakeWorld({ isTerminal: true });
  const clock = world.io.clock as FakeClock;
  const reporter = new TerminalReporter(world.io, { hasSeveral, color: false, traceId: '7f3a19c2aaaa' });
  return { world, clock, reporter, web: newInstance(0, 'web', clock.nowMs()) };
}

describe('on a terminal', () => {
  it('the line of a waiting instance is drawn again as time goes by', () => {
    const { world, clock, reporter, web } = terminal();
    reporter.changed(web);
    clock.advance(100);
    expect(world.stderr()).toBe(
      `${CLEAR}  web  ● waiting for an offer  0.0 s${CLEAR}  web  ● waiting for an offer  0.1 s`,
    );
  });

  it('the line says why, when nothing changes for a while', () => {
    const { world, clock, reporter, web } = terminal();
    reporter.changed(web);
    reporter.waiting([web], 'no agent has mem ≥ 8 GiB free (largest 6.1 GiB on n2)');
    clock.advance(5000);
    expect(world.stderr()).toContain(
      'waiting for an offer  5.0 s: no agent has mem ≥ 8 GiB free (largest 6.1 GiB on n2)',
    );
  });

  it('a starting instance says what it waits for, how much of it has come, and how long the rest may take', () => {
    const { world, clock, reporter, web } = terminal();
    web.phase = 'starting';
    web.hostname = 'n4';
    const since = { sinceMs: clock.nowMs(), sinceBytes: 0 };
    web.progress = { step: 'pulling', percent: 50, doneBytes: 32 << 20, totalBytes: 64 << 20, ...since };
    clock.advance(2000);
    reporter.changed(web);
    expect(world.stderr()).toContain('agent n4 · pulling ██████░░░░░░ 50 %  32 MiB of 64 MiB  2 s left');
    web.progress = { step: 'fetching', percent: 25, ...since };
    reporter.changed(web);
    expect(world.stderr()).toContain('agent n4 · fetching ███░░░░░░░░░ 25 %  ');
  });

  it('a running instance gets a line that stays, with its trace', () => {
    const { world, clock, reporter, web } = terminal();
    reporter.changed(web);
    clock.advance(6800);
    web.phase = 'running';
    web.hostname = 'n4';
    reporter.changed(web);
    expect(world.stderr()).toMatch(/  web  ● running on n4 after 6\.8 s   trace 7f3a19c2\n$/);
    expect(clock.pendingMs).toEqual([]);
  });

  it('output removes the line and comes unchanged', () => {
    const { world, clock, reporter, web } = terminal();
    reporter.changed(web);
    reporter.outputOf(web, 'stdout').write('50 %');
    clock.advance(1000);
    expect(world.stdout()).toBe('50 %');
    expect(world.stderr().endsWith(CLEAR)).toBe(true);
  });

  it('the name stands before each line when there are several', () => {
    const { world, reporter, web } = terminal(true);
    reporter.outputOf(web, 'stdout').write('a\nb\n');
    expect(world.stdout()).toBe('web | a\nweb | b\n');
  });

  it('several waiting instances share the line', () => {
    const { world, clock, reporter, web } = terminal(true);
    reporter.changed(web);
    reporter.changed(newInstance(1, 'web.1', clock.nowMs()));
    expect(world.stderr()).toContain('  web and 1 more  ● waiting for an offer');
  });

  it('a failure shows its cause, the last lines and what to do next', () => {
    const { world, reporter, web } = terminal();
    web.phase = 'ended';
    web.outcome = { exitCode: 3, cause: 'exit 3' };
    reporter.changed(web);
    reporter.failed({ instance: web, stderrLines: ['oops'], nextCommands: ['tranche logs x', 'tranche fs ls x'] });
    expect(world.stderr()).toBe('  web  ✖ exit 3 after 0.0 s\n    oops\n  try: tranche logs x   tranche fs ls x\n');
  });
});
