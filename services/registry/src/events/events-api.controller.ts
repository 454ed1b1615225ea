import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { EventView, Page } from '@tranche/contracts';
import {
  lastEventId,
  ListRequest,
  LISTS,
  malformed,
  permitsOf,
  ProblemError,
  readFlag,
  type RequestQuery,
  sightOf,
  type SseEvent,
  SseStream,
  wantsStream,
} from '@tranche/http';
import { isTerminalState } from '@tranche/mesos-api';
import type { Logger } from '@tranche/telemetry';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ClusterModel } from '../model/cluster-model.js';
import { LOGGER } from '../tokens.js';
import { type EventFilter, eventFilter, sinceMs } from './event-filter.js';
import { EventLog } from './event-log.js';
import { seenEvents } from './seen-events.js';
import { agentFacts, frameworkFacts, taskFacts } from './note-events.js';

interface StreamTerms {
  /** Begins with what is kept from then on. */
  readonly fromMs: number | undefined;
  readonly isOnlyNew: boolean;
  /** What of an event is asked for. */
  readonly shown: (event: object) => object;
}

/** What happens comes as it happens. */
const NO_SORT = { path: 'sort', message: 'means nothing in a stream of events' };

/** `GET /v1/events`: what has happened of late, and with `Accept: text/event-stream` what is there and then happens. */
@Controller('v1/events')
export class EventsApiController {
  constructor(
    private readonly log: EventLog,
    private readonly model: ClusterModel,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Oldest first. @throws ProblemError 400 */
  @Get()
  events(@Query() query: RequestQuery, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    const list = new ListRequest(query, LISTS.events);
    const asked = eventFilter(query);
    const sight = sightOf(permitsOf(request));
    const seen = sight === undefined ? undefined : seenEvents(this.model, sight);
    const passes: EventFilter = seen === undefined ? asked : (event) => asked(event) && seen(event);
    const fromMs = sinceMs(query);
    if (wantsStream(request)) {
      if (query['sort'] !== undefined) throw new ProblemError(malformed([NO_SORT]));
      const shown = (event: object): object => list.shown(event);
      this.stream(request, reply, passes, { fromMs, isOnlyNew: readFlag(query, 'onlyNew'), shown });
      return;
    }
    const events = this.log.kept.filter((event) => passes(event) && isFrom(fromMs, event));
    const entries = events.map((entry) => ({ entry, rank: entry.number, key: String(entry.number) }));
    const page: Page<EventView> = list.page(entries, this.log.newest, (event) => event);
    void reply.send(page);
  }

  private stream(
    request: FastifyRequest,
    reply: FastifyReply,
    passes: EventFilter,
    { fromMs, isOnlyNew, shown }: StreamTerms,
  ): void {
    const { log } = this;
    const told = (event: EventView): SseEvent => ({
      event: event.type,
      data: shown(event),
      id: log.idOf(event.number),
    });
    const ready = (): SseEvent => ({ event: 'ready', data: { asOf: log.newest }, id: log.idOf(log.newest) });
    const reset: SseEvent = { event: 'reset', data: {} };
    const snapshot = (): SseEvent[] =>
      isOnlyNew
        ? []
        : this.snapshot()
            .filter(({ data }) => passes(data as EventView))
            .map(({ event, data }) => ({ event, data: shown(data as object) }));
    const seen = lastEventId(request);
    const missed = seen === undefined ? undefined : log.since(seen);
    const past = fromMs === undefined ? [] : log.kept.filter((event) => isFrom(fromMs, event));
    const stream = SseStream.of(reply, this.logger, () => unfollow());
    const beginning = missed ?? past;
    stream.sendSnapshot([
      ...(seen !== undefined && missed === undefined ? [reset] : []),
      ...(missed === undefined && fromMs === undefined ? snapshot() : []),
      ...beginning.filter(passes).map(told),
      ready(),
    ]);
    const unfollow = log.follow((event) => {
      if (event === undefined) stream.send([reset, ...snapshot(), ready()]);
      else if (passes(event)) stream.send([told(event)]);
    });
  }

  /** All that is there now: agents, frameworks and what of their tasks has not ended, each as its last event would tell it. */
  private snapshot(): SseEvent[] {
    const { model } = this;
    const events: SseEvent[] = [];
    const add = (type: EventView['type'], facts: object): void =>
      void events.push({ event: 'snapshot', data: { type, ...facts } });
    for (const { known } of model.agents.known()) add('AGENT_ADDED', agentFacts(known.record));
    for (const framework of model.allFrameworks()) {
      if (!framework.isCompleted) add('FRAMEWORK_ADDED', frameworkFacts(framework));
    }
    for (const task of model.allTasks()) {
      const isOver = task.shelf === 'completed_tasks' || isTerminalState(task.record.state);
      if (!isOver) add('TASK_ADDED', taskFacts(model, task));
    }
    return events;
  }
}

const isFrom = (fromMs: number | undefined, { at }: EventView): boolean =>
  fromMs === undefined || Date.parse(at) >= fromMs;
