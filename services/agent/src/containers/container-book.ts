import type { ContainerCheckpoint } from '../containerizer/containerizer.js';
import { type AgentContainer, type ContainerEnd, type ContainerLaunch, containerName } from './agent-container.js';

/** What happens to containers of the agent API's. */
export type ContainerRecord =
  /** It was taken over. */
  | { readonly kind: 'api-container'; readonly launch: ContainerLaunch }
  /** The container exists, its process is still blocked. */
  | { readonly kind: 'api-container-created'; readonly containerId: string; readonly container: ContainerCheckpoint }
  /** Its process runs. */
  | { readonly kind: 'api-container-started'; readonly containerId: string }
  | { readonly kind: 'api-container-ended'; readonly containerId: string; readonly end: ContainerEnd }
  /** Nobody asks for it any more, or it never ran; those within it are forgotten too. */
  | { readonly kind: 'api-container-removed'; readonly containerId: string }
  /** Snapshot only: a container with everything that happened to it. */
  | { readonly kind: 'restored-api-container'; readonly container: AgentContainer };

/** Tells them from all other records. */
export const isContainerRecord = (record: { readonly kind: string }): record is ContainerRecord =>
  /^(?:restored-)?api-container/u.test(record.kind);

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Containers that clients of the agent API have launched, until they are removed. Changed by records alone, like all of the state. */
export class ContainerBook {
  /** By container id, in the order of their launches: one around another comes before it. */
  private readonly byId = new Map<string, Mutable<AgentContainer>>();
  private readonly byName = new Map<string, Mutable<AgentContainer>>();

  /** Those that run, are being brought up, or have ended and were not removed, in the order of their launches. */
  get all(): Iterable<AgentContainer> {
    return this.byId.values();
  }

  get(containerId: string): AgentContainer | undefined {
    return this.byId.get(containerId);
  }

  /** @param name as `containerName` gives it */
  named(name: string): AgentContainer | undefined {
    return this.byName.get(name);
  }

  /** @param sandbox host path */
  at(sandbox: string): AgentContainer | undefined {
    for (const container of this.byId.values()) if (container.sandbox === sandbox) return container;
    return undefined;
  }

  /** Those that lie directly within another, whoever launched that one. */
  within(containerId: string): AgentContainer[] {
    return [...this.byId.values()].filter(({ parentId }) => parentId === containerId);
  }

  /** A record about a container that is not there (any more) changes nothing. */
  apply(record: ContainerRecord): void {
    switch (record.kind) {
      case 'api-container':
        return this.add({ ...record.launch });
      case 'restored-api-container':
        return this.add({ ...record.container });
      case 'api-container-removed':
        return this.remove(record.containerId);
      default:
        this.change(record);
    }
  }

  /** The records that lead to these containers from none. */
  *snapshot(): Generator<ContainerRecord> {
    for (const container of this.byId.values()) yield { kind: 'restored-api-container', container };
  }

  private add(container: AgentContainer): void {
    const name = containerName(container.id);
    if (this.byId.has(container.containerId) || this.byName.has(name)) return;
    this.byId.set(container.containerId, container);
    this.byName.set(name, container);
  }

  private remove(containerId: string): void {
    const container = this.byId.get(containerId);
    if (container === undefined) return;
    for (const inner of this.within(containerId)) this.remove(inner.containerId);
    this.byId.delete(containerId);
    this.byName.delete(containerName(container.id));
  }

  private change(
    record: Extract<
      ContainerRecord,
      { kind: 'api-container-created' | 'api-container-started' | 'api-container-ended' }
    >,
  ): void {
    const container = this.byId.get(record.containerId);
    if (container === undefined) return;
    if (record.kind === 'api-container-created') container.checkpoint = record.container;
    else if (record.kind === 'api-container-started') container.isStarted = true;
    else container.end = record.end;
  }
}
