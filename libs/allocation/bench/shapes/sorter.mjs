import { ClusterTotals } from '../../dist/cluster/cluster-totals.js';
import { NameTable } from '../../dist/cluster/name-table.js';
import { Amounts } from '../../dist/sorter/amounts.js';
import { drfSorter } from '../../dist/sorter/drf.sorter.js';
import { randomSource, round, timed } from './measure.mjs';

const AGENTS = 50_000;
const CLIENTS = 1000;

/** Shape (c): a sorter of 1,000 clients to whom 50,000 agents are allocated and taken back, sorted after each. */
export function sorter() {
  const names = new NameTable();
  const totals = new ClusterTotals(names, new Set());
  const random = randomSource(3);
  const one = drfSorter.open({ names, totals, random }).create();
  const clients = [];
  const addClients = timed(() => {
    for (let i = 0; i < CLIENTS; i++) {
      const client = one.add(`${Math.floor(random() * 1e9)}-${i}`, i);
      one.setActivity(client, 'active');
      clients.push(client);
    }
  });
  const amounts = new Amounts();
  const addAgents = timed(() => {
    for (const [name, milli] of [
      ['cpus', 24_000],
      ['mem', 4_096_000],
      ['disk', 4_096_000],
    ]) {
      amounts.add(names.intern(name), milli);
      for (let i = 0; i < AGENTS; i++) totals.add(names.intern(name), milli);
    }
  });
  const owners = Array.from({ length: AGENTS }, () => clients[Math.floor(random() * CLIENTS)]);
  one.start();
  const allocated = timed(() => {
    for (const owner of owners) {
      one.charge(owner, amounts, true);
      one.start();
    }
  });
  const fullSort = timed(() => {
    totals.add(0, 1);
    one.start();
  });
  const released = timed(() => {
    for (const owner of owners) {
      one.credit(owner, amounts);
      one.start();
    }
  });
  return {
    shape: 'sorter',
    agents: AGENTS,
    clients: CLIENTS,
    addClientsMs: round(addClients.ms),
    addAgentsMs: round(addAgents.ms),
    allocateAndSortMs: round(allocated.ms),
    microsPerAllocation: round((allocated.ms * 1000) / AGENTS, 2),
    sortAfterTotalsChangedMs: round(fullSort.ms, 2),
    releaseAndSortMs: round(released.ms),
  };
}
