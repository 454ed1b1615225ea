import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ACL_ACTION_NAMES, ACL_ACTIONS, type AclActionName } from '@tranche/config';
import { authorizationOf } from '@tranche/http';
import {
  decodeBody,
  encodeBody,
  type MasterCall,
  type MasterEvent,
  type MasterResponse,
  type MediaType,
  messageTypes,
  RecordDecoder,
} from '@tranche/mesos-api';
import { LocalCluster } from '../../e2e/local-cluster.js';

/** `ops` may do everything, `dev` what a rule gives it. */
const OPS = { principal: 'ops', secret: 's3cret' };
const DEV = { principal: 'dev', token: 't0ken' };
const AUTHORIZATION = { ops: authorizationOf(OPS), dev: authorizationOf(DEV) } as const;

/** Values of the objects of which `dev` may do something. */
export type Granted = Readonly<Partial<Record<AclActionName, readonly string[] | 'ANY'>>>;

/** Mesos' document: nothing is permitted but what is granted. */
function aclsOf(granted: Granted): object {
  const lists = ACL_ACTION_NAMES.map((name) => {
    const { objects } = ACL_ACTIONS[name];
    const values = granted[name];
    const entries = [{ principals: { values: ['ops'] }, [objects]: { type: 'ANY' } }];
    if (values !== undefined) {
      entries.push({
        principals: { values: ['dev'] },
        [objects]: values === 'ANY' ? { type: 'ANY' } : ({ values } as never),
      });
    }
    return [name, entries] as const;
  });
  return { permissive: false, ...Object.fromEntries(lists) };
}

/** A cluster of one agent in which not everybody may do everything, and its callers. */
export class AclCluster {
  private constructor(
    readonly cluster: LocalCluster,
    private readonly mediaType: MediaType,
    private readonly folder: string,
  ) {}

  static async start(mediaType: MediaType, granted: Granted): Promise<AclCluster> {
    const folder = mkdtempSync(join(tmpdir(), 'tranche-acls-'));
    const files = { credentials: { credentials: [DEV, OPS] }, acls: aclsOf(granted) };
    const flags = Object.entries(files).flatMap(([name, content]) => {
      const file = join(folder, `${name}.json`);
      writeFileSync(file, JSON.stringify(content));
      return [`--${name}`, file];
    });
    const cluster = await LocalCluster.start('--agents', '1', '--resources', 'cpus:4;mem:4096;disk:20000', ...flags);
    return new AclCluster(cluster, mediaType, folder);
  }

  /** Runs a check in a cluster that is there for it alone. */
  static async with(mediaType: MediaType, granted: Granted, check: (one: AclCluster) => Promise<void>): Promise<void> {
    const one = await AclCluster.start(mediaType, granted);
    try {
      await check(one);
    } finally {
      await one.cluster.stop();
      rmSync(one.folder, { recursive: true });
    }
  }

  headersOf(who: keyof typeof AUTHORIZATION): { authorization: string } {
    return { authorization: AUTHORIZATION[who] };
  }

  send(who: keyof typeof AUTHORIZATION, method: string, path: string, body?: string, type = 'application/json') {
    const headers = { ...this.headersOf(who), ...(body === undefined ? {} : { 'content-type': type }) };
    return fetch(`${this.cluster.url}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body === undefined ? {} : { body }),
    });
  }

  async json<T>(who: keyof typeof AUTHORIZATION, path: string): Promise<T> {
    return (await (await this.send(who, 'GET', path)).json()) as T;
  }

  /** Status and text. */
  async told(who: keyof typeof AUTHORIZATION, method: string, path: string, body?: string): Promise<[number, string]> {
    const answer = await this.send(who, method, path, body);
    return [answer.status, await answer.text()];
  }

  async call(who: keyof typeof AUTHORIZATION, call: MasterCall): Promise<{ status: number; body: Buffer }> {
    const { mediaType } = this;
    const answer = await fetch(`${this.cluster.url}/api/v1`, {
      method: 'POST',
      headers: { ...this.headersOf(who), 'content-type': mediaType, accept: mediaType },
      body: new Uint8Array(encodeBody(messageTypes.MasterCall, mediaType, call)),
    });
    return { status: answer.status, body: Buffer.from(await answer.arrayBuffer()) };
  }

  /** The answer to a call that has one. @throws for another status than 200 */
  async ask(who: keyof typeof AUTHORIZATION, call: MasterCall): Promise<MasterResponse> {
    const { status, body } = await this.call(who, call);
    const decoded = decodeBody(messageTypes.MasterResponse, this.mediaType, body);
    if (status !== 200 || !decoded.ok) throw new Error(`${call.type}: ${status} ${body.toString()}`);
    return decoded.value;
  }

  /** A stream of events, from now on. */
  async subscribe(who: keyof typeof AUTHORIZATION) {
    const { mediaType } = this;
    const leaving = new AbortController();
    const answer = await fetch(`${this.cluster.url}/api/v1`, {
      method: 'POST',
      headers: { ...this.headersOf(who), 'content-type': mediaType, accept: mediaType },
      body: new Uint8Array(encodeBody(messageTypes.MasterCall, mediaType, { type: 'SUBSCRIBE' })),
      signal: leaving.signal,
    });
    const records = recordsOf(answer, mediaType);
    const first = await records.next();
    return {
      /** All events until one is such, which is the last. */
      until: async (isLast: (event: MasterEvent) => boolean): Promise<MasterEvent[]> => {
        const events = first.done === true ? [] : [first.value];
        for await (const event of records) {
          events.push(event);
          if (isLast(event)) break;
        }
        leaving.abort();
        return events;
      },
    };
  }
}

async function* recordsOf({ body }: Response, mediaType: MediaType): AsyncGenerator<MasterEvent, void> {
  const decoder = new RecordDecoder();
  for await (const chunk of body ?? []) {
    for (const record of decoder.push(Buffer.from(chunk))) {
      const event = decodeBody(messageTypes.MasterEvent, mediaType, record);
      if (event.ok) yield event.value;
    }
  }
}
