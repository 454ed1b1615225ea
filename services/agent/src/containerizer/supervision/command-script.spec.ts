import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ContainerConfig } from '../container.js';
import type { ResolvedUser } from '../processes/user.js';
import { composeCommandScript, quote } from './command-script.js';

const CONFIG: ContainerConfig = {
  ...{ id: 'c1', args: ['sh', '-c', 'echo "$A"'], user: 'alice', sandbox: '/srv/it is' },
  env: [['A', `it's`]],
  limits: { cpusMilli: 100, memBytes: 1 },
};
const ALICE: ResolvedUser = { name: 'alice', uid: 1000, gid: 1001, additionalGids: [44, 20] };

const lastLineOf = (script: string): string | undefined => script.trimEnd().split('\n').at(-1);

describe('composeCommandScript', () => {
  it('turns into the command with only the environment that was given', () => {
    const script = composeCommandScript(CONFIG, ALICE, { init: [] });
    expect(lastLineOf(script)).toBe(`exec env -i 'A=it'\\''s' sh -c 'echo "$A"'`);
  });

  it('puts the init first, then the switch of the user', () => {
    const script = composeCommandScript(CONFIG, ALICE, { init: ['/usr/bin/tini', '--'], setpriv: '/usr/bin/setpriv' });
    expect(lastLineOf(script)).toContain(
      'exec /usr/bin/tini -- /usr/bin/setpriv --reuid 1000 --regid 1001 --groups 44,20 -- env -i ',
    );
  });

  it('leaves a user without supplementary groups none', () => {
    const script = composeCommandScript(CONFIG, { ...ALICE, additionalGids: [] }, { init: [], setpriv: 'setpriv' });
    expect(lastLineOf(script)).toContain('--clear-groups -- env');
  });

  it('waits to be let go before it does anything of the command', () => {
    const lines = composeCommandScript(CONFIG, ALICE, { init: [] }).split('\n');
    const wait = lines.findIndex((line) => line.startsWith('read -r go < start'));
    expect(lines.findIndex((line) => line === `cd '/srv/it is' || exit 125`)).toBeGreaterThan(wait);
  });
});

describe('quote', () => {
  it('leaves plain words as they are', () => {
    expect(quote('/usr/bin/env')).toBe('/usr/bin/env');
  });

  it('quotes an empty word', () => {
    expect(quote('')).toBe(`''`);
  });

  it('brings any text through the shell unchanged', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 40 }).filter((value) => !value.includes('\0'));
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 40 }), (words) => {
        const output = execFileSync('/bin/sh', ['-c', `printf '%s\\0' ${words.map(quote).join(' ')}`]).toString('utf8');
        expect(output).toBe(words.map((word) => `${word}\0`).join(''));
      }),
      { numRuns: 20 },
    );
  });
});
