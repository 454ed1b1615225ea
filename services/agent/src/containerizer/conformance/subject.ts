import type { ContainerConfig, ContainerTermination } from '../container.js';
import type { Containerizer } from '../containerizer.js';
import { ContainerizerBench, type ContainerizerTraits, runContainer } from './bench.js';

/** The containerizer that a suite is about: there from its `begin` on, which is before all tests. */
export class Subject {
  private begun: { readonly bench: ContainerizerBench; readonly containerizer: Containerizer } | undefined;

  constructor(readonly traits: ContainerizerTraits) {}

  async begin(): Promise<void> {
    const bench = new ContainerizerBench(this.traits);
    this.begun = { bench, containerizer: await bench.open() };
  }

  get bench(): ContainerizerBench {
    return this.there.bench;
  }

  get containerizer(): Containerizer {
    return this.there.containerizer;
  }

  /** Runs a line of shell in a container of its own, to its end. */
  async run(
    command: string,
    changes: Partial<ContainerConfig> = {},
  ): Promise<{ readonly config: ContainerConfig; readonly termination: ContainerTermination }> {
    const config = this.bench.config(command, changes);
    return { config, termination: await runContainer(this.containerizer, config) };
  }

  private get there(): { readonly bench: ContainerizerBench; readonly containerizer: Containerizer } {
    if (this.begun === undefined) throw new Error('the subject was not begun');
    return this.begun;
  }
}
