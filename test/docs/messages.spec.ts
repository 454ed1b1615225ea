import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { type AnyContract, CONTRACTS } from '@tranche/contracts';
import { expect, it } from 'vitest';

const KINDS = [
  ['fact', 'Facts: to the topic exchange, numbered by their source'],
  ['command', "Commands: to the queue of the service that serves them, or to the agent's own"],
  ['query', 'Queries: one request, one response'],
] as const;

const SOURCES = resolve(import.meta.dirname, '../../libs/contracts/src');

/** Where each message is declared: in the folder of its kind, or in one below it that names a subject. */
const FILES = new Map(
  globSync('{facts,commands,queries}/**/*.ts', { cwd: SOURCES }).map((path) => [
    path.slice(path.lastIndexOf('/') + 1),
    path,
  ]),
);

/** Of a service that is cut into partitions a command goes to that of its key. */
const servedBy = (contract: AnyContract): string =>
  contract.kind === 'command' && contract.keyOf !== undefined ? `${contract.owner}, by partition` : contract.owner;

/** A query is worth nothing after its time. */
const isOnDisk = (contract: AnyContract): boolean => contract.kind !== 'query' && contract.isTransient !== true;

const row = (contract: AnyContract): string =>
  `| \`${contract.pattern}\` | ${servedBy(contract)} | ${isOnDisk(contract) ? 'yes' : ''} | ${contract.isRoutine === true ? 'debug' : ''} | [${contract.name}](../libs/contracts/src/${FILES.get(fileOf(contract))}) |`;

const fileOf = ({ name, version }: AnyContract): string => `${name.replaceAll('.', '-')}.v${version}.ts`;

it('docs/messages.md lists every message of the mesh', async () => {
  const sections = KINDS.map(([kind, title]) => {
    const owner = kind === 'fact' ? 'published by' : 'served by';
    const rows = CONTRACTS.filter((contract) => contract.kind === kind).map(row);
    return [
      `## ${title}`,
      '',
      `| pattern | ${owner} | on the broker's disk | logged at | declared in |`,
      '| --- | --- | --- | --- | --- |',
      ...rows,
      '',
    ].join('\n');
  });
  const text = [
    '<!-- Generated from libs/contracts/src/registry.ts by `npm run docs`; do not edit. -->',
    '# Messages between services',
    '',
    'What each is for, its fields and what a receiver does with an unknown id stand in the file that declares it. What is not on the disk',
    'of a broker that ends is in the snapshots that are due then, or sent again until it is answered ([ADR 267](adr/0267-only-what-nobody-repeats-is-on-the-brokers-disk.md)).',
    'Each that was handled is a line of the log, at `info` where nothing else is said: what a clock sends, and pieces of something else, are details',
    '([ADR 302](adr/0302-a-line-for-each-message-is-only-written.md)).',
    '',
    ...sections,
  ].join('\n');
  await expect(text).toMatchFileSnapshot('../../docs/messages.md');
});
