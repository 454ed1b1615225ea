/** Messages that a process has sent and the broker has confirmed, by name, as its metrics say. */
export function sentMessages(metrics) {
  const counts = {};
  for (const line of metrics.split('\n')) {
    const [, labels, value] = /^tranche_messages_total\{([^}]*)\} (\S+)$/.exec(line) ?? [];
    if (labels === undefined || !labels.includes('direction="sent"') || !labels.includes('outcome="ok"')) continue;
    const name = /message="([^"]*)"/.exec(labels)?.[1] ?? '';
    counts[name] = (counts[name] ?? 0) + Number(value);
  }
  return counts;
}

export function sumOfCounts(list) {
  const sum = {};
  for (const counts of list) for (const [name, value] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + value;
  return sum;
}
