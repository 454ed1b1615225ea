/**
 * The launch shell of the OCI containerizer. It runs in a mount namespace of its own, in which
 *
 * - the host's root is bound on ROOTFS: the root file system of containers without an image (`/` itself cannot be one);
 * - the runtime is bound read-only on SEALED. A runtime protects its own binary against the containers that it makes, by
 *   running from a copy or a read-only bind that it makes anew each time, at the price of a second exec; one bind of the
 *   same kind here serves all;
 * - optionally, ANCHOR, a cgroup2 folder without controllers, is bound over the cgroup2 mount UNIFIED: crun refuses
 *   hybrid cgroups only if it sees controllers in the v2 tree.
 *
 * None of these mounts is seen by the host, and all go with the last process of the namespace. So do those of a container's image: its
 * supervisor runs in a namespace of its own, in which `mounts`, a script in the container's folder, has laid the layers over one another.
 *
 * Answers: `create ID PID`, where an empty PID means failure and the runtime's words are in the sandbox's stderr;
 * `start ID STATUS`.
 */
export const LAUNCHER_SCRIPT = `#!/bin/sh
# Written by Tranche at each start of the agent. Arguments: HOME RUNTIME SEALED CONMON [UNIFIED ANCHOR]
set -e
home=$1 runtime=$2 sealed=$3 conmon=$4
[ -z "$5" ] || mount --bind "$6" "$5"
mount --rbind / "$home/rootfs"
mount --make-rslave "$home/rootfs"
mkdir -p "$home/bin"
: >> "$sealed"
mount --bind "$runtime" "$sealed"
mount -o remount,bind,ro "$sealed"
set +e

create() {
  cd "$home/containers/$1" || { echo "create $1 "; return; }
  stdin=/dev/null
  [ ! -e terminal ] || { mkfifo -m 600 input && stdin=input; }
  mounting=
  [ ! -e mounts ] || mounting='unshare --mount --propagation slave /bin/sh ./mounts'
  $mounting "$conmon" --api-version 1 -c "$1" -u "$1" -n "$1" -r "$sealed" -b "$PWD" -p "$PWD/pid" -l passthrough \\
    --exit-dir "$home/exits" --log-level error --runtime-arg="--root=$home/state" \\
    3>&1 >> sandbox/stdout 2>> sandbox/stderr <> "$stdin" |
    { read -r answer; echo "create $1 $answer"; } &
  cd /
}

start() {
  { "$sealed" --root "$home/state" start "$1" 2> "$home/containers/$1/start.log" < /dev/null; echo "start $1 $?"; } &
}

echo ready
while read -r verb id; do
  case $verb in
    create) create "$id" ;;
    start) start "$id" ;;
  esac
  # Lets the shell reap the jobs that have ended.
  jobs > /dev/null
done
`;

/** The environment of the launch shell, and so of conmon and the runtime. Nothing of it reaches a container. */
export function launcherEnvironment(searchPath: string): Record<string, string> {
  return {
    PATH: searchPath,
    // conmon reports the container's pid on this descriptor.
    _OCI_SYNCPIPE: '3',
    // Tells crun and runc that they run from a binary that no container can write to; they check that it is read-only.
    _LIBCONTAINER_CLONED_BINARY: '1',
  };
}
