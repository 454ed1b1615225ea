import {
  choiceOption,
  type ConfigOf,
  listenOptions,
  readServiceConfig,
  type ServiceConfigResult,
  textOption,
} from '@tranche/config';

const upstream = (service: string, port: number) =>
  textOption({
    name: `ROUTER_${service.toUpperCase()}_URL`,
    description: `Where the ${service} service is`,
    default: `http://127.0.0.1:${port}`,
  });

/** Every option of the router: the public address of a cluster that has no ingress in front. */
export const routerOptions = {
  ...listenOptions(5050),
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
  registry: upstream('registry', 5050),
  allocator: upstream('allocator', 5051),
  offers: upstream('offers', 5052),
  quota: upstream('quota', 5053),
};

export type RouterConfig = ConfigOf<typeof routerOptions>;

/** What this process was started with. */
export const readRouterConfig = (): ServiceConfigResult<typeof routerOptions> =>
  readServiceConfig(routerOptions, { argv: process.argv.slice(2), env: process.env }, 'ROUTER_');
