import { Type } from 'typebox';
import { command, type ItemOf } from '../contract.js';

/**
 * Something about a task that no status says, for people who look at it: how far its launch is, until when its sandbox can be read.
 *
 * Sent by the agent when it changes, at most a few times a second. What is absent stays as it was. Kept in memory only, and no harm done
 * when it is lost: progress is soon told again, dates every hour. An unknown task is ignored.
 */
export const NoteTaskDetailV1 = command({
  name: 'note-task-detail',
  version: 1,
  owner: 'offers',
  key: ({ frameworkId }) => frameworkId,
  item: Type.Object({
    agentId: Type.String(),
    frameworkId: Type.String(),
    taskId: Type.String(),
    /** Of several tasks that had this id on the agent, the one of this container. */
    containerId: Type.String(),
    /** What the launch waits for; holds until the next status. */
    progress: Type.Optional(
      Type.Object({
        step: Type.Union([Type.Literal('fetching'), Type.Literal('pulling')]),
        /** 0 to 100; absent when nobody knows how much there is. */
        percent: Type.Optional(Type.Number()),
        /** Of an image, as it is sent: what has come, and what is to come in all. */
        doneBytes: Type.Optional(Type.Number()),
        totalBytes: Type.Optional(Type.Number()),
      }),
    ),
    /** When the sandbox of the ended task is going to be removed at the latest, or was removed; milliseconds since the epoch. */
    sandboxUntilMs: Type.Optional(Type.Number()),
  }),
});
export type NoteTaskDetail = ItemOf<typeof NoteTaskDetailV1>;
