import type { AgentRow } from './cluster/agent-row.js';
import type { Bundle } from './cluster/bundle.js';
import { addBundles, containsBundle, subtractBundles } from './cluster/bundle-algebra.js';
import type { ClusterTable } from './cluster/cluster-table.js';
import { addHold, findHold, type Hold, removeHold } from './cluster/hold.js';
import type { Kind } from './cluster/kind-table.js';
import { addAt } from './cluster/vector.js';
import type { Client } from './frameworks/framework.js';
import type { Role } from './roles/role.js';
import { Amounts } from './sorter/amounts.js';
import { SharedCopies } from './sorter/shared-copies.js';
import type { Sorter } from './sorter/sorter.js';

/**
 * The books: who holds what, and what that means for availability, quota consumption and shares.
 *
 * Holdings of an unknown framework reduce availability only; they are charged to quota and shares when it becomes known (A34).
 */
export class Ledger {
  readonly #cluster: ClusterTable;
  readonly #roleSorter: Sorter<Role>;
  readonly #amounts = new Amounts();
  /** Unreserved shared volumes by top-level role: each counts once for a role on an agent (A13). */
  readonly #quotaCopies = new SharedCopies();
  readonly #quotaHolders = new Map<Role, number>();
  /** Quota consumption of a role with a limit has fallen: agents held back by quota are worth another look. */
  readonly #onConsumptionFell: () => void;

  constructor(cluster: ClusterTable, roleSorter: Sorter<Role>, onConsumptionFell: () => void) {
    this.#cluster = cluster;
    this.#roleSorter = roleSorter;
    this.#onConsumptionFell = onConsumptionFell;
  }

  /** The client holds this now. Shares do not know it until `charge`. */
  take(client: Client, agent: AgentRow, bundle: Bundle): Hold {
    let hold = findHold(client, agent);
    if (hold === undefined) hold = addHold(client, agent, bundle);
    else hold.bundle = addBundles(hold.bundle, bundle);
    this.#cluster.take(agent, bundle);
    if (client.framework.isKnown) this.consume(client.role.top, agent, bundle, 1);
    return hold;
  }

  /** What the client holds counts in shares from now on. */
  charge(client: Client, agent: AgentRow, bundle: Bundle): void {
    const { role, leaf } = client;
    if (leaf === undefined || role.leaf === undefined || role.sorter === undefined) return;
    this.#fill(agent, bundle);
    role.sorter.charge(leaf, this.#amounts, true);
    this.#roleSorter.charge(role.leaf, this.#amounts, true);
  }

  /** The client gives back whatever it holds of this. */
  release(hold: Hold, bundle: Bundle): void {
    const { client, agent } = hold;
    const rest = subtractBundles(hold.bundle, bundle);
    const isHeld = rest.isEmpty || containsBundle(hold.bundle, bundle);
    const returned = rest.isEmpty ? hold.bundle : isHeld ? bundle : subtractBundles(hold.bundle, rest);
    hold.bundle = rest;
    if (rest.isEmpty) removeHold(hold);
    this.#cluster.giveBack(agent, returned);
    if (!client.framework.isKnown) return;
    this.consume(client.role.top, agent, returned, -1);
    this.#credit(client, agent, returned);
  }

  /** The agent is gone, and what was held there with it. */
  forget(hold: Hold): void {
    const { client, agent, bundle } = hold;
    removeHold(hold);
    if (!client.framework.isKnown) return;
    this.consume(client.role.top, agent, bundle, -1);
    this.#credit(client, agent, bundle);
  }

  /** Quantities stay, what they consist of changes: no allocation, so no count (A27). */
  replace(hold: Hold, bundle: Bundle): void {
    const { client, agent } = hold;
    const { leaf, role } = client;
    if (leaf !== undefined && role.leaf !== undefined) {
      this.consume(role.top, agent, hold.bundle, -1);
      this.#credit(client, agent, hold.bundle);
    }
    hold.bundle = bundle;
    if (leaf === undefined || role.leaf === undefined) return;
    this.consume(role.top, agent, bundle, 1);
    this.#fill(agent, bundle);
    role.sorter?.charge(leaf, this.#amounts, false);
    this.#roleSorter.charge(role.leaf, this.#amounts, false);
  }

  /** Quota of a top-level role: unreserved, non-revocable scalars that its subtree holds (A13). */
  consume(top: Role, agent: AgentRow, bundle: Bundle, sign: 1 | -1): void {
    for (let i = 0; i < bundle.kinds.length; i++) {
      const kind = bundle.kinds[i] as Kind;
      if (!kind.isBounded) continue;
      const milli = bundle.milli[i] as number;
      if (kind.isShared && !this.#isFirstOrLastCopy(top, agent, kind, milli, bundle.copiesAt(i), sign)) continue;
      addAt(top.unreservedHeld, kind.name, sign * milli);
    }
    if (sign < 0 && top.quota?.hasLimits === true) this.#onConsumptionFell();
  }

  #credit(client: Client, agent: AgentRow, bundle: Bundle): void {
    const { leaf, role } = client;
    if (leaf === undefined || role.leaf === undefined) return;
    this.#fill(agent, bundle);
    role.sorter?.credit(leaf, this.#amounts);
    this.#roleSorter.credit(role.leaf, this.#amounts);
  }

  #fill(agent: AgentRow, bundle: Bundle): void {
    const amounts = this.#amounts;
    amounts.clear();
    for (let i = 0; i < bundle.kinds.length; i++) {
      const kind = bundle.kinds[i] as Kind;
      if (!kind.isScalar) continue;
      const milli = bundle.milli[i] as number;
      if (!kind.isShared) amounts.add(kind.name, milli);
      else {
        const copies = bundle.copiesAt(i);
        amounts.shared.push({ agent: agent.index, kind: kind.id, name: kind.name, milli, copies });
      }
    }
  }

  #isFirstOrLastCopy(top: Role, agent: AgentRow, kind: Kind, milli: number, copies: number, sign: 1 | -1): boolean {
    let holder = this.#quotaHolders.get(top);
    if (holder === undefined) this.#quotaHolders.set(top, (holder = this.#quotaHolders.size));
    const piece = { agent: agent.index, kind: kind.id, name: kind.name, milli, copies };
    return sign > 0 ? this.#quotaCopies.add(holder, piece) : this.#quotaCopies.remove(holder, piece);
  }
}
