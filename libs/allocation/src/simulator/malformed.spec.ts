import { describe, expect, it } from 'vitest';
import { MAX_SCENARIO_CHARACTERS, parseScenario } from './parse/parse-scenario.js';
import { ScenarioRun } from './run-scenario.js';
import { ScenarioError } from './scenario.errors.js';

/** What is told about a scenario: at parsing, or, when it gets so far, at running. */
function faultOf(scenario: unknown): string {
  const text = typeof scenario === 'string' ? scenario : JSON.stringify(scenario);
  let phase = 'parsing';
  try {
    const run = new ScenarioRun(parseScenario(text));
    phase = 'running';
    for (const _ of run.results()) continue;
  } catch (error) {
    if (!(error instanceof ScenarioError)) throw error;
    expect(error.code).toBe('simulate/malformed');
    expect(error.message).not.toContain('\n');
    return `${phase} · ${error.message}`;
  }
  return 'none';
}

const agent = { addAgent: { id: 'a', resources: 'cpus:4;mem:400' } };
const framework = { addFramework: { id: 'f', roles: ['r'] } };

/** The fault of one step after an agent and a framework, which has an offer of all of it. */
const stepFault = (step: unknown, ...before: unknown[]): string =>
  faultOf({ steps: [agent, framework, ...before, step] });

