/** Name and password for a registry. */
export interface RegistryCredentials {
  readonly username: string;
  readonly password: string;
}

/** By registry host. */
export type CredentialBook = ReadonlyMap<string, RegistryCredentials>;

interface Entry {
  readonly auth?: unknown;
  readonly username?: unknown;
  readonly password?: unknown;
}

/**
 * Reads the credentials of a docker `config.json`: `{"auths": {"registry.example.org": {"auth": "base64 of user:password"}}}`.
 *
 * @returns undefined for a text that is none; empty for an empty text
 * @source Docker: config.json; Mesos 1.11: --docker_config, with which the outer `auths` may be left out
 */
export function parseDockerConfig(text: string): CredentialBook | undefined {
  if (text.trim() === '') return new Map();
  let config: unknown;
  try {
    config = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof config !== 'object' || config === null) return undefined;
  const auths: unknown = 'auths' in config ? config.auths : config;
  if (typeof auths !== 'object' || auths === null) return undefined;
  const book = new Map<string, RegistryCredentials>();
  for (const [place, entry] of Object.entries(auths as Record<string, Entry | null>)) {
    const credentials = readEntry(entry);
    if (credentials !== undefined) book.set(hostOf(place), credentials);
  }
  return book;
}

/** @param registry base URL of a registry */
export const credentialsFor = (book: CredentialBook, registry: string): RegistryCredentials | undefined =>
  book.get(hostOf(registry));

function readEntry(entry: Entry | null): RegistryCredentials | undefined {
  const { auth, username, password } = entry ?? {};
  if (typeof username === 'string' && typeof password === 'string') return { username, password };
  if (typeof auth !== 'string') return undefined;
  const text = Buffer.from(auth, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon === -1 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** With or without scheme and path; all names of Docker's own registry are one. */
function hostOf(place: string): string {
  const host = place.replace(/^https?:\/\//u, '').replace(/\/.*$/u, '');
  return ['index.docker.io', 'registry-1.docker.io'].includes(host) ? 'docker.io' : host;
}
