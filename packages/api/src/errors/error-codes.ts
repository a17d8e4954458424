/** What a code means, once for REST, the command line and the docs. */
export interface ErrorCodeFacts {
  /** HTTP status of the REST answer. Where Connect defines one, it is Connect's. */
  readonly status: number
  /** Exit code of the command line: 1 at run time, 2 validation, 3 environment. */
  readonly exitCode: 0 | 1 | 2 | 3
  /** Why it happens, in one sentence. */
  readonly cause: string
  /** What to do about it, in one sentence. */
  readonly remedy: string
}

/** Every code that an error of Sluice can carry. A code is a promise: it is never renamed or given another meaning. */
export type ErrorCode =
  | 'BROKER_LOST'
  | 'BROKER_START_REFUSED'
  | 'CONNECT_CONFIG_INVALID'
  | 'CONNECT_CONNECTOR_EXISTS'
  | 'CONNECT_CONNECTOR_NOT_FOUND'
  | 'CONNECT_ERROR'
  | 'CONNECT_HOST_LOST'
  | 'CONNECT_PLUGIN_NOT_FOUND'
  | 'CONNECT_PORT_IN_USE'
  | 'CONNECT_REQUEST_INVALID'
  | 'CONNECT_TASK_NOT_FOUND'
  | 'CONNECT_WORKER_STOPPING'
  | 'DATA_INVALID'
  | 'DEV_ALREADY_RUNNING'
  | 'FILE_UNREADABLE'
  | 'FILE_UNWRITABLE'
  | 'INTERNAL'
  | 'KAFKA_REFUSED'
  | 'KAFKA_UNREACHABLE'
  | 'REST_BODY_UNREADABLE'
  | 'REST_PATH_NOT_FOUND'
  | 'REST_REQUEST_REFUSED'
  | 'REST_REQUEST_TIMED_OUT'
  | 'RETRIABLE'
  | 'SCHEMA_INVALID'
  | 'WORKER_UNREACHABLE'