describe('scenario of the wrong shape', () => {
  it.each([
    ['', 'scenario: not JSON'],
    ['{"steps":[}', 'scenario: not JSON'],
    ['[]', 'scenario: expected an object, found a list'],
    ['null', 'scenario: expected an object, found null'],
    ['{}', 'steps: missing'],
    ['{"steps":{}}', 'steps: expected a list, found an object'],
    ['{"steps":[],"name":1}', 'name: expected a text, found 1'],
    ['{"steps":[],"description":null}', 'description: expected a text, found null'],
    ['{"steps":[],"stps":[]}', 'stps: unknown field; known are name, description, options, steps'],
    ['{"steps":[],"__proto__":1}', '__proto__: unknown field'],
  ])('%s is told as %s', (text, fault) => {
    expect(faultOf(text)).toContain(`parsing · ${fault}`);
  });

  it.each([
    [{ seed: 1.5 }, 'options.seed: expected a whole number, found 1.5'],
    [{ seed: '1' }, 'options.seed: expected a number, found "1"'],
    [{ allocationInterval: '1' }, 'options.allocationInterval: expected a duration'],
    [{ allocationInterval: '1 s' }, 'options.allocationInterval: expected a duration'],
    [{ allocationInterval: '-1s' }, 'options.allocationInterval: expected a duration'],
    [{ allocationInterval: '0s' }, 'options.allocationInterval: 0s is not between'],
    [{ allocationInterval: 1 }, 'options.allocationInterval: expected a text, found 1'],
    [{ minAllocatableResources: 'cpus:1' }, 'options.minAllocatableResources: expected a list'],
    [{ minAllocatableResources: ['cpus:-1'] }, 'options.minAllocatableResources[0]: '],
    [{ roleSorter: 'fifo' }, 'options.roleSorter: expected one of drf, random, found "fifo"'],
    [{ frameworkSorter: 1 }, 'options.frameworkSorter: expected one of drf, random, found 1'],
    [{ fairSharingExcludeResourceNames: [1] }, 'options.fairSharingExcludeResourceNames[0]: expected a text'],
    [{ filterGpuResources: 'no' }, 'options.filterGpuResources: expected true or false'],
    [{ domain: { region: 'r' } }, 'options.domain.zone: missing'],
    [{ agentOrder: 'name' }, 'options.agentOrder: expected one of id, random'],
    [{ interval: '1s' }, 'options.interval: unknown field'],
    [{ recovery: {} }, 'options.recovery.expectedAgents: missing'],
    [{ recovery: { expectedAgents: -1, quotas: [] } }, 'options.recovery.expectedAgents: must not be negative'],
    [
      { recovery: { expectedAgents: 1, quotas: [{ role: 'a/b', limits: 'cpus:1' }] } },
      'options.recovery.quotas[0].role: quota of nested role a/b is not supported',
    ],
    [{ recovery: { expectedAgents: 1, quotas: [], timeout: 'soon' } }, 'options.recovery.timeout: expected a duration'],
  ])('options %j are told as %s', (options, fault) => {
    expect(faultOf({ options, steps: [] })).toContain(`parsing · ${fault}`);
  });

  it.each([
    [1, 'step 2: expected an object, found 1'],
    [{}, 'step 2: expected one verb of addAgent'],
    [{ note: 'x' }, 'step 2: expected one verb of addAgent'],
    [{ allocate: {}, advance: { seconds: 1 } }, 'step 2: expected one verb, found allocate, advance'],
    [{ allocate: {}, note: 1 }, 'step 2: note: expected a text, found 1'],
    [{ allocte: {} }, 'step 2: allocte: unknown verb; known are addAgent'],
    [{ constructor: {} }, 'step 2: constructor: unknown verb'],
    [{ allocate: null }, 'step 2: allocate: expected an object, found null'],
    [{ allocate: { agent: 'a' } }, 'step 2: allocate.agent: unknown field; known are none'],
    [{ addAgent: { id: 'b' } }, 'step 2: addAgent.resources: missing'],
    [{ addAgent: { id: '', resources: '' } }, 'step 2: addAgent.id: must not be empty'],
    [{ addAgent: { id: 'b', resources: 'cpus' } }, 'step 2: addAgent.resources: '],
    [{ addAgent: { id: 'b', resources: 'cpus:-1' } }, 'step 2: addAgent.resources: cpus: '],
    [{ addAgent: { id: 'b', resources: 'cpus(a//b):1' } }, 'step 2: addAgent.resources: cpus: Role'],
    [{ addAgent: { id: 'b', resources: [7] } }, 'step 2: addAgent.resources: resource: expected an object'],
    [{ addAgent: { id: 'b', resources: { cpus: 1 } } }, 'step 2: addAgent.resources: expected resources'],
    [{ addAgent: { id: 'b', resources: 'disk<SHARED>:5' } }, 'step 2: addAgent.resources: '],
    [{ addAgent: { id: 'b', resources: 'x:1;x:{a}' } }, 'step 2: addAgent.resources: x: used with two kinds'],
    [{ addAgent: { id: 'b', resources: '', attributes: 'rack' } }, 'step 2: addAgent.attributes: '],
    [{ addAgent: { id: 'b', resources: '', domain: { region: 'r', zone: 'z' } } }, 'step 2: addAgent.domain: needs'],
    [
      { addAgent: { id: 'b', resources: '', capabilities: ['GPU'] } },
      'step 2: addAgent.capabilities[0]: expected one of',
    ],
    [
      { addFramework: { id: 'g', roles: [], capabilities: [1] } },
      'step 2: addFramework.capabilities[0]: expected one of',
    ],
    [{ addAgent: { id: 'b', resources: '', unavailability: {} } }, 'step 2: addAgent.unavailability.start: missing'],
    [
      { addAgent: { id: 'b', resources: 'cpus:1', used: [{ framework: 'f', role: 'r', resources: 'cpus:2' }] } },
      'step 2: addAgent.used[0].resources: cpus:2 is more than there is',
    ],
    [{ addAgent: { id: 'b', resources: '', used: [{ framework: 'f' }] } }, 'step 2: addAgent.used[0].role: missing'],
    [{ updateAgent: { id: 'a', domain: { region: 'r', zone: 'z' } } }, 'step 2: updateAgent.domain: needs'],
    [{ setWhitelist: {} }, 'step 2: setWhitelist.hosts: missing'],
    [{ setWhitelist: { hosts: 'a' } }, 'step 2: setWhitelist.hosts: expected a list, found "a"'],
    [{ setMaintenance: { agent: 'a', duration: 5 } }, 'step 2: setMaintenance.duration: needs a start'],
    [
      { setMaintenance: { agent: 'a', start: 1, duration: -5 } },
      'step 2: setMaintenance.duration: must not be negative',
    ],
    [{ addFramework: { id: 'g' } }, 'step 2: addFramework.roles: missing'],
    [{ addFramework: { id: 'g', roles: ['a b'] } }, "step 2: addFramework.roles[0]: Role component 'a b' is invalid"],
    [
      { addFramework: { id: 'g', roles: ['r'], suppressedRoles: ['s'] } },
      'step 2: addFramework.suppressedRoles: s is not subscribed',
    ],
    [
      { addFramework: { id: 'g', roles: ['r'], minAllocatableResources: { r: 'cpus:1' } } },
      'step 2: addFramework.minAllocatableResources.r: expected a list',
    ],
    [
      { addFramework: { id: 'g', roles: ['r'], offerConstraints: { r: [] } } },
      'step 2: addFramework.offerConstraints.r: must not be empty',
    ],
    [
      { addFramework: { id: 'g', roles: ['r'], offerConstraints: { r: [[{ attribute: 'x' }]] } } },
      'step 2: addFramework.offerConstraints.r[0][0]: expected one predicate of exists',
    ],
    [
      { addFramework: { id: 'g', roles: ['r'], offerConstraints: { r: [[{ pseudo: 'rack', exists: true }]] } } },
      'step 2: addFramework.offerConstraints.r[0][0].pseudo: expected one of hostname, region, zone',
    ],
    [
      { addFramework: { id: 'g', roles: ['r'], offerConstraints: { r: [[{ attribute: 'x', matches: '(' }]] } } },
      'step 2: addFramework.offerConstraints.r: offer constraint pattern "(" is not valid',
    ],
    [{ updateFramework: { id: 'f', active: true } }, 'step 2: updateFramework.active: unknown field'],
    [{ accept: { framework: 'f', agent: 'a', refuse: '5' } }, 'step 2: accept.refuse: expected a number, found "5"'],
    [{ decline: { framework: 'f', refuses: 5 } }, 'step 2: decline.refuses: unknown field'],
    [{ recover: { framework: 'f', agent: 'a' } }, 'step 2: recover.resources: missing'],
    [{ reserve: { agent: 'a', resources: 'cpus:1' } }, 'step 2: reserve.role: missing'],
    [{ createVolume: { agent: 'a', id: 'v', size: -1, role: 'r' } }, 'step 2: createVolume.size: must be above zero'],
    [{ createVolume: { agent: 'a', id: 'v/w', size: 1, role: 'r' } }, 'step 2: createVolume.id: "v/w" cannot be'],
    [
      { createVolume: { agent: 'a', id: 'v', size: 1, role: 'r', source: 'TAPE' } },
      'step 2: createVolume.source: expected MOUNT:/root',
    ],
    [{ setQuota: { role: 'r', guarantees: 'cpus:-1' } }, 'step 2: setQuota.guarantees: cpus: '],
    [{ setQuota: { role: 'r', limits: 'cpus:1;cpus:2' } }, 'step 2: setQuota.limits: cpus: limit given twice'],
    [{ setQuota: { role: '/r' } }, "step 2: setQuota.role: Role '/r' cannot start with a slash"],
    [{ setWeight: { role: 'r', weight: 0 } }, 'step 2: setWeight.weight: must be above zero, found 0'],
    [{ setWeight: { role: 'r', weight: -1 } }, 'step 2: setWeight.weight: must be above zero'],
    [{ advance: { seconds: -1 } }, 'step 2: advance.seconds: must not be negative'],
    [{ advance: { seconds: '1' } }, 'step 2: advance.seconds: expected a number, found "1"'],
    [{ expect: { offer: [] } }, 'step 2: expect.offer: unknown field; known are last, offers, rescinds'],
    [{ expect: { last: 0 } }, 'step 2: expect.last: must be above zero, found 0'],
    [{ expect: { offers: [{ framework: 'f' }] } }, 'step 2: expect.offers[0].resources: missing'],
    [{ expect: { inverseOffers: [{ framework: 'f' }] } }, 'step 2: expect.inverseOffers[0].agent: missing'],
    [{ expect: { refused: 1 } }, 'step 2: expect.refused: expected true or false'],
    [{ expect: { allocated: { agents: {} } } }, 'step 2: expect.allocated.agents: unknown field'],
    [{ expect: { available: { a: 5 } } }, 'step 2: expect.available.a: expected resources'],
    [{ expect: { shares: { roles: { r: '1' } } } }, 'step 2: expect.shares.roles.r: expected a number'],
    [{ expect: { order: { roles: 'r' } } }, 'step 2: expect.order.roles: expected a list'],
    [{ expect: { offerCounts: { f: [2, 1] } } }, 'step 2: expect.offerCounts.f: expected a count or [least, most]'],
    [{ expect: { metrics: [] } }, 'step 2: expect.metrics: expected an object, found a list'],
  ])('step %j is told as %s', (step, fault) => {
    expect(stepFault(step)).toContain(`parsing · ${fault}`);
  });

  it('finds faults of shape before anything runs', () => {
    expect(faultOf({ steps: [{ removeAgent: { id: 'x' } }, { nothing: {} }] })).toContain('parsing · step 1: nothing');
  });

  it('finds bytes that are too many, without reading them', () => {
    const text = `{"steps":[],"name":"${'x'.repeat(MAX_SCENARIO_CHARACTERS)}"}`;
    expect(faultOf(text)).toMatch(/^parsing · scenario: \d+ characters are more than 67108864$/);
  });

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('survives deeply nested %s', (_, open, close) => {
    const depth = 100_000;
    const nested = `${open.repeat(depth)}${open === '[' ? '' : '1'}${close.repeat(depth)}`;
    expect(faultOf(`{"steps":[{"addAgent":{"id":"a","resources":${nested}}}]}`)).toContain(
      open === '[' ? 'step 0: addAgent.resources: ' : 'step 0: addAgent.resources: expected resources',
    );
    expect(faultOf(nested)).toMatch(/^parsing · (scenario|steps|a): /);
    expect(faultOf(`{"steps":[{"expect":{"metrics":${nested}}}]}`)).toContain('step 0: expect.metrics');
  });
});

