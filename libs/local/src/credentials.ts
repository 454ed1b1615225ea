import { readFileSync } from 'node:fs';
import {
  authorizerOf,
  type AuthSettings,
  type Credential,
  mayEverything,
  parseAcls,
  parseCredentials,
} from '@tranche/config';
import type { LocalFlags } from './flags.js';
import { LocalStartError } from './local.errors.js';

/** Who may ask the cluster: as its services are told it, and with what its own self-check asks. */
export interface LocalCredentials {
  readonly text: string;
  readonly own: { readonly principal: string; readonly secret: string } | undefined;
  /** Whether the ACLs let the self-check run its task. */
  readonly mayCheck: boolean;
}

type AuthFlags = Pick<LocalFlags, 'credentials' | 'acls'>;

/** What the self-check registers in, and runs its task as. */
export const CHECKED = { role: '*', user: 'root' };

/** What the services are told of who may ask, and do what. @throws LocalStartError */
export const authSettingsOf = (flags: AuthFlags): Pick<AuthSettings, 'authCredentials' | 'authAcls'> => ({
  authCredentials: readCredentials(flags).text,
  authAcls: readAcls(flags.acls),
});

/** Without a file nobody is asked for credentials. @throws LocalStartError; what is in the file is not told */
export function readCredentials({ credentials: file, acls }: AuthFlags): LocalCredentials {
  const authorizer = authorizerOf({ authAcls: readAcls(acls) });
  const mayCheck = (principal?: string): boolean =>
    authorizer.may(principal, 'register_frameworks', CHECKED.role) &&
    authorizer.may(principal, 'run_tasks', CHECKED.user);
  if (file === undefined) return { text: '', own: undefined, mayCheck: mayCheck() };
  const text = contentOf('--credentials', file, 'local/bad-credentials');
  const credentials = parseCredentials(text);
  if (credentials === undefined) {
    const form = 'it must hold {"credentials":[{"principal":"ops","secret":"…"}]}, each with a secret or a token';
    throw new LocalStartError('local/bad-credentials', `--credentials ${file} cannot be read`, [form]);
  }
  const able = credentials.filter((one): one is Credential & { secret: string } => one.secret !== undefined);
  const own =
    able.find(({ principal }) => mayEverything(authorizer, principal)) ??
    able.find(({ principal }) => mayCheck(principal)) ??
    able[0];
  if (credentials.length > 0 && own === undefined) {
    const needed = 'one principal needs a secret: the self-check and the registry show it';
    throw new LocalStartError('local/bad-credentials', `--credentials ${file} holds tokens only`, [needed]);
  }
  return { text, own: own && { principal: own.principal, secret: own.secret }, mayCheck: mayCheck(own?.principal) };
}

/** @param file none: there are no ACLs. @throws LocalStartError naming every mistake */
function readAcls(file: string | undefined): string {
  if (file === undefined) return '';
  const text = contentOf('--acls', file, 'local/bad-acls');
  const parsed = parseAcls(text);
  if (!parsed.ok) throw new LocalStartError('local/bad-acls', `--acls ${file} cannot be used`, parsed.mistakes);
  return text;
}

function contentOf(flag: string, file: string, code: 'local/bad-credentials' | 'local/bad-acls'): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LocalStartError(code, `${flag} ${file}: ${(cause as Error).message}`, [], { cause });
  }
}
