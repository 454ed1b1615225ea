import { z } from 'zod';
import { parseAcls } from './acls/parse-acls.js';
import { parseFirewallRules } from './firewall-rules.js';
import { booleanOption, type Option, textOption } from './option.js';

const text = z.string().min(1);
const credentialSchema = z
  .strictObject({ principal: text, secret: text.optional(), token: text.optional() })
  .refine(({ secret, token }) => secret !== undefined || token !== undefined, 'needs a secret or a token');
const credentialsSchema = z.strictObject({ credentials: z.array(credentialSchema) });

/** Who may ask, and how that is told: a secret by HTTP Basic, a token by HTTP Bearer. */
export interface Credential {
  readonly principal: string;
  readonly secret?: string | undefined;
  readonly token?: string | undefined;
}

const MEANING =
  'must be a JSON document {"credentials":[{"principal":"…","secret":"…"}]}, each with a secret or a token';

/** Whom an HTTP API answers. The same in all services of one cluster; its agents may have others. @source formats §8.1 */
export const authOptions = {
  authCredentials: {
    ...textOption({
      name: 'AUTH_CREDENTIALS',
      description:
        'Who may ask, as a JSON document {"credentials":[{"principal":"ops","secret":"…"}]} as Mesos has it; "token" instead of "secret" for bearers. Empty: everybody',
      default: '',
      secret: true,
    }),
    type: 'JSON',
    // What is wrong with it is told without a value: it is a secret.
    schema: z.string().refine((given) => parseCredentials(given) !== undefined, MEANING),
  },
  authReadonly: asked('AUTH_READONLY', 'what only shows the cluster, as /state and GET below /v1'),
  authReadwrite: asked('AUTH_READWRITE', 'what changes it, and for /api/v1'),
  authFrameworks: asked('AUTH_FRAMEWORKS', 'the scheduler API'),
  authAcls: {
    ...textOption({
      name: 'AUTH_ACLS',
      description:
        'Who may do what, as a JSON document {"permissive":false,"update_quotas":[{"principals":{"values":["ops"]},"roles":{"values":["eng"]}}]} as Mesos has it (docs/authorization.md). Empty: everybody everything',
      default: '',
    }),
    type: 'JSON',
    mistakesIn: (text: string): readonly string[] => {
      const parsed = parseAcls(text);
      return parsed.ok ? [] : parsed.mistakes;
    },
  },
  authFirewallRules: {
    ...textOption({
      name: 'AUTH_FIREWALL_RULES',
      description:
        'Paths at which nobody is answered, as a JSON document {"disabled_endpoints":{"paths":["/files/browse"]}} as Mesos has it (docs/authorization.md). Empty: none',
      default: '',
    }),
    type: 'JSON',
    mistakesIn: (text: string): readonly string[] => {
      const parsed = parseFirewallRules(text);
      return parsed.ok ? [] : parsed.mistakes;
    },
  },
} satisfies Readonly<Record<string, Option<unknown>>>;

/** What `authOptions` make of a configuration. */
export interface AuthSettings {
  readonly authCredentials: string;
  readonly authReadonly: boolean;
  readonly authReadwrite: boolean;
  readonly authFrameworks: boolean;
  readonly authAcls: string;
  readonly authFirewallRules: string;
}

/** @returns undefined for a text that is neither empty nor a list of credentials */
export function parseCredentials(given: string): readonly Credential[] | undefined {
  if (given.trim() === '') return [];
  try {
    return credentialsSchema.parse(JSON.parse(given)).credentials;
  } catch {
    // Neither JSON nor credentials: the option says what it must be.
    return undefined;
  }
}

function asked(name: string, what: string): Option<boolean> {
  const description = `Whether credentials are asked for at ${what}, when there are any in AUTH_CREDENTIALS`;
  return booleanOption({ name, description, default: true });
}
