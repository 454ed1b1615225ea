import type { VolumeView } from '@tranche/contracts';
import { UsageError } from '../../cli.errors.js';
import { action, type Register } from '../../command-action.js';
import { ALL_MATCHING, type AllMatchingFlag } from '../../targets/choose-targets.js';
import { formatBytes, parseSizeMb } from '../../values/size.js';
import { type AgentChange, changeAgents } from '../reservation/agent-operation.js';
import { chooseVolumes, volumeText } from './choose-volumes.js';
import { BYTES_PER_MB } from './create.js';

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
      .option(...ALL_MATCHING)
      .action(
        action<AllMatchingFlag>(cli, async (context, [text = '', size = ''], flags) => {
          const diskBytes = parseSizeMb(size, 'SIZE') * BYTES_PER_MB;
          const change: AgentChange<VolumeView> = {
            kind: 'volume',
            nameOf: volumeText,
            ask: (target) => {
              refuseOtherWay(verb, target, diskBytes, size);
              return { method: 'PATCH', path: `/v1/volumes/${target.id}`, body: { diskBytes } };
            },
            question: (what) => `${verb} ${what} to ${formatBytes(diskBytes)}?`,
            done: (target) =>
              `${verb === 'grow' ? 'grown' : 'shrunk'} ${volumeText(target)} to ${formatBytes(diskBytes)}`,
          };
          return changeAgents(context, await chooseVolumes(context, text, flags), change, flags);
        }),
      );
  };

/** @throws UsageError when the volume has the size, or would change the other way */
function refuseOtherWay(
  verb: 'grow' | 'shrink',
  { id, diskBytes: has }: VolumeView,
  bytes: number,
  size: string,
): void {
  if (verb === 'grow' ? bytes > has : bytes < has) return;
  const other = verb === 'grow' ? 'shrink' : 'grow';
  throw new UsageError(`volume ${verb}: it has ${formatBytes(has)}, ${size} does not ${verb} it`, [
    `the other way: tranche volume ${other} ${id} ${size}`,
  ]);
}

export const registerVolumeGrow = registerResize('grow');
export const registerVolumeShrink = registerResize('shrink');
