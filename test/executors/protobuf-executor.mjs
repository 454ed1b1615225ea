// An executor that speaks protobuf, with a codec that is not this project's: field numbers as in mesos/v1/executor/executor.proto.
import protobuf from 'protobufjs';
import { runExecutor } from './executor.mjs';

const { root } = protobuf.parse(
  `syntax = "proto2";
   message Id { required string value = 1; }
   message ContainerId { required string value = 1; optional ContainerId parent = 2; }
   enum State { TASK_STAGING = 6; TASK_STARTING = 0; TASK_RUNNING = 1; TASK_FINISHED = 2; TASK_FAILED = 3; TASK_KILLED = 4; }
   enum Source { SOURCE_MASTER = 0; SOURCE_AGENT = 1; SOURCE_EXECUTOR = 2; }
   message TaskInfo { required string name = 1; required Id task_id = 2; required Id agent_id = 3; }
   message TaskStatus { required Id task_id = 1; required State state = 2; optional Id agent_id = 5; optional double timestamp = 6;
     optional Id executor_id = 7; optional Source source = 9; optional bytes uuid = 11; }
   message Call {
     enum Type { UNKNOWN = 0; SUBSCRIBE = 1; UPDATE = 2; MESSAGE = 3; HEARTBEAT = 4; }
     message Update { required TaskStatus status = 1; }
     message Subscribe { repeated TaskInfo unacknowledged_tasks = 1; repeated Update unacknowledged_updates = 2; }
     message Message { required bytes data = 2; }
     required Id executor_id = 1; required Id framework_id = 2; optional Type type = 3;
     optional Subscribe subscribe = 4; optional Update update = 5; optional Message message = 6;
   }
   message Event {
     enum Type { UNKNOWN = 0; SUBSCRIBED = 1; LAUNCH = 2; LAUNCH_GROUP = 8; KILL = 3; ACKNOWLEDGED = 4; MESSAGE = 5; ERROR = 6;
       SHUTDOWN = 7; HEARTBEAT = 9; }
     message Subscribed { optional ContainerId container_id = 4; }
     message Launch { required TaskInfo task = 1; }
     message TaskGroup { repeated TaskInfo tasks = 1; }
     message LaunchGroup { required TaskGroup task_group = 1; }
     message Kill { required Id task_id = 1; }
     message Acknowledged { required Id task_id = 1; required bytes uuid = 2; }
     message Message { required bytes data = 1; }
     optional Type type = 1; optional Subscribed subscribed = 2; optional Acknowledged acknowledged = 3; optional Launch launch = 4;
     optional LaunchGroup launch_group = 8; optional Kill kill = 5; optional Message message = 6;
   }`,
  { keepCase: true },
);
const Call = root.lookupType('Call');
const Event = root.lookupType('Event');

runExecutor({
  type: 'application/x-protobuf',
  encode: (call) => Buffer.from(Call.encode(Call.fromObject(call)).finish()),
  decode: (record) => Event.toObject(Event.decode(record), { enums: String, bytes: String, arrays: true }),
});
