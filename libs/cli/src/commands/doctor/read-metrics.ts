/** Sums of the samples of a metric, by one of its labels. @param text in the text format of Prometheus */
export function sumByLabel(text: string, metric: string, label: string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, labels = '', value] = /^(?:\w+)\{([^}]*)\} (\S+)/.exec(line.startsWith(`${metric}{`) ? line : '') ?? [];
    if (value === undefined) continue;
    const name = new RegExp(`(?:^|,)${label}="([^"]*)"`).exec(labels)?.[1] ?? '';
    sums.set(name, (sums.get(name) ?? 0) + Number(value));
  }
  return sums;
}
