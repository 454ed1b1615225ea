import { authOptions } from './auth-options.js';
import { brokerOptions } from './broker-options.js';
import { z } from 'zod';
import { choiceOption, integerOption, type Option, optionalTextOption, textOption } from './option.js';
import { tlsOptions } from './tls/tls-options.js';

// Options that several services have: each is declared once, so that it means the same everywhere. A service spreads those it needs.

/** What a process of its own has, whatever it does. */
export const processOptions = {
  ...brokerOptions,
  logLevel: choiceOption({
    name: 'LOG_LEVEL',
    description: 'Least important lines that are logged',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
    default: 'info',
  }),
  logFormat: choiceOption({
    name: 'LOG_FORMAT',
    description: 'json: one object a line; pretty: for a terminal',
    choices: ['json', 'pretty'],
    default: 'json',
  }),
  shutdownGraceMs: integerOption({
    name: 'SHUTDOWN_GRACE_MS',
    description:
      'After SIGTERM or SIGINT: streams are finished, consumers drained, the database written; then the process ends anyway',
    unit: 'ms',
    default: 20_000,
  }),
  traceRingBytes: integerOption({
    name: 'TRACE_RING_BYTES',
    description: 'Memory for recent spans and log lines, as tranche trace shows them; 0: none are recorded',
    unit: 'bytes',
    default: 64 << 20,
  }),
};

/**
 * Where and how a service listens, and whom it answers.
 *
 * @param defaultPort its own among those of one machine
 */
export const listenOptions = (
  defaultPort: number,
): { readonly httpHost: Option<string>; readonly httpPort: Option<number> } & typeof authOptions &
  typeof tlsOptions => ({
  ...authOptions,
  httpHost: textOption({ name: 'HTTP_HOST', description: 'Address to listen on', default: '127.0.0.1' }),
  httpPort: integerOption({
    name: 'HTTP_PORT',
    description: 'Port to listen on; 0 takes a free one',
    default: defaultPort,
    max: 65_535,
  }),
  ...tlsOptions,
});

/** Where a service that stores something does so. */
export const databaseOptions = {
  databaseUrl: textOption({
    name: 'DATABASE_URL',
    description: 'Database: sqlite:PATH or mysql://user:password@host:port/schema',
    default: 'sqlite:.tranche/tranche.db',
    secret: true,
  }),
  databaseUser: optionalTextOption({
    name: 'DATABASE_USER',
    description:
      'Takes the place of the user in DATABASE_URL, where the two are kept apart; as it is, not percent-encoded',
  }),
  databasePassword: optionalTextOption({
    name: 'DATABASE_PASSWORD',
    description: 'Takes the place of the password in DATABASE_URL, as it is, not percent-encoded',
    secret: true,
  }),
  databaseMigrations: choiceOption({
    name: 'DATABASE_MIGRATIONS',
    description: 'Pending migrations at start: apply them, or require that they have been applied (npm run migrate)',
    choices: ['apply', 'require'],
    default: 'apply',
  }),
  databaseWaitMs: integerOption({
    name: 'DATABASE_WAIT_MS',
    description: 'How long a start waits for a database that does not answer yet',
    unit: 'ms',
    default: 60_000,
  }),
};

/**
 * Where clients find the cluster as a whole.
 *
 * @param use what the service does with it: `told to schedulers as the leading master`
 */
export const publicUrlOptions = (use: string): { readonly publicUrl: Option<string> } => ({
  publicUrl: textOption({
    name: 'PUBLIC_URL',
    description: `Where clients reach the cluster; ${use}`,
    default: 'http://127.0.0.1:5050',
  }),
});

/** For services that give out ids. */
export const clusterIdOptions = {
  clusterId: optionalTextOption({
    name: 'CLUSTER_ID',
    description: 'Prefix of the ids that are given out; a new UUID at each start when absent',
  }),
};

const domainSchema = z.object({
  fault_domain: z.object({ region: z.object({ name: z.string() }), zone: z.object({ name: z.string() }) }),
});

/** Region and zone of a machine, as in the v1 message `DomainInfo`. */
export type DomainOption = z.infer<typeof domainSchema>;

/** For services that introduce the cluster, or decide by its region. */
export const clusterDomainOptions = {
  clusterDomain: {
    ...optionalTextOption({
      name: 'CLUSTER_DOMAIN',
      description:
        'Region and zone of the cluster itself, as a JSON document {"fault_domain":{"region":{"name":"…"},"zone":{"name":"…"}}}; ' +
        'agents of other regions are then offered to REGION_AWARE frameworks only',
    }),
    type: 'JSON',
    schema: z
      .string()
      .refine((text) => parseDomain(text) !== undefined, 'must be a JSON document with a fault_domain')
      .optional(),
  },
} satisfies { readonly clusterDomain: Option<string | undefined> };

/** @returns undefined for a text that is no domain, or absent */
export function parseDomain(text: string | undefined): DomainOption | undefined {
  if (text === undefined) return undefined;
  try {
    return domainSchema.parse(JSON.parse(text));
  } catch {
    // Neither JSON nor a domain: the option says what it must be.
    return undefined;
  }
}
