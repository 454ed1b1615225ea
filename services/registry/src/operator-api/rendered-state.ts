import type { Sight } from '@tranche/http';
import { type MediaType, messageTypes } from '@tranche/mesos-api';
import type { ClusterDocuments } from '../documents/cluster-documents.js';
import type { ClusterModel } from '../model/cluster-model.js';
import { KeptState } from './kept-state.js';
import { formOf, type MessageForm, type Pieces } from './message-form.js';

const { MasterEvent: EVENT, MasterEventSubscribed: SUBSCRIBED, MasterResponse: RESPONSE } = messageTypes;

/** In one content type. */
interface Kept {
  readonly state: KeptState;
  readonly form: MessageForm;
}

/**
 * GET_STATE of a large cluster, and the SUBSCRIBED that shows the same: each task, offer and agent is rendered once for each content type and kept in pages while it stays as it is, and
 * rendering gives way to others.
 *
 * What is shown is the cluster at one time, that of the call or a little later: records are replaced, never changed. The documents are those of `STATE_CALLS`.
 */
export class RenderedState {
  private readonly kept = new Map<MediaType, Kept>();

  constructor(
    private readonly model: ClusterModel,
    private readonly documents: Pick<ClusterDocuments, 'refresh' | 'follow'>,
  ) {
    documents.follow((changes) => {
      for (const [mediaType, { state }] of this.kept) {
        state.note(changes);
        if (state.isOutdated) this.kept.delete(mediaType);
      }
    });
  }

  /** @param sight of who may not see everything @returns the body of the answer, in pieces */
  async body(mediaType: MediaType, sight?: Sight): Promise<Pieces> {
    const form = formOf(mediaType);
    const members = await this.membersFor(sight, mediaType);
    return form.whole([form.plain(RESPONSE, { type: 'GET_STATE' }), form.message(RESPONSE, 'get_state', members)]);
  }

  /**
   * @param begin called when what is shown is what there is at that moment
   * @param sight of who may not see everything
   * @returns the event that a stream begins with, in pieces
   */
  async subscribed(
    mediaType: MediaType,
    heartbeat_interval_seconds: number,
    begin?: () => void,
    sight?: Sight,
  ): Promise<Pieces> {
    const form = formOf(mediaType);
    const members = [
      form.message(SUBSCRIBED, 'get_state', await this.membersFor(sight, mediaType, begin)),
      form.plain(SUBSCRIBED, { heartbeat_interval_seconds }),
    ];
    return form.whole([form.plain(EVENT, { type: 'SUBSCRIBED' }), form.message(EVENT, 'subscribed', members)]);
  }

  /** What is rendered for one who may not see everything is kept for nobody. */
  private membersFor(sight: Sight | undefined, mediaType: MediaType, begin?: () => void): Promise<Pieces[]> {
    if (sight === undefined) return this.members(mediaType, begin);
    return new KeptState(this.model, formOf(mediaType), () => undefined, sight).members(begin);
  }

  private async members(mediaType: MediaType, begin?: () => void): Promise<Pieces[]> {
    const kept = this.keptIn(mediaType);
    try {
      return await kept.state.members(begin);
    } catch (error) {
      // What had changed may not be rendered: the next one begins anew.
      if (this.kept.get(mediaType) === kept) this.kept.delete(mediaType);
      throw error;
    }
  }

  private keptIn(mediaType: MediaType): Kept {
    const known = this.kept.get(mediaType);
    if (known !== undefined) return known;
    // What has changed until now is in what everything is noted from.
    const refresh = (): void => this.documents.refresh();
    refresh();
    const form = formOf(mediaType);
    const kept = { form, state: new KeptState(this.model, form, refresh) };
    this.kept.set(mediaType, kept);
    return kept;
  }
}
