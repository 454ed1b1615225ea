import { quote } from '../supervision/command-script.js';
import { OVERLAY, type SpecOverlay } from './runtime-spec.js';

/**
 * What no file of an image may do: make more of who runs it than that is, or be a device. Images come from anybody; without this a program with
 * set-user-ID in one would make a task of any user the agent's root.
 */
export const IMAGE_FLAGS = ['nosuid', 'nodev'] as const;

/**
 * The script that mounts overlays and turns into the command that it is given. Pure.
 *
 * Names are relative to the place of each overlay: all options of a mount have to fit in a page, and a name of a layer is long.
 */
export function composeMountScript(overlays: readonly SpecOverlay[]): string {
  return ['#!/bin/sh', ...overlays.map(mountLine), 'exec "$@"', ''].join('\n');
}

function mountLine({ place, lower }: SpecOverlay): string {
  const { upper, work, merged } = OVERLAY;
  const options = `${IMAGE_FLAGS.join(',')},lowerdir=${lower.join(':')},upperdir=${upper},workdir=${work}`;
  return `(cd ${quote(place)} && mount -t overlay overlay -o ${options} ${merged}) || exit 1`;
}
