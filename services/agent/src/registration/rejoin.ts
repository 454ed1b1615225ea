import type { Logger } from '@tranche/telemetry';
import type { Questions } from './questions.js';
import type { RegisterAgent } from './register-agent.js';

/** Registers an agent again that the registry does not know any more, or that has to tell what it runs. */
export class Rejoin {
  /** @param onRefused what the agent does when it is not wanted any more */
  constructor(
    private readonly registration: Pick<RegisterAgent, 'register'>,
    private readonly questions: Questions,
    private readonly onRefused: (reason: string) => void,
    private readonly logger: Logger,
  ) {}

  /** The registry does not want the agent any more, for good. Returns at once. */
  end(reason: string): void {
    this.logger.info('registry ends the agent', { reason });
    this.onRefused(reason);
  }

  /** Returns at once. @param why as it is said · source: the life that asks */
  begin({ why, source }: { readonly why: string; readonly source: string }): void {
    this.logger.info('the agent is asked to register again', { why, source });
    this.questions.note(source);
    this.register();
  }

  /** A registration that was under way when somebody asked does not tell what they want to know: another follows it. */
  private register(): void {
    this.registration.register().then(
      (registration) => {
        if (!registration.ok) this.onRefused(registration.reason);
        else if (!this.questions.areTold) this.register();
      },
      (error: unknown) => this.logger.error('agent could not register again', { error }),
    );
  }
}
