import type { LocalCluster } from './start-cluster.js';

export type ClusterEnd =
  /** Ctrl-C or SIGTERM. `onSecond` calls back when it comes again, until its result is called. */
  | { readonly kind: 'signal'; readonly onSecond: (callback: () => void) => () => void }
  | { readonly kind: 'agent-ended'; readonly reason: string };

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/** Waits until the cluster shall stop, or one of its agents cannot go on. */
export function untilStopped(cluster: LocalCluster): Promise<ClusterEnd> {
  return new Promise((resolve) => {
    const onSignal = (): void => {
      for (const signal of SIGNALS) process.off(signal, onSignal);
      resolve({ kind: 'signal', onSecond });
    };
    for (const signal of SIGNALS) process.on(signal, onSignal);
    for (const agent of cluster.agents) {
      void agent.ended.then((end) => {
        if (end.cause === 'failed') resolve({ kind: 'agent-ended', reason: end.error.message });
      });
    }
  });
}

function onSecond(callback: () => void): () => void {
  for (const signal of SIGNALS) process.on(signal, callback);
  return () => {
    for (const signal of SIGNALS) process.off(signal, callback);
  };
}
