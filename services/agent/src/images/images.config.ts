import { integerOption, type Option, textOption } from '@tranche/config';
import { z } from 'zod';
import { parseDockerConfig } from './reference/credentials.js';

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
};
