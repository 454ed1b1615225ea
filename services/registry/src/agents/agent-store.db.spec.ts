import { BulkWriter, openDatabase, schemaDrift } from '@tranche/persistence';
import { testDatabases } from '@tranche/test-servers';
import type { DataSource } from 'typeorm';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AgentRoster } from './agent-roster.js';
import { TypeormAgentStore } from './agent-store.typeorm.js';
import { agentRecord, knownAgent } from './agents.fakes.js';
import { recoverAgents } from './recover-agents.js';
import { registryDatabase } from './registry.database.js';

for (const database of testDatabases())
  describe.skipIf(database.missing)(`TypeormAgentStore on ${database.name}`, () => {
    let source: DataSource;
    let writer: BulkWriter;
    let store: TypeormAgentStore;

    beforeEach(async () => {
      source = await openDatabase({ ...registryDatabase, url: await database.freshUrl() });
      writer = new BulkWriter(source);
      store = new TypeormAgentStore(source, writer);
    });
    afterEach(() => source.destroy());

    it('has after its migrations exactly the schema of its entities', async () => {
      expect(await schemaDrift(source)).toEqual([]);
    });

    it('gives back what was stored, by first registration', async () => {
      const late = agentRecord({ agentId: 'c-S0', registeredAtMs: 900 });
      const early = agentRecord({ agentId: 'c-S1', registeredAtMs: 800, domain: { fault_domain: undefined } });
      store.agentChanged(knownAgent(late));
      store.agentChanged(knownAgent(early));
      await writer.flush();
      expect(await store.load()).toEqual([agentRecord({ ...early, domain: {} }), late]);
    });

    it('keeps the newest state and loses what is forgotten', async () => {
      store.agentChanged(knownAgent());
      store.agentChanged(knownAgent({ state: 'gone', stateReason: 'by operator' }));
      store.agentChanged(knownAgent({ agentId: 'c-S1' }));
      store.agentForgotten('c-S1');
      await writer.flush();
      expect(await store.load()).toMatchObject([{ agentId: 'c-S0', state: 'gone', stateReason: 'by operator' }]);
    });

    it('lets agents that were present come back as recovered, and writes nothing for it', async () => {
      store.agentChanged(knownAgent());
      store.agentChanged(knownAgent({ agentId: 'c-S1', state: 'unreachable' }));
      await writer.flush();
      const roster = new AgentRoster('d');
      await recoverAgents(store, roster);
      expect([...roster.all()].map((known) => [known.record.agentId, known.isRecovered])).toEqual([
        ['c-S0', true],
        ['c-S1', false],
      ]);
      expect(writer.backlog).toBe(0);
    });
  });
