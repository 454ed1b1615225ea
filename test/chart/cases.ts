const namespace = (name: string): object => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});

/** What is rendered, checked and compared: each states only what it changes from the defaults. */
export const CASES: Readonly<Record<string, object>> = {
  defaults: {},
  production: {
    clusterName: 'prod',
    broker: { bundled: false, existingSecret: 'my-broker', tls: { caSecret: 'my-ca' } },
    database: { bundled: false, host: 'mysql.example.org', existingSecret: 'my-database', tls: { caSecret: 'my-ca' } },
    registry: { replicas: 2 },
    offers: { autoscaling: { enabled: true, max: 8 }, config: { OFFERS_OFFER_TIMEOUT_MS: 30000 } },
    ingress: { enabled: true, className: 'nginx', host: 'tranche.example.org' },
    tls: { certManager: { name: 'letsencrypt' } },
    auth: {
      enabled: true,
      existingSecret: 'my-credentials',
      acls: { permissive: false, view_roles: [{ principals: { type: 'ANY' }, roles: { values: ['eng/%'] } }] },
    },
    networkPolicy: {
      enabled: true,
      nodes: ['10.0.0.0/16', 'fd00::/64'],
      ingressController: [namespace('ingress-nginx')],
    },
    router: { enabled: false },
  },
  gateway: {
    gateway: {
      enabled: true,
      parentRefs: [{ name: 'public', namespace: 'gateways' }],
      hostnames: ['tranche.example.org'],
    },
  },
  encrypted: {
    tls: { inside: { enabled: true, existingSecret: 'my-certificates' } },
    auth: { enabled: true, existingSecret: 'my-credentials' },
    ingress: { enabled: true, className: 'nginx' },
    agent: { drainOnTermination: true },
    metrics: { serviceMonitor: { enabled: true } },
  },
  observed: {
    metrics: {
      serviceMonitor: { enabled: true, labels: { release: 'prometheus' } },
      prometheusRule: { enabled: true },
      dashboards: { enabled: true },
    },
    tracing: { endpoint: 'http://otel-collector:4318', existingSecret: 'otel' },
    logs: { level: 'debug' },
    agent: { hostNetwork: false },
    networkPolicy: {
      enabled: true,
      prometheus: [namespace('monitoring')],
      extraIngress: [{ ports: [{ port: 8081 }], from: [namespace('more')] }],
      extraEgress: [{ ports: [{ port: 8082 }], to: [namespace('more')] }],
    },
  },
  agents: {
    agent: {
      offered: 'cpus:4;mem:8192',
      attributes: 'gen:2',
      attributesFromNodeLabels: { zone: 'topology.kubernetes.io/zone' },
      drainOnTermination: true,
      tolerations: [{ operator: 'Exists' }],
      config: { AGENT_LAUNCH_CONCURRENCY: 16 },
    },
    networkPolicy: {
      enabled: true,
      nodes: ['10.0.0.0/16'],
      clients: [{ podSelector: { matchLabels: { app: 'marathon' } } }],
    },
  },
  'without-agents': { agent: { enabled: false }, migrations: { enabled: false }, serviceAccount: { create: false } },
  'everything-set': {
    global: { imageRegistry: 'registry.example.org', imagePullSecrets: ['pull'] },
    fullnameOverride: 'mesh',
    commonLabels: { team: 'platform' },
    commonAnnotations: { contact: 'platform@example.org' },
    image: { digest: `sha256:${'0123456789abcdef'.repeat(4)}` },
    broker: { persistence: { size: 0 }, offersPartitions: 4 },
    database: { persistence: { size: '20Gi', storageClass: 'fast' } },
    service: { type: 'LoadBalancer', annotations: { 'example.org/internal': 'true' } },
    quota: {
      nodeSelector: { disk: 'ssd' },
      tolerations: [{ key: 'dedicated', operator: 'Exists' }],
      affinity: { podAntiAffinity: {} },
      priorityClassName: 'high',
      extraEnv: [{ name: 'NODE_OPTIONS', value: '--max-old-space-size=400' }],
      extraEnvFrom: [{ configMapRef: { name: 'more' } }],
      extraVolumes: [{ name: 'more', emptyDir: {} }],
      extraVolumeMounts: [{ name: 'more', mountPath: '/more' }],
      initContainers: [{ name: 'wait', image: 'busybox' }],
      sidecars: [{ name: 'side', image: 'busybox' }],
      podAnnotations: { 'example.org/a': 'b' },
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }],
    },
    extraObjects: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Release.Name }}-more' }, data: {} }],
  },
};
