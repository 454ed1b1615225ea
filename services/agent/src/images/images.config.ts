import { integerOption, type Option, textOption } from '@tranche/config';
import { z } from 'zod';
import { parseDockerConfig } from './reference/credentials.js';
import { parseReference } from './reference/image-reference.js';

/** `a, b` as its parts. */
export const splitNames = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

function isName(name: string): boolean {
  try {
    parseReference(name, { defaultRegistry: 'https://registry-1.docker.io', insecure: [] });
    return true;
  } catch {
    return false;
  }
}

/** Options of where images come from and how long they stay. */
export const imageOptions = {
  imageRegistry: textOption({
    name: 'AGENT_IMAGE_REGISTRY',
    description: 'Base of the URLs of the registry of images that name none, as https://registry.example.org',
    default: 'https://registry-1.docker.io',
  }),
  imageInsecureRegistries: textOption({
    name: 'AGENT_IMAGE_INSECURE_REGISTRIES',
    description:
      'Registries that are asked by HTTP, separated by commas, as registry.lan:5000; those of this machine always are',
    default: '',
  }),
  imageCredentials: {
    ...textOption({
      name: 'AGENT_IMAGE_CREDENTIALS',
      description:
        'Who the agent is to registries, as the config.json of docker {"auths":{"registry.example.org":{"auth":"…"}}}',
      default: '',
      secret: true,
    }),
    type: 'JSON',
    // What is wrong with it is told without a value: it is a secret.
    schema: z.string().refine((given) => parseDockerConfig(given) !== undefined, 'must be a config.json of docker'),
  } satisfies Option<string>,
  imageStallTimeoutMs: integerOption({
    name: 'AGENT_IMAGE_STALL_TIMEOUT_MS',
    description: 'A registry that sends no byte for this long is taken for unreachable',
    unit: 'ms',
    min: 1,
    default: 60_000,
  }),
  imagePullAttempts: integerOption({
    name: 'AGENT_IMAGE_PULL_ATTEMPTS',
    description:
      'How often an unreachable registry is asked before a pull has failed, with pauses of 0.5 s, 1 s, 2 s …',
    min: 1,
    max: 20,
    default: 4,
  }),
  imageGcHeadroomPercent: integerOption({
    name: 'AGENT_IMAGE_GC_HEADROOM_PERCENT',
    description:
      'Part of the disk that is to stay free: when less is, images that no container uses are removed; 0 leaves that to operators',
    unit: '%',
    min: 0,
    max: 100,
    default: 10,
  }),
  imageGcIntervalMs: integerOption({
    name: 'AGENT_IMAGE_GC_INTERVAL_MS',
    description: 'How often it is looked whether images are to be removed',
    unit: 'ms',
    min: 1,
    default: 60 * 60_000,
  }),
  imageGcExcluded: {
    ...textOption({
      name: 'AGENT_IMAGE_GC_EXCLUDED',
      description: 'Images that are never removed, separated by commas',
      default: '',
    }),
    schema: z
      .string()
      .refine((given) => splitNames(given).every(isName), 'must be names of images, separated by commas'),
  } satisfies Option<string>,
};
