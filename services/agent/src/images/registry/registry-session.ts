import { createHash } from 'node:crypto';
import type { TimerClock } from '@tranche/telemetry';
import { ImageError } from '../image.errors.js';
import type { ImageReference } from '../reference/image-reference.js';
import type { RegistryCredentials } from '../reference/credentials.js';
import { parseChallenge } from './auth-challenge.js';
import { ACCEPTED } from './manifest.js';
import { ask, type Answer } from './registry-request.js';

/** Larger manifests and configurations than these are no real ones. */
const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;
const MAX_CONFIG_BYTES = 8 * 1024 * 1024;
const MAX_TOKEN_BYTES = 1024 * 1024;

export interface RegistryOptions {
  /** How long a connection may be silent. */
  readonly stallTimeoutMs: number;
  readonly clock: TimerClock;
}

/** A small document of a registry, verified. */
export interface RegistryDocument {
  readonly bytes: Buffer;
  readonly mediaType?: string;
  readonly digest: string;
}

/**
 * Asks one registry about one repository: authenticates when it is asked to, and remembers how.
 *
 * @source Docker Registry HTTP API V2; OCI distribution-spec 1.1
 */
export class RegistrySession {
  private authorization: string | undefined;

  constructor(
    private readonly reference: Pick<ImageReference, 'name' | 'registry' | 'repository'>,
    private readonly credentials: RegistryCredentials | undefined,
    private readonly options: RegistryOptions,
    private readonly signal: AbortSignal,
  ) {}

  /** @param version tag or digest. @throws ImageError */
  async manifest(version: string): Promise<RegistryDocument> {
    const { name } = this.reference;
    const answer = await this.get(`manifests/${version}`, { accept: ACCEPTED }, `the manifest of ${name}`);
    const bytes = await answer.bytes(MAX_MANIFEST_BYTES);
    const digest = digestOf(bytes);
    const told = version.startsWith('sha256:') ? version : (answer.header('docker-content-digest') ?? digest);
    if (told.startsWith('sha256:') && told !== digest) throw mismatch(`the manifest of ${name}`, told, digest);
    const mediaType = answer.header('content-type');
    return { bytes, digest, ...(mediaType === undefined ? {} : { mediaType }) };
  }

  /** A configuration. @throws ImageError */
  async config(digest: string): Promise<Buffer> {
    const what = `the configuration of ${this.reference.name}`;
    const bytes = await (await this.blob(digest, 0, what)).bytes(MAX_CONFIG_BYTES);
    if (digestOf(bytes) !== digest) throw mismatch(what, digest, digestOf(bytes));
    return bytes;
  }

  /** @param offset of the first byte that is wanted; the answer may begin at 0 all the same, with the status 200. @throws ImageError */
  blob(digest: string, offset: number, what: string): Promise<Answer> {
    return this.get(`blobs/${digest}`, offset === 0 ? {} : { range: `bytes=${offset}-` }, what);
  }

  private async get(path: string, headers: Record<string, string>, what: string): Promise<Answer> {
    const url = `${this.reference.registry}/v2/${this.reference.repository}/${path}`;
    const first = await this.send(url, headers);
    const answer = first.status === 401 ? await this.authenticated(first, url, headers) : first;
    const { status } = answer;
    if (status === 200 || status === 206) return answer;
    answer.discard();
    const { registry, name } = this.reference;
    if (status === 401 || status === 403) throw this.unauthorized(`HTTP ${status}`);
    if (status === 404) throw new ImageError('not-found', `${registry} does not have ${what}`);
    const fault = status === 429 || status >= 500 ? 'unreachable' : 'bad-answer';
    throw new ImageError(
      fault,
      `${registry} answers HTTP ${status} for ${what}${what.includes(name) ? '' : ` of ${name}`}`,
    );
  }

  private async authenticated(refusal: Answer, url: string, headers: Record<string, string>): Promise<Answer> {
    refusal.discard();
    const challenge = parseChallenge(refusal.header('www-authenticate') ?? null);
    if (challenge === undefined) throw this.unauthorized('it does not say how to authenticate');
    if (challenge.scheme === 'basic') {
      if (this.credentials === undefined)
        throw this.unauthorized('it wants a user name and a password, and there are none for it');
      this.authorization = basic(this.credentials);
    } else {
      this.authorization = `Bearer ${await this.token(challenge)}`;
    }
    return this.send(url, headers);
  }

  private async token({
    realm,
    service,
    scope,
  }: {
    realm?: string;
    service?: string;
    scope?: string;
  }): Promise<string> {
    const { registry, repository } = this.reference;
    if (realm === undefined || !URL.canParse(realm))
      throw this.unauthorized(`it names no place where tokens are given`);
    const url = new URL(realm);
    // The password must not leave by a way that is less safe than that of the images.
    if (url.protocol !== 'https:' && !registry.startsWith('http:'))
      throw this.unauthorized(`tokens are given at ${realm}, which is not HTTPS`);
    if (service !== undefined) url.searchParams.set('service', service);
    url.searchParams.set('scope', scope ?? `repository:${repository}:pull`);
    const { credentials } = this;
    const answer = await this.ask(url.href, credentials === undefined ? {} : { authorization: basic(credentials) });
    if (answer.status !== 200) {
      answer.discard();
      throw this.unauthorized(`${url.origin}${url.pathname} gives no token: HTTP ${answer.status}`);
    }
    const token = tokenIn(await answer.bytes(MAX_TOKEN_BYTES));
    if (token === undefined) throw this.unauthorized(`${url.origin}${url.pathname} answers without a token`);
    return token;
  }

  private send(url: string, headers: Record<string, string>): Promise<Answer> {
    return this.ask(url, {
      ...headers,
      ...(this.authorization === undefined ? {} : { authorization: this.authorization }),
    });
  }

  private ask(url: string, headers: Record<string, string>): Promise<Answer> {
    return ask(url, headers, this.options, this.signal);
  }

  private unauthorized(why: string): ImageError {
    const who = this.credentials === undefined ? 'nobody' : `user ${this.credentials.username}`;
    const { registry, name } = this.reference;
    return new ImageError('unauthorized', `${registry} does not give ${name} to ${who}: ${why}`);
  }
}

/**
 * Nothing of an answer that is none may be told: the registry has chosen who was asked, and the task's user reads what went wrong. Nor of a
 * token that could not be sent on.
 */
function tokenIn(bytes: Buffer): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof document !== 'object' || document === null) return undefined;
  const { token, access_token: other } = document as Record<string, unknown>;
  const found = token ?? other;
  return typeof found === 'string' && /^[\x21-\x7e]+$/u.test(found) ? found : undefined;
}

const basic = ({ username, password }: RegistryCredentials): string =>
  `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const digestOf = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

/** @param expected as promised; got: as it came */
export const mismatch = (what: string, expected: string, got: string): ImageError =>
  new ImageError('digest-mismatch', `${what} is not what was promised: its digest is ${got}, not ${expected}`);
