import type { Blocker } from '@tranche/allocation';
import type { FrameworkRecord } from '@tranche/contracts';
import { Limits, Quantities } from '@tranche/resources';
import { describe, expect, it } from 'vitest';
import { helpCommands, type HelpFacts } from './help-command.js';

const facts = (given: Partial<HelpFacts>): HelpFacts => ({
  role: 'eng/dev',
  chargedTo: 'eng',
  blockers: [],
  framework: undefined,
  frameworkText: ({ info }) => info.name,
  agentText: (agentId) => `host-${agentId}`,
  reservationIds: (agentId, role) => [`${agentId}-${role}`],
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

describe('helpCommands', () => {
  it('names all limits of the role that is charged', () => {
    const limits = Limits.parse('cpus:96;disk:1000;gpus:0;mem:1536');
    expect(helpCommands('quota.limit', facts({ limits }))).toEqual([
      'tranche quota set eng --limit cpus=96,disk=1000MiB,gpus=0,mem=1.5GiB',
    ]);
  });

  it('is none for a limit that the command cannot name, or that is not known', () => {
    expect(helpCommands('quota.limit', facts({ limits: Limits.parse('cpus:96;licenses:3') }))).toEqual([]);
    expect(helpCommands('quota.limit', facts({}))).toEqual([]);
  });

  it('lowers guarantees to what of them is met', () => {
    const met = [
      { role: 'gold', guarantees: Quantities.parse('cpus:3;mem:512') },
      { role: 'ads', guarantees: Quantities.EMPTY },
    ];
    expect(helpCommands('quota.headroom', facts({ met }))).toEqual([
      'tranche quota set gold --guarantee cpus=3,mem=512MiB',
      'tranche quota set ads --guarantee cpus=0',
    ]);
    const unnamed = { role: 'ads', guarantees: Quantities.parse('licenses:1') };
    expect(helpCommands('quota.headroom', facts({ met: [...met, unnamed] }))).toEqual([]);
  });

  it('sets the weight of the role that is asked about', () => {
    expect(helpCommands('order.share', facts({ weight: 2.51 }))).toEqual(['tranche weight set eng/dev 2.51']);
    expect(helpCommands('order.share', facts({}))).toEqual([]);
  });

  it.each([
    ['spark', 'spark'],
    ['my spark', "'my spark'"],
    ["it's $HOME", String.raw`'it'\''s $HOME'`],
  ])('quotes the name %s for a shell', (name, word) => {
    expect(helpCommands('filter.declined', facts({ framework: named(name) }))).toEqual([
      `tranche framework revive ${word}`,
    ]);
  });

  it('is none for who has declined and is only a shape', () => {
    expect(helpCommands('filter.declined', facts({}))).toEqual([]);
  });

  it('activates each agent that is deactivated', () => {
    const blockers = [inactive('a', 'deactivated'), inactive('b', 'deactivated')];
    expect(helpCommands('agent.inactive', facts({ blockers }))).toEqual([
      'tranche agent activate host-a',
      'tranche agent activate host-b',
    ]);
    expect(helpCommands('agent.inactive', facts({ blockers: [inactive('a', 'drained')] }))).toHaveLength(1);
    for (const reason of ['unreachable', 'draining'])
      expect(helpCommands('agent.inactive', facts({ blockers: [inactive('a', reason)] }))).toEqual([]);
  });

  it('rescinds each offer that holds it, once, and none when they are many', () => {
    const holding = (...ids: string[]) => [on('a', { code: 'agent.offered', holders: ids.map(offer) })];
    expect(helpCommands('agent.offered', facts({ blockers: holding('o1', 'o2', 'o1') }))).toEqual([
      'tranche offer rescind o1',
      'tranche offer rescind o2',
    ]);
    const many = holding('o1', 'o2', 'o3', 'o4', 'o5', 'o6');
    expect(helpCommands('agent.offered', facts({ blockers: many }))).toEqual([]);
  });

  it('takes back what is reserved, if all of it can be', () => {
    const reserved = (agentId: string) =>
      on(agentId, { code: 'agent.reserved', reservedTo: [{ role: 'ads', resources: Quantities.EMPTY }] });
    const blockers = [reserved('a'), reserved('b')];
    expect(helpCommands('agent.reserved', facts({ blockers }))).toEqual([
      'tranche reservation rm a-ads',
      'tranche reservation rm b-ads',
    ]);
    const reservationIds = (agentId: string) => (agentId === 'a' ? ['r1'] : undefined);
    expect(helpCommands('agent.reserved', facts({ blockers, reservationIds }))).toEqual([]);
  });

  it('is none where something else than a command helps', () => {
    expect(helpCommands('capability.gpu', facts({}))).toEqual([]);
  });
});
