import type { Resources } from '../resources.js';
import { fromMilli } from '../values/milli.js';
import { addValues, formatValue, type ResourceValue } from '../values/resource-value.js';

/**
 * Totals by name as the read-only endpoints show them: scalars as numbers, ranges and sets as text.
 *
 * `disk`, `mem`, `gpus` and `cpus` are always there, in this order; revocable totals end in `_revocable`.
 *
 * @source Mesos' `/state`: `{"disk":0.0,"mem":64.0,"gpus":0.0,"cpus":0.1,"ports":"[31000-32000]"}`
 */
export function summarizeResources(resources: Resources): Record<string, number | string> {
  const summary: Record<string, number | string> = { disk: 0, mem: 0, gpus: 0, cpus: 0 };
  for (const [name, value] of totals(resources.nonRevocable())) summary[name] = summarizeValue(value);
  for (const [name, value] of totals(resources.revocable())) summary[`${name}_revocable`] = summarizeValue(value);
  return summary;
}

function totals(resources: Resources): Map<string, ResourceValue> {
  const byName = new Map<string, ResourceValue>();
  for (const { name, value } of resources) {
    const known = byName.get(name);
    byName.set(name, known === undefined ? value : addValues(known, value));
  }
  return byName;
}

function summarizeValue(value: ResourceValue): number | string {
  return value.kind === 'scalar' ? fromMilli(value.milli) : formatValue(value);
}
