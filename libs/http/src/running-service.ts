import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** A service that takes its messages and is ready to be listened on. */
export interface RunningService {
  readonly app: NestFastifyApplication;
  /** Takes no more, writes what waits to be written, closes what it has opened. */
  stop(): Promise<void>;
}
