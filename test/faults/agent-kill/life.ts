import type { KillStage } from './kill-stage.js';

/**
 * Something that an agent does for a framework, in steps at each of which it can die.
 *
 * The steps are what the life takes when nobody dies: a test compares them, so that none is forgotten when the agent gets a new one.
 */
export interface Life {
  readonly title: string;
  /** The steps are those of a start of the agent, which the fault brings about. */
  readonly isStart?: true;
  /**
   * In the order in which they are first taken, each with what may come of the life when the agent dies there. One that is taken only
   * sometimes, because two things race, has a `?` in front.
   */
  readonly steps: readonly (readonly [step: string, outcomes: Outcomes])[];

  /** What comes of it when nothing happens. */
  readonly unharmed: Outcomes;

  /**
   * Goes through it once.
   *
   * @param fault to be armed when the steps begin, and ended while the life goes on
   * @returns what became of it, in one line
   */
  live(stage: KillStage, fault: Fault): Promise<string>;
}

/** Lines of which one has to come out. */
export type Outcomes = readonly string[];

/** What happens to the agent on the way. */
export interface Fault {
  /** From here on the steps count. */
  begin(): Promise<void>;
  /** Settles when the agent has met it and is back, or when there is none. */
  overcome(): Promise<void>;
}

/** Name of a step as the agent tells it. */
export const stepOf = (step: string): string => step.replace(/^\?/, '');

/** Goes through a life while the fault happens to it. @returns what became of it */
export async function livingThrough(fault: Fault, story: () => Promise<string>): Promise<string> {
  await fault.begin();
  const [told, overcome] = [story(), fault.overcome()];
  const overcomeOrTold = told.then((line) =>
    overcome.catch((error: unknown) => {
      throw new Error(`the life went by as if nothing had happened: ${line}`, { cause: error });
    }),
  );
  // A story that fails tells more than an agent that does not die.
  await Promise.race([overcomeOrTold, overcome.catch(() => overcomeOrTold)]);
  return told;
}

/** Every line that is made of one part of each list. */
export const combinations = (parts: readonly (readonly string[])[]): Outcomes =>
  parts.reduce<string[]>((lines, part) => lines.flatMap((line) => part.map((more) => line + more)), ['']);
