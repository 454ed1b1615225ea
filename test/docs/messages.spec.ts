import { type AnyContract, CONTRACTS } from '@tranche/contracts';
import { expect, it } from 'vitest';

const KINDS = [
  ['fact', 'Facts: to the topic exchange, numbered by their source'],
  ['command', "Commands: to the queue of the service that serves them, or to the agent's own"],
  ['query', 'Queries: one request, one response'],
] as const;

const row = ({ pattern, owner, kind, name, version }: AnyContract): string =>
  `| \`${pattern}\` | ${owner} | [${name}](../libs/contracts/src/${kind === 'query' ? 'queries' : `${kind}s`}/${fileOf(name, version)}) |`;

const fileOf = (name: string, version: number): string => `${name.replaceAll('.', '-')}.v${version}.ts`;

it('docs/messages.md lists every message of the mesh', async () => {
  const sections = KINDS.map(([kind, title]) => {
    const owner = kind === 'fact' ? 'published by' : 'served by';
    const rows = CONTRACTS.filter((contract) => contract.kind === kind).map(row);
    return [`## ${title}`, '', `| pattern | ${owner} | declared in |`, '| --- | --- | --- |', ...rows, ''].join('\n');
  });
  const text = [
    '<!-- Generated from libs/contracts/src/registry.ts by `npm run docs`; do not edit. -->',
    '# Messages between services',
    '',
    'What each is for, its fields and what a receiver does with an unknown id stand in the file that declares it.',
    '',
    ...sections,
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/messages.md');
});