/** The catalogue: REST statuses, exit codes and the reference page of errors are read from it. */
export const errorCodes: Readonly<Record<ErrorCode, ErrorCodeFacts>> = {
  BROKER_LOST: {
    status: 500,
    exitCode: 3,
    cause: 'The embedded broker ended while "sluice dev" ran.',
    remedy: 'Start "sluice dev" again: records and offsets are kept.',
  },
  BROKER_START_REFUSED: {
    status: 500,
    exitCode: 3,
    cause: 'The embedded broker did not start.',
    remedy: 'Read the reason in the message; most often its port or its data folder is in use.',
  },
  CONNECT_CONFIG_INVALID: {
    status: 400,
    exitCode: 2,
    cause: 'A config has keys or values that cannot be used.',
    remedy: 'Change the keys that the message names.',
  },
  CONNECT_CONNECTOR_EXISTS: {
    status: 409,
    exitCode: 1,
    cause: 'A connector of this name exists already.',
    remedy: 'Choose another name, or change the existing connector with PUT /connectors/NAME/config.',
  },
  CONNECT_CONNECTOR_NOT_FOUND: {
    status: 404,
    exitCode: 1,
    cause: 'No connector of this name exists on the worker.',
    remedy: 'List the connectors with GET /connectors or "sluice connectors list".',
  },
  CONNECT_ERROR: {
    status: 500,
    exitCode: 1,
    cause: 'A connector, converter or transform, or the worker for it, gave up.',
    remedy: 'Read the message and the trace in the status of the task, then restart the task.',
  },
  CONNECT_HOST_LOST: {
    status: 500,
    exitCode: 1,
    cause: 'The process that ran the task ended or stopped answering.',
    remedy: 'Read the log of the worker for the reason; the task starts again from its last commit.',
  },
  CONNECT_PLUGIN_NOT_FOUND: {
    status: 400,
    exitCode: 2,
    cause: 'A class or name in a config stands for no plugin of this worker.',
    remedy: 'List the plugins with GET /connector-plugins, and check plugin.path of the worker.',
  },
  CONNECT_PORT_IN_USE: {
    status: 500,
    exitCode: 3,
    cause: 'Another process listens on the port.',
    remedy: 'End that process, or choose another port.',
  },
  CONNECT_REQUEST_INVALID: {
    status: 400,
    exitCode: 2,
    cause: 'A request contradicts itself or lacks something.',
    remedy: 'Correct the request as the message says.',
  },
  CONNECT_TASK_NOT_FOUND: {
    status: 404,
    exitCode: 1,
    cause: 'The connector has no task of this number.',
    remedy: 'List the tasks with GET /connectors/NAME/tasks.',
  },
  CONNECT_WORKER_STOPPING: {
    status: 500,
    exitCode: 1,
    cause: 'The worker is stopping and takes no more requests.',
    remedy: 'Ask again once it has been started.',
  },
  DATA_INVALID: {
    status: 500,
    exitCode: 1,
    cause: 'A record does not fit its schema, its converter or its target.',
    remedy: 'Correct the record at its source, or let errors.tolerance and a dead letter queue take such records.',
  },
  DEV_ALREADY_RUNNING: {
    status: 500,
    exitCode: 3,
    cause: 'Another "sluice dev" uses this folder.',
    remedy: 'Use the one that runs, or start in another folder.',
  },
  FILE_UNREADABLE: {
    status: 500,
    exitCode: 2,
    cause: 'A file could not be read.',
    remedy: 'Check its path and its permissions.',
  },
  FILE_UNWRITABLE: {
    status: 500,
    exitCode: 3,
    cause: 'A file could not be written.',
    remedy: 'Check its folder, its permissions and the space on the disk.',
  },
  INTERNAL: {
    status: 500,
    exitCode: 1,
    cause: 'Something happened that Sluice does not expect.',
    remedy: 'Report it with the message and the trace.',
  },
  KAFKA_REFUSED: {
    status: 500,
    exitCode: 1,
    cause: 'Kafka answered with an error.',
    remedy: 'Look up the error name in the message; the broker log says more.',
  },
  KAFKA_UNREACHABLE: {
    status: 500,
    exitCode: 3,
    cause: 'No broker of bootstrap.servers could be reached.',
    remedy: 'Start the broker, or correct bootstrap.servers.',
  },
  REST_BODY_UNREADABLE: {
    status: 500,
    exitCode: 2,
    cause: 'The body of a request is not the JSON that the path takes; Connect answers such bodies with 500.',
    remedy: 'Send the JSON that the reference of the path shows.',
  },
  REST_PATH_NOT_FOUND: {
    status: 404,
    exitCode: 1,
    cause: 'The REST API has no such path.',
    remedy: 'Compare the path with the reference of the REST API.',
  },
  REST_REQUEST_REFUSED: {
    status: 500,
    exitCode: 1,
    cause: 'The worker answered a request with an error.',
    remedy: 'Do what the message of the worker says.',
  },
  REST_REQUEST_TIMED_OUT: {
    status: 500,
    exitCode: 1,
    cause: 'The worker did not finish a request in time.',
    remedy: 'Ask again; if it stays so, read the log of the worker.',
  },
  RETRIABLE: {
    status: 500,
    exitCode: 1,
    cause: 'A call could not be done now and may succeed later.',
    remedy: 'Wait: it is called again. If it stays so, look at the system that the message names.',
  },
  SCHEMA_INVALID: {
    status: 500,
    exitCode: 1,
    cause: 'A schema is built from parts that contradict each other.',
    remedy: 'Correct the calls of SchemaBuilder that the message names.',
  },
  WORKER_UNREACHABLE: {
    status: 500,
    exitCode: 3,
    cause: 'No worker answers at the address.',
    remedy: 'Start one with "sluice dev" or "sluice standalone", or name another address with --url.',
  },
}