describe('step that makes no sense in the state that was reached', () => {
  it.each([
    [agent, 'addAgent.id: there is an agent "a" already'],
    [framework, 'addFramework.id: there is a framework "f" already'],
    [{ updateAgent: { id: 'x' } }, 'updateAgent.id: unknown agent "x"'],
    [{ removeAgent: { id: 'x' } }, 'removeAgent.id: unknown agent "x"'],
    [{ deactivateAgent: { id: 'x' } }, 'deactivateAgent.id: unknown agent "x"'],
    [{ activateAgent: { id: 'x' } }, 'activateAgent.id: unknown agent "x"'],
    [{ addResourceProvider: { agent: 'x', resources: '' } }, 'addResourceProvider.agent: unknown agent "x"'],
    [{ setMaintenance: { agent: 'x' } }, 'setMaintenance.agent: unknown agent "x"'],
    [{ updateFramework: { id: 'x' } }, 'updateFramework.id: unknown framework "x"'],
    [{ removeFramework: { id: 'x' } }, 'removeFramework.id: unknown framework "x"'],
    [{ activateFramework: { id: 'x' } }, 'activateFramework.id: unknown framework "x"'],
    [{ deactivateFramework: { id: 'x' } }, 'deactivateFramework.id: unknown framework "x"'],
    [{ suppress: { framework: 'x' } }, 'suppress.framework: unknown framework "x"'],
    [{ suppress: { framework: 'f', roles: ['s'] } }, 'suppress.roles: s is not subscribed'],
    [{ revive: { framework: 'f', roles: ['s'] } }, 'revive.roles: s is not subscribed'],
    [{ updateFramework: { id: 'f', suppressedRoles: ['s'] } }, 'updateFramework.suppressedRoles: s is not subscribed'],
    [{ accept: { framework: 'x', agent: 'a' } }, 'accept.framework: unknown framework "x"'],
    [{ accept: { framework: 'f', agent: 'x' } }, 'accept.agent: unknown agent "x"'],
    [{ accept: { framework: 'f', agent: 'a', role: 's' } }, 'accept.framework: f has no outstanding offer on a in s'],
    [
      { accept: { framework: 'f', agent: 'a', use: 'cpus:5' } },
      'accept.use: cpus:5 is more than is offered: cpus:4; mem:400',
    ],
    [{ accept: { framework: 'f', agent: 'a', use: 'cpus(r):1' } }, 'accept.use: cpus(r):1 is more than is offered'],
    [{ decline: { framework: 'f', role: 's' } }, 'decline.framework: f has no outstanding offer in s'],
    [{ decline: { framework: 'f', resources: 'cpus:5' } }, 'decline.resources: cpus:5 is more than is offered'],
    [{ recover: { framework: 'f', agent: 'a', resources: 'cpus:1' } }, 'recover.resources: f uses nothing on a'],
    [{ recover: { framework: 'x', agent: 'a', resources: 'cpus:1' } }, 'recover.framework: unknown framework "x"'],
    [
      { respondInverseOffer: { framework: 'f', agent: 'a', accept: true } },
      'respondInverseOffer.framework: f has no outstanding inverse offer for a',
    ],
    [{ reserve: { agent: 'x', resources: '', role: 'r' } }, 'reserve.agent: unknown agent "x"'],
    [{ unreserve: { agent: 'a', framework: 'x', resources: '' } }, 'unreserve.framework: unknown framework "x"'],
    [{ createVolume: { agent: 'x', id: 'v', size: 1, role: 'r' } }, 'createVolume.agent: unknown agent "x"'],
    [{ destroyVolume: { agent: 'x', id: 'v' } }, 'destroyVolume.agent: unknown agent "x"'],
    [{ advance: { seconds: 1e10 } }, 'advance.seconds: the clock would pass 292 years'],
    [{ expect: { available: { x: '' } } }, 'expect.available.x: unknown agent'],
    [{ expect: { allocated: { frameworks: { x: '' } } } }, 'expect.allocated.frameworks.x: unknown framework'],
    [{ expect: { offerCounts: { x: 0 } } }, 'expect.offerCounts.x: unknown framework'],
  ])('%j is told as %s', (step, fault) => {
    expect(stepFault(step)).toContain(`running · step 2: ${fault}`);
  });

  it('needs a role where a framework has offers, or tasks, in several', () => {
    const both = { addFramework: { id: 'g', roles: ['r', 's'] } };
    const reserved = { addAgent: { id: 'b', resources: 'cpus(r):1;cpus(s):1' } };
    const steps = [both, reserved];
    expect(faultOf({ steps: [...steps, { accept: { framework: 'g', agent: 'b' } }] })).toContain(
      'step 2: accept.role: must be given, as there are several: r, s',
    );
    expect(faultOf({ steps: [...steps, { decline: { framework: 'g', resources: 'cpus(r):1' } }] })).toContain(
      'step 2: decline.role: must be given, as there are several: r, s',
    );
    const accepted = ['r', 's'].map((role) => ({ accept: { framework: 'g', agent: 'b', role } }));
    const recover = { recover: { framework: 'g', agent: 'b', resources: 'cpus(r):1' } };
    expect(faultOf({ steps: [...steps, ...accepted, recover] })).toContain(
      'step 4: recover.role: must be given, as there are several: r, s',
    );
  });

  it('needs an agent where a part of what is offered on several is declined', () => {
    const other = { addAgent: { id: 'b', resources: 'cpus:4;mem:400' } };
    expect(stepFault({ decline: { framework: 'f', resources: 'cpus:1' } }, other)).toContain(
      'step 3: decline.agent: must be given, as there are several: a, b',
    );
  });

  it('does not count a refused step as one', () => {
    expect(stepFault({ setQuota: { role: 'a/b', limits: 'cpus:1' } })).toBe('none');
  });
});
