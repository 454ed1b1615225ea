import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ownerOf } from '@tranche/http';
import { describe, expect, it } from 'vitest';
import { isMap, isScalar, type Node, parse as parseYaml, parseDocument, type YAMLMap } from 'yaml';
import { type Known, knownValues } from './known-values.js';
import { chartFolder, helm, type Manifest, render } from './render.js';

const file = (path: string): string => readFileSync(join(chartFolder, path), 'utf8');
const refusal = (values: object): Promise<string> =>
  render(values).then(
    () => 'accepted',
    (error: { stderr: string }) => error.stderr,
  );

const knownOfSchema = (): { known: Known; schema: object } => {
  const schema = JSON.parse(file('values.schema.json')) as Parameters<typeof knownValues>[0];
  return { known: knownValues(schema), schema };
};

interface PodSpec {
  readonly hostNetwork?: boolean;
  readonly hostPID?: boolean;
  readonly securityContext?: Record<string, unknown>;
  readonly containers: {
    readonly name: string;
    readonly env?: { name: string; value?: string }[];
    readonly securityContext?: Record<string, unknown>;
  }[];
}
const podOf = (manifest: Manifest): PodSpec | undefined => {
  if (manifest.kind === 'Pod') return manifest['spec'] as PodSpec;
  return (manifest['spec'] as { template?: { spec: PodSpec } } | undefined)?.template?.spec;
};

