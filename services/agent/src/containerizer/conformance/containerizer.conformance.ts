import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ContainerizerTraits, outputOf, runContainer } from './bench.js';
import { describeCreation } from './creation.conformance.js';
import { describeEnds } from './ends.conformance.js';
import { describeGiven } from './given.conformance.js';
import { describeKill } from './kill.conformance.js';
import { describeRecovery } from './recovery.conformance.js';
import { describeRunning } from './running.conformance.js';
import { Subject } from './subject.js';

/** What every containerizer must hold, whatever it is made of. */
export function describeContainerizer(title: string, traits: ContainerizerTraits): void {
  describe(title, () => {
    const subject = new Subject(traits);
    beforeAll(() => subject.begin());
    afterAll(async () => {
      await subject.bench.end();
      expect(existsSync(subject.bench.folder)).toBe(false);
    });

    it('names itself', () => {
      expect(subject.containerizer.name).toBe(traits.containerizer);
      expect(subject.containerizer.description).not.toBe('');
    });

    describeCreation(subject);
    describeGiven(subject);
    describeRunning(subject);
    describeKill(subject);
    describeEnds(subject);

    it('runs 20 containers at once', async () => {
      const configs = Array.from({ length: 20 }, (_, index) => subject.bench.config(`echo ${index}; exit ${index}`));
      const terminations = await Promise.all(configs.map((config) => runContainer(subject.containerizer, config)));
      expect(terminations.map(({ waitStatus }) => waitStatus)).toEqual(configs.map((_, index) => index * 256));
      expect(configs.map(outputOf)).toEqual(configs.map((_, index) => `${index}\n`));
      await Promise.all(configs.map(({ id }) => subject.containerizer.remove(id)));
    });

    describeRecovery(traits);
  });
}
