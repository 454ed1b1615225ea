import type { ContainerConfig, ContainerTermination, ResourceLimits, ResourceStatistics } from '../container.js';
import type { ContainerCheckpoint, Containerizer, RecoveredContainer } from '../containerizer.js';
import type { InsideCommand, InsideEnd } from '../inside/inside-command.js';
import type { RootFolders } from '../rootfs/root-folders.js';
import type { ContainerInput } from '../terminal/container-input.js';
import type { SupervisedContainerizer } from './supervised.containerizer.js';

/**
 * A containerizer that also looks after living containers of others: those of an agent that ran with another one before,
 * until they end. New containers are made by the chosen one only.
 */
export class AdoptingContainerizer implements Containerizer {
  readonly name: string;
  readonly description: string;
  private readonly owners = new Map<string, SupervisedContainerizer>();

  /**
   * @param adopt makes the containerizer that can look after containers of the given name; undefined when there is none
   * @param rootfses what containers with an image have of their own; absent where there are none
   */
  constructor(
    private readonly chosen: SupervisedContainerizer,
    private readonly adopt: (name: string) => Promise<SupervisedContainerizer | undefined>,
    private readonly rootfses?: Pick<RootFolders, 'keepOnly'>,
  ) {
    this.name = chosen.name;
    this.description = chosen.description;
  }

  get imageRefusal(): string | undefined {
    return this.chosen.imageRefusal;
  }

  anticipate(): void {
    this.chosen.anticipate();
  }

  create(config: ContainerConfig): Promise<ContainerCheckpoint> {
    return this.chosen.create(config);
  }

  start(id: string): Promise<void> {
    return this.ownerOf(id).start(id);
  }

  termination(id: string): Promise<ContainerTermination> {
    return this.ownerOf(id).termination(id);
  }

  kill(id: string, signal: NodeJS.Signals): Promise<void> {
    return this.ownerOf(id).kill(id, signal);
  }

  runInside(id: string, command: InsideCommand): Promise<InsideEnd> {
    return this.ownerOf(id).runInside(id, command);
  }

  openInput(id: string): Promise<ContainerInput> {
    return this.ownerOf(id).openInput(id);
  }

  update(id: string, limits: ResourceLimits): Promise<void> {
    return this.ownerOf(id).update(id, limits);
  }

  usage(id: string): Promise<ResourceStatistics> {
    return this.ownerOf(id).usage(id);
  }

  async remove(id: string): Promise<void> {
    await this.ownerOf(id).remove(id);
    this.owners.delete(id);
  }

  async recover(known: readonly ContainerCheckpoint[]): Promise<RecoveredContainer[]> {
    const names = new Set(known.map(({ containerizer }) => containerizer));
    const recovered: RecoveredContainer[] = [];
    for (const name of [this.name, ...[...names].filter((other) => other !== this.name)]) {
      const mine = known.filter(({ containerizer }) => containerizer === name);
      const others = known.filter(({ containerizer }) => containerizer !== name).map(({ id }) => id);
      const owner = name === this.name ? this.chosen : await this.adopt(name);
      if (owner === undefined) {
        recovered.push(...mine.map(({ id }) => ({ id, state: 'lost' as const })));
        continue;
      }
      for (const { id } of mine) this.owners.set(id, owner);
      recovered.push(...(await owner.recover(mine, others)));
    }
    // Here, where all are known, whoever looks after them: what is of none of them would keep its image from being removed.
    const found = recovered.filter(({ state }) => state !== 'lost');
    await this.rootfses?.keepOnly(found.map(({ id }) => id));
    return recovered;
  }

  async close(): Promise<void> {
    for (const owner of new Set([this.chosen, ...this.owners.values()])) await owner.close();
  }

  private ownerOf(id: string): SupervisedContainerizer {
    return this.owners.get(id) ?? this.chosen;
  }
}
