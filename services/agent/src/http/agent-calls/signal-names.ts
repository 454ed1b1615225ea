import { constants } from 'node:os';

const NAMES: ReadonlyMap<number, NodeJS.Signals> = new Map(
  (Object.entries(constants.signals) as [NodeJS.Signals, number][]).map(([name, number]) => [number, name]),
);

/** Name of a signal on this system. @returns undefined for a number that is none, 0 among them */
export const signalNamed = (number: number): NodeJS.Signals | undefined => NAMES.get(number);