describe('values', () => {
  it.each([
    [{ offers: { replicas: 'two' } }, "at '/offers/replicas': got string, want integer"],
    [{ allocator: { autoscaling: { enabled: true } } }, "at '/allocator/autoscaling/enabled': value must be false"],
    [{ broker: { bundled: false, url: 'amqp://user:secret@host' } }, "at '/broker/url'"],
    [{ broker: { bundled: false } }, 'broker.existingSecret, or broker.url, is needed'],
    [{ broker: { offersPartitions: 0 } }, "at '/broker/offersPartitions'"],
    [{ database: { bundled: false } }, 'database.host is needed'],
    [{ auth: { enabled: true } }, 'auth.existingSecret is needed'],
    [{ agent: { attributesFromNodeLabels: { zone: 'z' } }, rbac: { create: false } }, 'needs rbac.create'],
    [{ gateway: { enabled: true } }, 'gateway.parentRefs names the gateway'],
    [{ networkPolicy: { enabled: true } }, 'networkPolicy.nodes is needed with agent.hostNetwork'],
    [
      { agent: { enabled: false }, ingress: { enabled: true }, networkPolicy: { enabled: true } },
      'networkPolicy.ingressController is needed with ingress or gateway',
    ],
    [
      {
        agent: { enabled: false },
        metrics: { serviceMonitor: { enabled: true } },
        networkPolicy: { enabled: true },
      },
      'networkPolicy.prometheus is needed with metrics.serviceMonitor',
    ],
    [{ networkPolicy: { nodes: ['10.0.0.1'] } }, "at '/networkPolicy/nodes/0'"],
    [{ tls: { inside: { enabled: true } } }, 'tls.inside.existingSecret is needed'],
    [{ broker: { tls: { caSecret: 'a' } }, database: { tls: { caSecret: 'b' } } }, 'must be the same Secret'],
  ])('%j are refused with the reason', async (values, reason) => {
    expect(await refusal(values)).toContain(reason);
  });

  it.each([
    [{ registry: { replica: 2 } }, '  registry.replica: did you mean registry.replicas?\n'],
    [{ broker: { Bundled: false } }, '  broker.Bundled: did you mean broker.bundled?\n'],
    [{ quota: { replicaCount: 2 } }, '  quota.replicaCount: did you mean quota.replicas?\n'],
    [{ agent: { isolator: '' } }, '  agent.isolator: did you mean agent.isolation?\n'],
    [{ ingres: { enabled: true } }, '  ingres: did you mean ingress?\n'],
    [{ imagePullSecrets: [] }, '  imagePullSecrets: did you mean global.imagePullSecrets?\n'],
    [{ persistance: {} }, '  persistance: did you mean broker.persistence or database.persistence?\n'],
    [
      { offers: { probes: { startup: { periodSecs: 1 } } } },
      '  offers.probes.startup.periodSecs: did you mean offers.probes.startup.periodSeconds?\n',
    ],
    [
      { networkPolicy: { clients: [{ podSelectors: {} }] } },
      '  networkPolicy.clients[0].podSelectors: did you mean networkPolicy.clients[0].podSelector?\n',
    ],
    [
      { gateway: { xyz: 1 }, rbac: { xyz: 1 } },
      '  gateway.xyz: gateway has enabled, hostnames, parentRefs\n  rbac.xyz: rbac has create\n',
    ],
  ])('%j are refused with what was meant', async (values, meant) => {
    expect(await refusal(values)).toContain(`values have keys that this chart does not know:\n${meant}`);
  });

  it('are refused by helm lint, too', async () => {
    const lint = helm(['lint', chartFolder, '--set', 'registry.replica=2']);
    await expect(lint).rejects.toMatchObject({
      stdout: expect.stringContaining('registry.replica: did you mean registry.replicas?'),
    });
  });

  it('have no other keys, wherever the schema lists them, and any where it does not', async () => {
    const { known, schema } = knownOfSchema();
    await expect(`${JSON.stringify(known, undefined, 1)}\n`).toMatchFileSnapshot(
      join(chartFolder, 'files/known-values.json'),
    );
    expect(JSON.stringify(schema)).not.toContain('"additionalProperties":false');
    const closed: string[] = [];
    const withStranger = (at: Known, path: string): unknown => {
      if (at === true) return undefined;
      if (at['[]'] !== undefined) return [withStranger(at['[]'], `${path}[0]`)];
      if (at['*'] === undefined) closed.push(`${path}.qqqq`);
      const members = Object.entries(at).filter(([name]) => name !== '*');
      const below = members.map(([name, member]) => [name, withStranger(member, `${path}.${name}`)] as const);
      return { qqqq: 1, ...Object.fromEntries(below.filter(([, value]) => value !== undefined)) };
    };
    const values = withStranger(known, '') as Record<string, unknown>;
    const refused = [...(await refusal(values)).matchAll(/^ {2}(\S+qqqq|qqqq): /gm)].map(([, path]) => path);
    expect(refused).toEqual(closed.map((path) => path.slice(1)).toSorted());
    expect(refused.length).toBeGreaterThan(50);
  });

  it('have an entry in the schema, each one', () => {
    interface Schema {
      readonly $ref?: string;
      readonly properties?: Record<string, Schema>;
    }
    const schema = JSON.parse(file('values.schema.json')) as Schema & { $defs: Record<string, Schema> };
    const at = (node: Schema | undefined): Schema | undefined =>
      node?.$ref === undefined ? node : at(schema.$defs[node.$ref.replace('#/$defs/', '')]);
    const missing: string[] = [];
    const walk = (value: unknown, node: Schema | undefined, path: string): void => {
      const here = at(node);
      if (here === undefined) missing.push(path);
      else if (here.properties !== undefined && typeof value === 'object' && value !== null)
        for (const [key, child] of Object.entries(value)) walk(child, here.properties[key], `${path}.${key}`);
    };
    walk(parseYaml(file('values.yaml'), { merge: true }), schema, '');
    // An entry without properties of its own ends the walk: free objects such as nodeSelector.
    expect(missing.filter((path) => !path.startsWith('.allocator.autoscaling'))).toEqual([]);
  });

  it('are described in the README of the chart', async () => {
    const rows: string[] = [];
    const bare: string[] = [];
    const oneLine = (text: string): string =>
      text
        .replaceAll(/\s*\n\s*/g, ' ')
        .replaceAll('|', '\\|')
        .trim();
    const document = parseDocument(file('values.yaml'), { merge: true });
    const walk = (map: YAMLMap, path: string, ofFirst: string): void => {
      for (const [index, { key, value }] of map.items.entries()) {
        if (!isScalar(key) || typeof key.value !== 'string' || key.value === '<<') continue;
        const name = `${path}${key.value}`;
        // The parser gives the comment above a map's first key to the map.
        const comment = key.commentBefore ?? (index === 0 ? ofFirst : '');
        const text = oneLine(comment.split('\n\n').at(-1) ?? '');
        if (isMap(value) && value.items.length > 0 && !value.flow) {
          if (text !== '') rows.push(`| \`${name}\` | | ${text} |`);
          walk(value, `${name}.`, value.commentBefore ?? '');
        } else {
          if (
            text === '' &&
            !/\.(requests|limits|startup|readiness|liveness|runAs\w+|fsGroup|\w*[pP]rofile|\w+Filesystem|allow\w+|capabilities)$/.test(
              name,
            )
          )
            bare.push(name);
          rows.push(`| \`${name}\` | \`${JSON.stringify((value as Node | null)?.toJSON() ?? null)}\` | ${text} |`);
        }
      }
    };
    walk(document.contents as YAMLMap, '', '');
    expect(bare).toEqual([]);
    const table = ['| value | default | meaning |', '| --- | --- | --- |', ...rows].join('\n');
    const head = file('README.head.md');
    await expect(
      `<!-- Generated from README.head.md and values.yaml by \`npm run docs:chart\`; do not edit. -->\n${head}\n${table}\n`,
    ).toMatchFileSnapshot(join(chartFolder, 'README.md'));
  });
});

