import { messageTypes } from '@tranche/mesos-api';
import { FragmentList } from '../documents/fragment-list.js';
import type { TaskShelf } from '../model/task-entry.js';
import type { MessageForm, Pieces } from './message-form.js';
import type { PendingFramework, ShownFramework } from './pending-state.js';
import { frameworkDocument, offerDocument, taskDocument } from './state-calls.js';

const { MasterResponseGetTasks: TASKS, MasterResponseGetFrameworksFramework: FRAMEWORK } = messageTypes;

/** As the lists of GET_TASKS are called. */
export const SHELVES: readonly TaskShelf[] = ['tasks', 'unreachable_tasks', 'completed_tasks'];

/** One framework of GET_STATE in one content type: itself, its offers and its tasks. */
export class KeptFramework {
  readonly tasks: Readonly<Record<TaskShelf, FragmentList>>;
  readonly offers: FragmentList;

  constructor(
    private readonly form: MessageForm,
    public shown: ShownFramework,
  ) {
    const list = (): FragmentList => new FragmentList(form.separator);
    this.tasks = { tasks: list(), unreachable_tasks: list(), completed_tasks: list() };
    this.offers = list();
  }

  get isCompleted(): boolean {
    return this.shown.isCompleted;
  }

  /** @param gaveWay called after each rendering */
  async render(pending: PendingFramework, gaveWay: () => Promise<void>): Promise<void> {
    const { form } = this;
    for (const [key, task] of pending.tasks) {
      for (const shelf of SHELVES) if (shelf !== task?.shelf) this.tasks[shelf].delete(key);
      if (task === undefined) continue;
      this.tasks[task.shelf].set(key, form.row(TASKS, task.shelf, messageTypes.Task, taskDocument(task)));
      await gaveWay();
    }
    for (const [offerId, offer] of pending.offers) {
      if (offer === undefined) this.offers.delete(offerId);
      else this.offers.set(offerId, form.row(FRAMEWORK, 'offers', messageTypes.Offer, offerDocument(offer)));
      await gaveWay();
    }
  }

  /** Encodes what has changed of its tasks, too. @returns the framework with its offers */
  compose(): Pieces {
    const { form } = this;
    for (const shelf of SHELVES) form.rowList(shelf, [this.tasks[shelf]]);
    const frame = form.encode(FRAMEWORK, frameworkDocument({ ...this.shown, offers: [] }));
    return this.offers.size === 0 ? [frame] : form.extended(frame, form.rowList('offers', [this.offers]));
  }
}
