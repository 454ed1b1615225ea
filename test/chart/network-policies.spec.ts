import { beforeAll, describe, expect, it } from 'vitest';
import { isAllowed, type Other } from './network-policies.js';
import { type Manifest, render } from './render.js';

const SERVICES = ['registry', 'allocator', 'offers', 'quota'];
const pod = (component: string): Record<string, string> => ({
  'app.kubernetes.io/name': 'tranche',
  'app.kubernetes.io/instance': 'tranche',
  'app.kubernetes.io/component': component,
});
const ours = (component: string): Other => ({ labels: pod(component) });
const inNamespace = (name: string): Other => ({
  labels: { app: 'any' },
  namespace: { 'kubernetes.io/metadata.name': name },
});
const peer = (name: string): object => ({
  namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } },
});
const NODES: Other = { cidr: '10.0.0.0/16' };
const STRANGERS: Record<string, Other> = {
  'a pod of the same namespace': { labels: { app: 'any' } },
  'a pod of another namespace': inNamespace('other'),
  'an address outside': { cidr: '192.0.2.0/24' },
};
const PORTS = { broker: 'amqp', database: 'mysql' } as Readonly<Record<string, string>>;
const portOf = (component: string): string => PORTS[component] ?? 'http';

describe('the network policies', () => {
  let manifests: Manifest[];
  beforeAll(async () => {
    manifests = await render({
      agent: { drainOnTermination: true },
      ingress: { enabled: true, host: 'tranche.example.org' },
      metrics: { serviceMonitor: { enabled: true } },
      networkPolicy: {
        enabled: true,
        nodes: ['10.0.0.0/16'],
        ingressController: [peer('ingress-nginx')],
        clients: [peer('marathon')],
        prometheus: [peer('monitoring')],
      },
    });
  });
  const comesIn = (component: string, other: Other, port = portOf(component)) =>
    isAllowed(manifests, 'in', pod(component), other, port);
  const goesOut = (component: string, other: Other, port: number | string) =>
    isAllowed(manifests, 'out', pod(component), other, port);

  it.each(Object.entries(STRANGERS))('let %s reach no pod of ours', (_who, stranger) => {
    for (const component of [...SERVICES, 'router', 'broker', 'database', 'migrations', 'test'])
      expect([component, comesIn(component, stranger)]).toEqual([component, false]);
  });

  it.each([
    ['ingress controller', inNamespace('ingress-nginx'), SERVICES],
    ['clients', inNamespace('marathon'), [...SERVICES, 'router']],
    ['Prometheus', inNamespace('monitoring'), SERVICES],
    ['nodes, with their agents', NODES, ['router', 'broker']],
    ['router', ours('router'), [...SERVICES, 'router', 'broker', 'database']],
  ])('let %s reach what they have to', (_who, other, reached) => {
    const all = [...SERVICES, 'router', 'broker', 'database', 'migrations', 'test'];
    const unlike = all.filter((component) => comesIn(component, other) !== reached.includes(component));
    expect(unlike).toEqual([]);
  });

  it('let ours reach one another, agents on their nodes and names, and nothing else', () => {
    for (const component of SERVICES) {
      expect(goesOut(component, ours('broker'), 'amqp')).toBe(true);
      expect(goesOut(component, NODES, 5051)).toBe(true);
      expect(goesOut(component, NODES, 22)).toBe(false);
      expect(goesOut(component, { cidr: '192.0.2.0/24' }, 5051)).toBe(false);
      expect(goesOut(component, { cidr: '192.0.2.0/24' }, 443)).toBe(false);
      expect(goesOut(component, inNamespace('kube-system'), 53)).toBe(true);
    }
    // The test of the release asks at the address of the ingress.
    expect(goesOut('test', { cidr: '192.0.2.0/24' }, 443)).toBe(true);
  });

  it('let agents of their own network be asked, and fetch from anywhere', async () => {
    manifests = await render({ agent: { hostNetwork: false }, networkPolicy: { enabled: true } });
    expect(comesIn('agent', ours('registry'))).toBe(true);
    expect(comesIn('agent', inNamespace('other'))).toBe(false);
    expect(goesOut('agent', { cidr: '192.0.2.0/24' }, 443)).toBe(true);
    expect(comesIn('broker', ours('agent'))).toBe(true);
    expect(comesIn('broker', NODES)).toBe(false);
  });

  it('take more rules', async () => {
    const more = [{ ports: [{ port: 8081 }], from: [peer('more')] }];
    const rules = { extraIngress: more, extraEgress: [{ ports: [{ port: 8082 }], to: [peer('more')] }] };
    manifests = await render({ agent: { enabled: false }, networkPolicy: { enabled: true, ...rules } });
    expect(isAllowed(manifests, 'in', pod('offers'), inNamespace('more'), 8081)).toBe(true);
    expect(isAllowed(manifests, 'in', pod('offers'), inNamespace('more'), 'http')).toBe(false);
    expect(goesOut('offers', inNamespace('more'), 8082)).toBe(true);
  });
});
