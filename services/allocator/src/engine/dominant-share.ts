/**
 * Largest fraction that someone holds of any one resource.
 *
 * @param held  thousandths by resource name
 * @param total cluster totals, same unit; resources with total 0 are skipped
 * @returns 0 ≤ share; above 1 when agents left after the allocation
 * @source Ghodsi et al., "Dominant Resource Fairness", NSDI 2011, section 4; allocation rule A17
 */
export function dominantShare(held: ReadonlyMap<string, number>, total: ReadonlyMap<string, number>): number {
  let share = 0;
  for (const [name, milli] of held) {
    const all = total.get(name) ?? 0;
    if (all > 0) share = Math.max(share, milli / all);
  }
  return share;
}
