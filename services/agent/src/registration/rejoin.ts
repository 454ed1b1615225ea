import type { Logger } from '@tranche/telemetry';
import type { RegisterAgent } from './register-agent.js';

/** Registers an agent again that the registry does not know any more. */
export class Rejoin {
  /** @param onRefused what the agent does when it is not wanted any more */
  constructor(
    private readonly registration: RegisterAgent,
    private readonly onRefused: (reason: string) => void,
    private readonly logger: Logger,
  ) {}

  /** The registry does not want the agent any more, for good. Returns at once. */
  end(reason: string): void {
    this.logger.info('registry ends the agent', { reason });
    this.onRefused(reason);
  }

  /** Returns at once. @param why as the registry says it */
  begin(why: string): void {
    this.logger.info('registry asks to register again', { why });
    this.registration.register().then(
      (registration) => {
        if (!registration.ok) this.onRefused(registration.reason);
      },
      (error: unknown) => this.logger.error('agent could not register again', { error }),
    );
  }
}
