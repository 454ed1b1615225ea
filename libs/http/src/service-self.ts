import type { Setting } from '@tranche/config';

/** True: it is there. A text: why the service cannot work. `usable`: what is wrong, while the service goes on without. */
export type DependencyState = true | string | { readonly usable: string };

type Dependencies = Readonly<Record<string, DependencyState>>;

/** What an application says of itself, over HTTP and over the mesh. */
export interface ServiceSelf {
  /** Each dependency. Default: there are none. */
  readonly readiness?: () => Promise<Dependencies>;
  /** Every option with its value and origin; secrets are masked. Default: there are none. */
  readonly settings?: readonly Setting[];
}

const selves = new WeakMap<object, ServiceSelf>();

/** Remembers what an application says of itself. @param app as its maker hands it out */
export const describeSelf = (app: object, { readiness, settings }: ServiceSelf): void =>
  void selves.set(app, { ...(readiness ? { readiness } : {}), ...(settings ? { settings } : {}) });

/** What an application says of itself; nothing for one that was not made by `createHttpApp`. */
export const selfOf = (app: object): ServiceSelf => selves.get(app) ?? {};

/** Whether the service can work, and each dependency as it is shown: true, or what is wrong. */
export function shownDependencies(dependencies: Dependencies): {
  readonly ready: boolean;
  readonly dependencies: Record<string, true | string>;
} {
  const shown = Object.entries(dependencies).map(([name, state]) => [
    name,
    typeof state === 'object' ? `usable: ${state.usable}` : state,
  ]);
  return {
    ready: Object.values(dependencies).every((state) => typeof state !== 'string'),
    dependencies: Object.fromEntries(shown) as Record<string, true | string>,
  };
}
