import { readFileSync } from 'node:fs';
import { type Credential, parseCredentials } from '@tranche/config';
import { LocalStartError } from './local.errors.js';

/** Who may ask the cluster: as its services are told it, and with what its own self-check asks. */
export interface LocalCredentials {
  readonly text: string;
  readonly own: { readonly principal: string; readonly secret: string } | undefined;
}

const NONE: LocalCredentials = { text: '', own: undefined };

/** @param file none: nobody is asked for credentials. @throws LocalStartError; what is in the file is not told */
export function readCredentials(file: string | undefined): LocalCredentials {
  if (file === undefined) return NONE;
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new LocalStartError('local/bad-credentials', `--credentials ${file}: ${(cause as Error).message}`, [], {
      cause,
    });
  }
  const credentials = parseCredentials(text);
  if (credentials === undefined) {
    const form = 'it must hold {"credentials":[{"principal":"ops","secret":"…"}]}, each with a secret or a token';
    throw new LocalStartError('local/bad-credentials', `--credentials ${file} cannot be read`, [form]);
  }
  const own = credentials.find((one): one is Credential & { secret: string } => one.secret !== undefined);
  if (credentials.length > 0 && own === undefined) {
    const needed = 'one principal needs a secret: the self-check and the registry show it';
    throw new LocalStartError('local/bad-credentials', `--credentials ${file} holds tokens only`, [needed]);
  }
  return { text, own: own && { principal: own.principal, secret: own.secret } };
}
