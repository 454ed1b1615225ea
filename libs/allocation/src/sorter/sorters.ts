import { drfSorter } from './drf.sorter.js';
import { randomSorter } from './random.sorter.js';
import type { SorterKind } from './sorter.js';

/** All kinds of sorters, by the name that an operator writes. A new one is its file and a line here. */
export const SORTERS = { drf: drfSorter, random: randomSorter } as const satisfies Record<string, SorterKind>;

export type SorterName = keyof typeof SORTERS;

/** Names to choose from, in the order of the list. */
export const SORTER_NAMES = Object.keys(SORTERS) as SorterName[];
