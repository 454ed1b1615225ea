import { convertJson, type DomainInfo, messageTypes } from '@tranche/mesos-api';
import { parseAttributes, type Resources } from '@tranche/resources';
import type { AgentEquipment } from './describe-agent.js';
import { agentResources, lessReserve, parseShare } from './detect/agent-resources.js';
import type { Machine } from './detect/detector.js';
import { AgentOptionError } from './registration.errors.js';

/** Options that say what the agent has, as they are written. */
export interface EquipmentOptions {
  readonly workDir: string;
  readonly resources: string;
  readonly reserve: string;
  readonly attributes: string;
  readonly domain?: string | undefined;
  readonly share: string;
}

/**
 * Reads the options that say what the agent has, and detects the rest.
 *
 * @returns its total as a collection, and what it tells the registry
 * @throws AgentOptionError naming the option and what is wrong with it
 */
export async function equipAgent(
  options: EquipmentOptions,
  machine: Machine,
): Promise<{ readonly total: Resources; readonly equipment: AgentEquipment }> {
  const share = parseShare(options.share);
  if (share === undefined) throw new AgentOptionError('AGENT_SHARE', `"${options.share}" must be k/n with 1 ≤ k ≤ n`);
  const found = await understood('AGENT_RESOURCES', () =>
    agentResources(options.resources, { machine, workDir: options.workDir, share }),
  );
  const total = await understood('AGENT_RESERVE', async () => lessReserve(found, options.reserve, options.resources));
  const attributes = await understood('AGENT_ATTRIBUTES', async () => parseAttributes(options.attributes));
  const domain = options.domain === undefined ? undefined : domainOf(options.domain);
  return {
    total,
    equipment: {
      resources: total.toJson(),
      attributes,
      ...(domain === undefined ? {} : { domain }),
    },
  };
}

/** Reads a JSON object of texts. @throws AgentOptionError */
export function parseEnvironment(option: string, text: string): Record<string, string> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AgentOptionError(option, `is no JSON: ${(cause as Error).message}`, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new AgentOptionError(option, 'must be a JSON object of texts');
  }
  const bad = Object.entries(value).find(([, member]) => typeof member !== 'string');
  if (bad !== undefined) throw new AgentOptionError(option, `${bad[0]} must be a text`);
  return value as Record<string, string>;
}

function domainOf(text: string): DomainInfo {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AgentOptionError('AGENT_DOMAIN', `is no JSON: ${(cause as Error).message}`, { cause });
  }
  const converted = convertJson(messageTypes.DomainInfo, value);
  if (!converted.ok) throw new AgentOptionError('AGENT_DOMAIN', converted.error);
  return converted.value;
}

async function understood<T>(option: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw new AgentOptionError(option, (cause as Error).message, { cause });
  }
}
