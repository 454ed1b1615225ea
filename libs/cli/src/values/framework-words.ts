/** States of frameworks that have not been removed. */
export const LIVE_FRAMEWORKS = ['connected', 'disconnected', 'recovered'] as const;
