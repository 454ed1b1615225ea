import type { AgentCall, ApiRefusal } from '@tranche/mesos-api';
import type { ContainerRequest, LaunchContainer } from '../../containers/launch-container.js';
import { type ContainerScene, containerNamed } from './container-answers.js';

/** `accepted`: a container of that name is there already. */
export type LaunchAnswer =
  | { readonly kind: 'done' }
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly refusal: ApiRefusal };

/** Answers LAUNCH_CONTAINER and LAUNCH_NESTED_CONTAINER. @source operator API §5; recorded agent answers */
export async function launchContainer(
  member: 'launch_container' | 'launch_nested_container',
  call: AgentCall,
  scene: ContainerScene & { readonly launcher: LaunchContainer },
): Promise<LaunchAnswer> {
  const asked = call[member];
  if (asked === undefined) return { kind: 'done' };
  const { container_id: id, command = {}, container } = asked;
  if (command.value === undefined) {
    return {
      kind: 'refused',
      refusal: { kind: 'bad-request', message: `Expecting '${member}.command.value' to be present` },
    };
  }
  const known = containerNamed(id, scene);
  if (known?.kind === 'task' || (known?.kind === 'session' && !known.session.isOver)) return { kind: 'accepted' };
  const { resources, limits } = 'resources' in asked || 'limits' in asked ? asked : {};
  const request: ContainerRequest = {
    ...{ id, command },
    ...(container && { container }),
    ...(resources && { resources }),
    ...(limits && { limits }),
  };
  const launched = await scene.launcher.launch(request);
  if (launched.ok) return { kind: launched.isNew ? 'done' : 'accepted' };
  const { reason, message } = launched;
  return { kind: 'refused', refusal: { kind: reason === 'unable' ? 'unavailable' : 'bad-request', message } };
}
