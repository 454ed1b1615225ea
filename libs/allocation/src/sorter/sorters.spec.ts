import { SORTERS } from './sorters.js';
import { sorterConformance } from './sorter.conformance.js';

for (const kind of Object.values(SORTERS)) sorterConformance(kind);
