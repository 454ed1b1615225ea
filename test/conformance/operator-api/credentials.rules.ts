import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeBody, type MasterCall, messageTypes, type Resource } from '@tranche/mesos-api';
import { expect } from 'vitest';
import { LocalCluster } from '../../e2e/local-cluster.js';
import { type OperatorRule, rule } from './operator-rule.js';
import type { OperatorStage } from './operator-stage.js';

const CREDENTIALS = {
  credentials: [
    { principal: 'ops', secret: 's3cret' },
    { principal: 'other', token: 't0ken' },
  ],
};
const OPS = `Basic ${Buffer.from('ops:s3cret').toString('base64')}`;
const OTHER = 'Bearer t0ken';

type Ask = (path: string, authorization?: string, call?: MasterCall) => Promise<Response>;

/** A cluster of one agent that asks for credentials. */
async function asked({ mediaType }: OperatorStage, check: (ask: Ask) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'tranche-credentials-'));
  const file = join(folder, 'credentials.json');
  writeFileSync(file, JSON.stringify(CREDENTIALS));
  const cluster = await LocalCluster.start('--agents', '1', '--resources', 'cpus:4;mem:4096', '--credentials', file);
  try {
    await check((path, authorization, call) =>
      fetch(`${cluster.url}${path}`, {
        redirect: 'manual',
        headers: { ...(authorization && { authorization }), 'content-type': mediaType, accept: mediaType },
        ...(call && { method: 'POST', body: new Uint8Array(encodeBody(messageTypes.MasterCall, mediaType, call)) }),
      }),
    );
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true });
  }
}

const REALMS: Readonly<Record<string, string>> = {
  '/state': 'readonly',
  '/master/tasks': 'readonly',
  '/metrics/snapshot': 'readonly',
  '/v1/agents': 'readonly',
  '/api/v1': 'readwrite',
  '/weights': 'readwrite',
  '/quota': 'readwrite',
};

/** Where credentials are asked for. */
export const CREDENTIAL_RULES: readonly OperatorRule[] = [
  rule(
    '§1 rows 1, 2; §2.2 principal',
    'who shows no credentials is told the realm; what is reserved is in the asker’s name',
    (stage) =>
      asked(stage, async (ask) => {
        for (const [path, realm] of Object.entries(REALMS)) {
          for (const authorization of [undefined, `${OPS}x`, 'Bearer s3cret']) {
            const { status, headers } = await ask(path, authorization);
            expect([path, status, headers.get('www-authenticate')]).toEqual([
              path,
              401,
              `Basic realm="mesos-master-${realm}"`,
            ]);
          }
          expect([path, (await ask(path, OPS)).status === 401]).toEqual([path, false]);
        }
        expect((await ask('/health')).status).toBe(200);
        expect(await (await ask('/state')).text()).toBe('401 Unauthorized.');
        const { slaves } = (await (await ask('/slaves', OTHER)).json()) as { slaves: { id: string }[] };
        const agent_id = { value: slaves[0]?.id ?? '' };
        const resources = (principal?: string): Resource[] => [
          {
            name: 'cpus',
            type: 'SCALAR',
            scalar: { value: 1 },
            reservations: [{ type: 'DYNAMIC', role: 'ops', ...(principal && { principal }) }],
          },
        ];
        const reserve = async (authorization: string, principal?: string): Promise<[number, string]> => {
          const call = {
            type: 'RESERVE_RESOURCES' as const,
            reserve_resources: { agent_id, resources: resources(principal) },
          };
          const answer = await ask('/api/v1', authorization, call);
          return [answer.status, await answer.text()];
        };
        expect(await reserve(OPS)).toEqual([
          400,
          expect.stringContaining("by principal 'ops', but there is a reserved resource"),
        ]);
        expect(await reserve(OTHER, 'ops')).toEqual([
          400,
          expect.stringContaining("by authenticated principal 'other', which does not match"),
        ]);
        expect(await reserve(OPS, 'ops')).toEqual([202, '']);
      }),
  ),
];
