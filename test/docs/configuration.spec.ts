import { agentOptions } from '@tranche/agent';
import { allocatorOptions } from '@tranche/allocator';
import type { ConfigDefinition, Option } from '@tranche/config';
import { offersOptions } from '@tranche/offers';
import { quotaOptions } from '@tranche/quota';
import { registryOptions } from '@tranche/registry';
import { expect, it } from 'vitest';

const SERVICES: Record<string, ConfigDefinition> = {
  registry: registryOptions,
  allocator: allocatorOptions,
  offers: offersOptions,
  quota: quotaOptions,
  agent: agentOptions,
};

const cell = (text: string): string => text.replaceAll('|', '\\|');

function row({ name, type, unit, default: fallback, description, secret }: Option<unknown>): string {
  const kind = `${type}${unit === undefined ? '' : ` ${unit}`}${secret ? ', secret' : ''}`;
  const shown = fallback === undefined || fallback === '' ? '–' : `\`${JSON.stringify(fallback).replaceAll('"', '')}\``;
  return `| \`${name}\` | ${cell(kind)} | ${cell(shown)} | ${cell(description)} |`;
}

it('docs/configuration.md lists every option of every service', async () => {
  const sections = Object.entries(SERVICES).map(([service, options]) => {
    const rows = Object.values(options).map(row);
    return [
      `## ${service}`,
      '',
      '| option | type | default | meaning |',
      '| --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  });
  const text = [
    "<!-- Generated from the services' *.config.ts by `npm run docs`; do not edit. -->",
    '# Configuration',
    '',
    'Options come from the environment, else from `--config FILE` (YAML, the same names), else they have their default. A secret may be read',
    'from the file that `<NAME>_FILE` names. `--print-config` shows each value and where it came from. The local cluster (`npm start`) sets them',
    'from its flags.',
    '',
    ...sections,
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/configuration.md');
});
