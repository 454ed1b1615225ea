const UNITS: Readonly<Record<string, { readonly unit: string; readonly factor: number }>> = {
  cpus: { unit: 'cores', factor: 1 },
  mem: { unit: 'bytes', factor: 2 ** 20 },
  disk: { unit: 'bytes', factor: 2 ** 20 },
};

/** The base unit that metrics count a resource in; of one that is not known to have any, its name. */
export const baseUnitOf = (resource: string): string => UNITS[resource]?.unit ?? resource;

/** @param milli thousandths of what the resource is counted in: cores, mebibytes */
export const inBaseUnits = (resource: string, milli: number): number => (milli / 1000) * (UNITS[resource]?.factor ?? 1);
