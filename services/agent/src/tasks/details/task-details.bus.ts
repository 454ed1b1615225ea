import { NoteTaskDetailV1, queueOf } from '@tranche/contracts';
import type { MessageBus } from '@tranche/messaging';
import type { Logger } from '@tranche/telemetry';
import type { SendDetail } from './task-details.js';

/** Sends details to the service that shows tasks. The bus joins those of one turn. */
export const sendDetailBy =
  (bus: MessageBus, logger: Logger): SendDetail =>
  (detail) => {
    bus.send(NoteTaskDetailV1, queueOf('offers'), [detail]).catch((error: unknown) => {
      logger.debug('detail of a task was not taken', { taskId: detail.taskId, error });
    });
  };