describe('the edges', () => {
  it('routes lead to the service that owns them', () => {
    const routes = parseYaml(file('files/routes.yaml')) as Record<string, string[]>;
    for (const [service, paths] of Object.entries(routes))
      for (const path of paths.filter((path) => path !== '/'))
        expect(`${path} ${ownerOf(path)}`).toBe(`${path} ${service}`);
    const routed = Object.values(routes).flat();
    // Whatever is not routed goes to the registry: nothing of another service may be missing.
    for (const path of [
      '/frameworks',
      '/roles',
      '/weights',
      '/quota',
      '/v1/tasks',
      '/v1/explain',
      '/v1/volumes',
      '/teardown',
    ])
      expect(routed).toContain(path);
  });

  it('all pods but the agents and the bundled servers keep the restricted pod security standard', async () => {
    const pods = (await render({})).flatMap((manifest) => {
      const pod = podOf(manifest);
      const component = manifest.metadata.name.replace(/^tranche-?/, '');
      return pod === undefined || /^(agent|broker|database)$/.test(component) ? [] : [{ component, pod }];
    });
    expect(pods.map(({ component }) => component).toSorted()).toEqual([
      '',
      'allocator',
      'migrations',
      'offers',
      'quota',
      'registry',
      'test',
    ]);
    for (const { pod } of pods) {
      expect(pod.hostNetwork ?? pod.hostPID ?? false).toBe(false);
      expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
      for (const { securityContext } of pod.containers)
        expect(securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
    }
  });

  it('no pod gets a credential but by reference to a Secret', async () => {
    for (const manifest of await render({ auth: { enabled: true, existingSecret: 'my-credentials' } }))
      for (const { env = [] } of podOf(manifest)?.containers ?? [])
        for (const { name, value } of env)
          if (/PASSWORD|BROKER_URL|HEADERS|CREDENTIALS/.test(name)) expect({ name, value }).toEqual({ name });
  });

  it('options in the chart are options of the services', async () => {
    const documented = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const known = new Set([...documented.matchAll(/^\| `([A-Z0-9_]+)` /gm)].map(([, name]) => name));
    const own = /^(ROUTER_|OTEL_|MARIADB_|RABBITMQ_|NODE_|ATTRIBUTES|TRANCHE_(URL|USER|PASSWORD|CA_FILE)$)/;
    const { production, encrypted, observed, agents } = (await import('./cases.js')).CASES;
    for (const values of [{}, production, encrypted, observed, agents] as object[])
      for (const manifest of await render(values))
        for (const { env = [] } of podOf(manifest)?.containers ?? [])
          for (const { name } of env)
            if (!own.test(name) && !known.has(name)) expect(known).toContain(name.replace(/_FILE$/, ''));
  });

  it('alerts and dashboards ask for metrics that there are', () => {
    const documented = readFileSync(new URL('../../docs/metrics.md', import.meta.url), 'utf8');
    const asked = [
      'files/alerts.yaml',
      ...['healthy', 'shares', 'starts', 'agent'].map((name) => `dashboards/${name}.json`),
    ].flatMap((path) => [...file(path).matchAll(/\btranche_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, '')));
    expect(asked.length).toBeGreaterThan(30);
    expect(
      [...new Set(asked)].filter((name) => !documented.includes(`\`${name}\``) && !documented.includes(`\`${name}{`)),
    ).toEqual([]);
  });

  it('every alert has its section in the runbook', () => {
    const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
    for (const { alert } of parseYaml(file('files/alerts.yaml')) as { alert: string }[])
      expect(runbook).toContain(`## ${alert}`);
  });
});
