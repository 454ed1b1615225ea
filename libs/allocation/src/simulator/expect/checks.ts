import { equalByName, Quantities, type Resources } from '@tranche/resources';
import type { World } from '../world/world.js';

/** Largest difference of two figures that counts as none. */
const TOLERANCE = 1e-6;

/** A check of the state: findings, none when the expectation holds. */
export type Check = (world: World) => string[];

export function checkAllocated(kind: 'frameworks' | 'roles', expected: ReadonlyMap<string, Quantities>): Check {
  return (world) => {
    const held = heldBy(world, kind);
    return [...expected].flatMap(([name, quantities]) => {
      const found = held.get(name) ?? Quantities.EMPTY;
      if (found.equals(quantities)) return [];
      return [finding(`allocated.${kind}.${name}`, quantities.toText() || 'nothing', found.toText() || 'nothing')];
    });
  };
}

export function checkAvailable(expected: ReadonlyMap<string, Resources>): Check {
  return (world) =>
    [...expected].flatMap(([agent, resources]) => {
      const found = world.engine.view.available(agent);
      if (found === undefined) throw world.fault('available', `no agent ${agent}`);
      if (equalByName(found, resources)) return [];
      return [finding(`available.${agent}`, resources.toText() || 'nothing', found.toText() || 'nothing')];
    });
}

export function checkRoleShares(expected: ReadonlyMap<string, number | null>): Check {
  return (world) =>
    [...expected].flatMap(([path, share]) =>
      compareFigure(`shares.roles.${path}`, share, world.engine.view.roleShare(path)),
    );
}

export function checkFrameworkShares(expected: ReadonlyMap<string, ReadonlyMap<string, number | null>>): Check {
  return (world) =>
    [...expected].flatMap(([role, shares]) =>
      [...shares].flatMap(([id, share]) =>
        compareFigure(`shares.frameworks.${role}.${id}`, share, world.engine.view.frameworkShare(role, id)),
      ),
    );
}

/** @param role undefined: the order of roles */
export function checkOrder(role: string | undefined, expected: readonly string[]): Check {
  return (world) => {
    const found = world.engine.view.order(role);
    if (found.length === expected.length && found.every((each, i) => each === expected[i])) return [];
    const field = role === undefined ? 'order.roles' : `order.frameworks.${role}`;
    return [finding(field, `[${expected.join(', ')}]`, `[${found.join(', ')}]`)];
  };
}

export function checkOfferCount(framework: string, [least, most]: readonly [number, number]): Check {
  return (world) => {
    const found = world.offerCounts.get(framework) ?? 0;
    if (found >= least && found <= most) return [];
    return [finding(`offerCounts.${framework}`, least === most ? `${least}` : `${least} to ${most}`, `${found}`)];
  };
}

export function checkMetrics(expected: ReadonlyMap<string, number | null>): Check {
  return (world) => {
    const found = world.engine.view.metrics(world.nowMs, world.offered());
    return [...expected].flatMap(([name, figure]) => compareFigure(`metrics.${name}`, figure, found.get(name)));
  };
}

export function finding(field: string, expected: string, found: string): string {
  return `${field}: expected ${expected}, found ${found}`;
}

/** @param expected null: not there at all */
function compareFigure(field: string, expected: number | null, found: number | undefined): string[] {
  const isAsExpected = expected === null ? found === undefined : found !== undefined && isClose(expected, found);
  return isAsExpected ? [] : [finding(field, String(expected), String(found ?? null))];
}

function isClose(a: number, b: number): boolean {
  return Math.abs(a - b) <= TOLERANCE;
}

/** Everything held, offered or in use; a shared volume once for each agent; roles with their descendants. */
function heldBy(world: World, kind: 'frameworks' | 'roles'): Map<string, Quantities> {
  const held = new Map<string, Quantities>();
  const counted = new Set<string>();
  for (const { frameworkId, role, agentId, resources } of world.engine.view.holdings()) {
    for (const name of kind === 'frameworks' ? [frameworkId] : withAncestors(role)) {
      const once = resources.filter((each) => {
        if (each.shared !== true) return true;
        const copy = JSON.stringify([name, agentId, each.disk?.persistence?.id]);
        const isNew = !counted.has(copy);
        counted.add(copy);
        return isNew;
      });
      held.set(name, (held.get(name) ?? Quantities.EMPTY).plus(once.quantities()));
    }
  }
  return held;
}

function withAncestors(role: string): string[] {
  const parts = role.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}
