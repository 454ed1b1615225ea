import { formatMilli, Quantities } from '@tranche/resources';
import type { World } from '../world/world.js';
import { bar, table } from './bars.js';

/** Most rows of frameworks that are shown. */
const MAX_ROWS = 50;

interface Row {
  readonly role: string;
  readonly framework: string;
  readonly held: Quantities;
}

/** Who has what in the end: one line a role with its share as a bar, under it its frameworks, and what is free. */
export function finalState(world: World): string {
  const rows = heldByFramework(world);
  const names = namesOf(rows.map(({ held }) => held));
  const lines = [`\nWho has what after ${formatSeconds(world.nowNs)} s`];
  if (rows.length === 0) lines.push('  nobody has anything');
  else
    lines.push(
      table(
        ['ROLE', 'FRAMEWORK', 'SHARE', ...names.map((name) => name.toUpperCase())],
        cells(world, rows, names),
        '  ',
      ),
    );
  lines.push(freeText(world));
  return `${lines.join('\n')}\n`;
}

/** `3 expectations, all hold.` */
export function summaryText(expectations: number, failed: number): string {
  if (expectations === 0) return '';
  const what = `${expectations} expectation${expectations === 1 ? '' : 's'}`;
  return failed === 0 ? `\n${what}, all hold.\n` : `\n${what}, ${failed} failed.\n`;
}

function cells(world: World, rows: readonly Row[], names: readonly string[]): string[][] {
  const amounts = (held: Quantities): string[] => names.map((name) => formatMilli(held.get(name)));
  const lines: string[][] = [];
  for (const role of new Set(rows.map((row) => row.role))) {
    const own = rows.filter((row) => row.role === role);
    const sum = own.reduce((all, { held }) => all.plus(held), Quantities.EMPTY);
    const share = world.engine.view.roleShare(`${role}/.`) ?? world.engine.view.roleShare(role);
    lines.push([role, '', share === undefined ? '' : bar(share), ...amounts(sum)]);
    for (const { framework, held } of own.slice(0, MAX_ROWS)) {
      const part = world.engine.view.frameworkShare(role, framework);
      lines.push(['', framework, part === undefined ? '' : bar(part), ...amounts(held)]);
    }
    if (own.length > MAX_ROWS) lines.push(['', `and ${own.length - MAX_ROWS} more`, '', ...names.map(() => '')]);
  }
  return lines;
}

function heldByFramework(world: World): Row[] {
  const rows = new Map<string, Row>();
  for (const role of [...world.engine.view.order()].toSorted()) {
    for (const framework of world.frameworks.values()) {
      if (framework.roles.includes(role)) {
        rows.set(JSON.stringify([role, framework.id]), { role, framework: framework.id, held: Quantities.EMPTY });
      }
    }
  }
  for (const { role, frameworkId, resources } of world.engine.view.holdings()) {
    const key = JSON.stringify([role, frameworkId]);
    const before = rows.get(key)?.held ?? Quantities.EMPTY;
    rows.set(key, { role, framework: frameworkId, held: before.plus(resources.quantities()) });
  }
  return [...rows.values()];
}

function freeText(world: World): string {
  let total = Quantities.EMPTY;
  let free = Quantities.EMPTY;
  for (const id of world.agents.keys()) {
    total = total.plus(world.engine.view.total(id)?.quantities() ?? Quantities.EMPTY);
    free = free.plus(world.engine.view.available(id)?.quantities() ?? Quantities.EMPTY);
  }
  const parts = namesOf([total]).map(
    (name) => `${name} ${formatMilli(free.get(name))} of ${formatMilli(total.get(name))}`,
  );
  return `  free on ${world.agents.size} agent${world.agents.size === 1 ? '' : 's'}: ${parts.join(' · ') || 'nothing'}`;
}

function namesOf(list: readonly Quantities[]): string[] {
  const order = ['cpus', 'gpus', 'mem', 'disk', 'ports'];
  const names = new Set(list.flatMap((quantities) => [...quantities].map(([name]) => name)));
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return [...names].toSorted((a, b) => place(a) - place(b) || (a < b ? -1 : 1));
}

function formatSeconds(ns: number): string {
  return String(Math.round(ns / 1e6) / 1000);
}
