import type { Blocker } from '@tranche/allocation';
import type { FrameworkRecord } from '@tranche/contracts';
import { Limits, Quantities } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { helpCommand, type HelpFacts } from './help-command.js';

const facts = (given: Partial<HelpFacts>): HelpFacts => ({
  role: 'eng/dev',
  chargedTo: 'eng',
  limits: undefined,
  blockers: [],
  framework: undefined,
  frameworkText: ({ info }) => info.name,
  agentText: (agentId) => `host-${agentId}`,
  ...given,
});
const named = (name: string): FrameworkRecord => ({
  frameworkId: 'f1',
  info: { user: 'u', name },
  state: 'connected',
  active: true,
  roles: ['eng/dev'],
  suppressedRoles: [],
  registeredAtMs: 0,
});
const on = (agentId: string, blocker: Blocker) => ({ agentId, blocker });
const inactive = (agentId: string, reason: string) => on(agentId, { code: 'agent.inactive', reason });
const offer = (offerId: string) => ({
  ...{ offerId, frameworkId: 'g', role: 'r', madeAtMs: 0 },
  resources: Quantities.EMPTY,
});

describe('helpCommand', () => {
  it('names all limits of the role that is charged', () => {
    const limits = Limits.parse('cpus:96;disk:1000;gpus:0;mem:1536');
    expect(helpCommand('quota.limit', facts({ limits }))).toBe(
      'tranche quota set eng --limit cpus=96,disk=1000MiB,gpus=0,mem=1.5GiB',
    );
  });

  it('is none for a limit that the command cannot name, or that is not known', () => {
    expect(helpCommand('quota.limit', facts({ limits: Limits.parse('cpus:96;licenses:3') }))).toBeUndefined();
    expect(helpCommand('quota.limit', facts({}))).toBeUndefined();
  });

  it.each([
    ['spark', 'spark'],
    ['my spark', "'my spark'"],
    ["it's $HOME", String.raw`'it'\''s $HOME'`],
  ])('quotes the name %s for a shell', (name, word) => {
    expect(helpCommand('filter.declined', facts({ framework: named(name) }))).toBe(`tranche framework revive ${word}`);
  });

  it('is none for who has declined and is only a shape', () => {
    expect(helpCommand('filter.declined', facts({}))).toBeUndefined();
  });

  it('activates the one agent that is deactivated', () => {
    expect(helpCommand('agent.inactive', facts({ blockers: [inactive('a', 'deactivated')] }))).toBe(
      'tranche agent activate host-a',
    );
    for (const blockers of [
      [inactive('a', 'unreachable')],
      [inactive('a', 'deactivated'), inactive('b', 'deactivated')],
    ])
      expect(helpCommand('agent.inactive', facts({ blockers }))).toBeUndefined();
  });

  it('rescinds the one offer that holds it', () => {
    const holding = (...holders: ReturnType<typeof offer>[]) => [on('a', { code: 'agent.offered', holders })];
    expect(helpCommand('agent.offered', facts({ blockers: holding(offer('o1')) }))).toBe('tranche offer rescind o1');
    expect(helpCommand('agent.offered', facts({ blockers: holding(offer('o1'), offer('o2')) }))).toBeUndefined();
  });

  it('is none where something else than a command helps', () => {
    expect(helpCommand('capability.gpu', facts({}))).toBeUndefined();
  });
});
