import type { AgentRecord } from '@tranche/contracts';
import type { ListRequest, LISTS } from '@tranche/http';
import { attributeValue } from './agent-view.js';

/** Whether an agent passes the filters of `GET /v1/agents`. */
export function isWantedAgent(list: ListRequest<typeof LISTS.agents.filters>, record: AgentRecord): boolean {
  const { region, zone } = record.domain?.fault_domain ?? {};
  const valueOf = (key: string): string | number | undefined => {
    const attribute = record.attributes.findLast(({ name }) => name === key);
    return attribute && attributeValue(attribute);
  };
  return (
    list.passes('state', record.state) &&
    list.passes('hostname', record.hostname) &&
    list.passes('id', record.agentId) &&
    list.passes('version', record.version) &&
    list.passes('region', region?.name ?? '') &&
    list.passes('zone', zone?.name ?? '') &&
    list.selects('attribute', valueOf)
  );
}
