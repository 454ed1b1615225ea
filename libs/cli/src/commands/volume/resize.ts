import type { VolumeView } from '@tranche/contracts';
import { UsageError } from '../../cli.errors.js';
import type { CliContext } from '../../cli-context.js';
import { action, type Register } from '../../command-action.js';
import { formatBytes, parseSizeMb } from '../../values/size.js';
import { changeAgent } from '../reservation/agent-operation.js';
import { chooseById } from '../reservation/choose.js';
import { BYTES_PER_MB } from './create.js';

/** The one volume that a person means. */
export async function chooseVolume({ api }: CliContext, id: string): Promise<VolumeView> {
  const { items } = await api.list<VolumeView>('/v1/volumes');
  return chooseById(items, id, 'volume', 'tranche volume ls', ({ persistenceId }) => persistenceId);
}

/** `tranche volume grow`, `tranche volume shrink`: a volume gets another size. */
const registerResize =
  (verb: 'grow' | 'shrink'): Register =>
  (volume, cli) => {
    volume
      .command(verb)
      .description(
        verb === 'grow'
          ? 'make a volume larger, of disk that is reserved as it is'
          : 'make a volume smaller; what it loses stays reserved',
      )
      .argument('<VOLUME>', 'its name, its id as volume ls shows it, or a beginning of that')
      .argument('<SIZE>', 'what it shall have then: 2g')
      .action(
        action(cli, async (context, [id = '', size = '']) => {
          const diskBytes = parseSizeMb(size, 'SIZE') * BYTES_PER_MB;
          const { id: whole, diskBytes: before, persistenceId } = await chooseVolume(context, id);
          if (verb === 'grow' ? diskBytes <= before : diskBytes >= before) {
            const other = verb === 'grow' ? 'shrink' : 'grow';
            throw new UsageError(`volume ${verb}: it has ${formatBytes(before)}, ${size} does not ${verb} it`, [
              `the other way: tranche volume ${other} ${whole} ${size}`,
            ]);
          }
          return changeAgent(context, {
            method: 'PATCH',
            path: `/v1/volumes/${whole}`,
            body: { diskBytes },
            done: () => `${verb === 'grow' ? 'grown' : 'shrunk'} ${persistenceId} to ${formatBytes(diskBytes)}`,
          });
        }),
      );
  };

export const registerVolumeGrow = registerResize('grow');
export const registerVolumeShrink = registerResize('shrink');
