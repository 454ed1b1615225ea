import type { Manifest } from './render.js';

type Labels = Readonly<Record<string, string>>;

interface Selector {
  readonly matchLabels?: Labels;
  readonly matchExpressions?: readonly { key: string; operator: string; values: readonly string[] }[];
}
interface Peer {
  readonly podSelector?: Selector;
  readonly namespaceSelector?: Selector;
  readonly ipBlock?: { readonly cidr: string };
}
interface Rule {
  readonly from?: readonly Peer[];
  readonly to?: readonly Peer[];
  readonly ports?: readonly { readonly port: number | string }[];
}
interface PolicySpec {
  readonly podSelector: Selector;
  readonly policyTypes: readonly string[];
  readonly ingress?: readonly Rule[];
  readonly egress?: readonly Rule[];
}

/** The other end of a connection: a pod by its labels and those of its namespace (absent: that of the release), or an address block. */
export interface Other {
  readonly labels?: Labels;
  readonly namespace?: Labels;
  readonly cidr?: string;
}

/** Whether the policies let the other end reach a pod's port (`in`) or the pod the other's (`out`), as Kubernetes decides it. */
export function isAllowed(
  manifests: readonly Manifest[],
  direction: 'in' | 'out',
  pod: Labels,
  other: Other,
  port: number | string,
): boolean {
  const [type, rulesOf] =
    direction === 'in'
      ? (['Ingress', ({ ingress = [] }: PolicySpec) => ingress] as const)
      : (['Egress', ({ egress = [] }: PolicySpec) => egress] as const);
  const specs = manifests
    .filter(({ kind }) => kind === 'NetworkPolicy')
    .map((policy) => policy['spec'] as PolicySpec)
    .filter(({ podSelector, policyTypes }) => policyTypes.includes(type) && selects(podSelector, pod));
  // No policy: all is allowed. Several: what any of them allows.
  return specs.length === 0 || specs.flatMap(rulesOf).some((rule) => allows(rule, other, port));
}

function allows({ from, to, ports }: Rule, other: Other, port: number | string): boolean {
  const peers = from ?? to ?? [];
  return (
    (peers.length === 0 || peers.some((peer) => isPeer(peer, other))) &&
    (ports === undefined || ports.length === 0 || ports.some((one) => one.port === port))
  );
}

function isPeer({ podSelector, namespaceSelector, ipBlock }: Peer, { labels, namespace, cidr }: Other): boolean {
  if (ipBlock !== undefined) return ipBlock.cidr === cidr;
  if (labels === undefined) return false;
  const isOfNamespace =
    namespaceSelector === undefined
      ? namespace === undefined
      : namespace !== undefined && selects(namespaceSelector, namespace);
  return isOfNamespace && (podSelector === undefined || selects(podSelector, labels));
}

function selects({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Labels): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      if (operator !== 'In') throw new Error(`operator ${operator} is not known here`);
      return values.includes(labels[key] ?? '');
    })
  );
}
