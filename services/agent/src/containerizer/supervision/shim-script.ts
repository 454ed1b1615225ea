/**
 * The launch shell of the containerizers that need no OCI runtime. For each container it leaves a shell behind, the shim,
 * that waits for the container's first process and writes the exit file. The shim outlives the agent.
 *
 * The first process runs the file `enter` of the container's folder; it waits in there, reading the pipe `start`.
 *
 * Answers: `create ID PID`, where an empty PID means failure.
 */
export const SHIM_LAUNCHER_SCRIPT = `#!/bin/sh
# Written by Tranche at each start of the agent. Argument: HOME
home=$1

# A session of its own makes the container's processes known by their session; without setsid a process group must do.
if command -v setsid > /dev/null; then own_session=setsid; else own_session=; set -m; fi

shim() {
  cd "$home/containers/$1" && mkfifo start || { echo "create $1 "; exit 1; }
  stdin=/dev/null
  [ ! -e terminal ] || { mkfifo -m 600 input && stdin=input; }
  $own_session /bin/sh ./enter >> sandbox/stdout 2>> sandbox/stderr <> "$stdin" &
  echo "create $1 $!"
  # Lets go of the agent's pipe.
  exec > /dev/null 2>&1
  wait $!
  printf %s $? > "$home/exits/.$1"
  mv "$home/exits/.$1" "$home/exits/$1"
}

echo ready
while read -r verb id; do
  case $verb in
    create) (shim "$id") < /dev/null & ;;
  esac
  # Lets the shell reap the jobs that have ended.
  jobs > /dev/null
done
`;
