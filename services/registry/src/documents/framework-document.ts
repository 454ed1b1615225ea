import type { OfferRecord } from '@tranche/contracts';
import { executorJson, frameworkJson, offerJson, taskJson } from '@tranche/mesos-api';
import type { FrameworkEntry } from '../model/framework-entry.js';
import type { TaskEntry, TaskShelf } from '../model/task-entry.js';
import { classicFramework, classicOffer, taskOf } from './classic-documents.js';
import { COMMA, FragmentList } from './fragment-list.js';
import { GAP, splitAtGaps } from './json-body.js';

/** In the order of the document. */
const SHELVES: readonly TaskShelf[] = ['tasks', 'unreachable_tasks', 'completed_tasks'];

/** From this size on, the bytes of a framework stay in pieces: joining them would copy what has not changed. */
const JOIN_BELOW_BYTES = 64 << 10;

/** One framework of `/state`, with its tasks, each rendered when it changes. */
export class FrameworkDocument {
  private readonly shelves: Readonly<Record<TaskShelf, FragmentList>> = {
    tasks: new FragmentList(COMMA),
    unreachable_tasks: new FragmentList(COMMA),
    completed_tasks: new FragmentList(COMMA),
  };
  private readonly offers = new FragmentList(COMMA);
  /** Everything but tasks and offers: the text around their lists. */
  private frame: Buffer[] = [];
  private chunks: Buffer[] | undefined;

  /** Renders what is said of the framework itself, and its executors. */
  setFramework(framework: FrameworkEntry): void {
    const text = frameworkJson(classicFramework(framework), {
      tasks: [GAP],
      unreachableTasks: [GAP],
      completedTasks: [GAP],
      offers: [GAP],
      executors: Array.from(framework.executors.values(), (executor) => executorJson(executor)),
    });
    this.frame = splitAtGaps(text);
    this.chunks = undefined;
  }

  setTask(task: TaskEntry): void {
    for (const shelf of SHELVES) if (shelf !== task.shelf) this.shelves[shelf].delete(task.key);
    this.shelves[task.shelf].set(task.key, Buffer.from(taskJson(taskOf(task.record))));
    this.chunks = undefined;
  }

  removeTask(task: TaskEntry): void {
    for (const shelf of SHELVES) this.shelves[shelf].delete(task.key);
    this.chunks = undefined;
  }

  setOffer(offer: OfferRecord): void {
    this.offers.set(offer.offerId, Buffer.from(offerJson(classicOffer(offer))));
    this.chunks = undefined;
  }

  removeOffer(offerId: string): void {
    this.offers.delete(offerId);
    this.chunks = undefined;
  }

  writeTo(chunks: Buffer[]): void {
    this.chunks ??= this.compose();
    for (const chunk of this.chunks) chunks.push(chunk);
  }

  private compose(): Buffer[] {
    const pieces: Buffer[] = [];
    const lists = [...SHELVES.map((shelf) => this.shelves[shelf]), this.offers];
    for (const [at, text] of this.frame.entries()) {
      pieces.push(text);
      lists[at]?.writeTo(pieces);
    }
    const sizeBytes = pieces.reduce((sum, piece) => sum + piece.length, 0);
    return sizeBytes < JOIN_BELOW_BYTES ? [Buffer.concat(pieces)] : pieces;
  }
}
