import { describe, expect, it } from 'vitest';
import { readLimitsConfig } from '../../faults/limits/limits.config.js';
import { runLimits } from '../../faults/limits/run-limits.js';

const { seed, minutes } = readLimitsConfig();
const say = (line: string): void => void process.stderr.write(`${line}\n`);

describe('roles with quotas that operators change at random', () => {
  it(`stay within their limits, and get what they are guaranteed as tasks end, with seed ${seed}`, {
    timeout: minutes * 120_000 + 300_000,
  }, async () => {
    const { violations, ...report } = await runLimits({ seed, durationMs: minutes * 60_000, say });
    const again = `npm run test:limits -- --seed ${seed} --minutes ${minutes}`;
    expect(violations, `again: ${again}\noperators did last:\n${report.log.join('\n')}`).toEqual([]);
    // It was about limits at all.
    expect(report.limited).toBeGreaterThan(0);
    expect(report.quotasSet).toBeGreaterThan(0);
  });
});
