// The requests whose answers are recorded from Apache Connect: the routes that every worker has had from the first
// version of Sluice, with good and bad input. In order; later ones build on the connectors that earlier ones made.
import type { RestExchange, RestRequest } from '../rest-exchange.ts'

/** A request to be recorded. */
export type RestQuestion = Pick<RestExchange, 'name' | 'request' | 'until'>

const json = { 'Content-Type': 'application/json' }

function ask(
  name: string,
  method: string,
  path: string,
  more: Partial<RestRequest> & { until?: string } = {},
): RestQuestion {
  const { until, ...rest } = more
  return { name, request: { method, path, ...rest }, ...(until === undefined ? {} : { until }) }
}

function get(name: string, path: string, until?: string): RestQuestion {
  return ask(name, 'GET', path, until === undefined ? {} : { until })
}

/** A POST /connectors or PUT …/config with a JSON body: a value, or text to be sent as it is. */
function send(name: string, method: 'POST' | 'PUT', path: string, body: unknown): RestQuestion {
  return ask(name, method, path, { headers: json, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

function create(name: string, body: unknown): RestQuestion {
  return send(name, 'POST', '/connectors', body)
}

const fileSource = { 'connector.class': 'FileStreamSource', file: '{dir}/in.txt', topic: 'lines' }
// Without the folder of the run, whose length would move the columns that errors name.
const plainSource = { ...fileSource, file: 'x' }
const fileSink = { 'connector.class': 'FileStreamSink', file: '{dir}/out.txt', topics: 'lines' }

const emptyWorker: readonly RestQuestion[] = [
  get('server info', '/'),
  get('health', '/health', 'healthy'),
  get('no connectors', '/connectors'),
  get('no connectors, trailing slash', '/connectors/'),
  get('no connectors, expanded', '/connectors?expand=status'),
  get('plugins', '/connector-plugins'),
  get('plugins, trailing slash', '/connector-plugins/'),
  get('plugins, connectorsOnly empty', '/connector-plugins?connectorsOnly='),
  get('plugins, connectorsOnly=TRUE', '/connector-plugins?connectorsOnly=TRUE'),
  get('all plugins', '/connector-plugins?connectorsOnly=false'),
]

const creation: readonly RestQuestion[] = [
  create('create a source', { name: 'source', config: fileSource }),
  get('source is running', '/connectors/source/status', '"tasks":\\[\\{[^\\]]*RUNNING'),
  get('info of a running source', '/connectors/source'),
  get('info, trailing slash', '/connectors/source/'),
  get('info, matrix parameters', '/connectors;a=b/source;c=d'),
  get('config', '/connectors/source/config'),
  get('tasks', '/connectors/source/tasks'),
  get('task status', '/connectors/source/tasks/0/status'),
  create('create one that exists', { name: 'source', config: fileSource }),
  create('create one that exists, invalid', { name: 'source', config: { 'connector.class': 'FileStreamSource' } }),
  create('create a sink', { name: 'sink', config: { ...fileSink, 'tasks.max': '2' } }),
  get('sink is running', '/connectors/sink/status', 'RUNNING.*RUNNING.*RUNNING'),
  get('info of a running sink', '/connectors/sink'),
  get('tasks of a sink', '/connectors/sink/tasks'),
  get('status of the second task', '/connectors/sink/tasks/1/status'),
  get('status of a task that is not there', '/connectors/sink/tasks/7/status'),
  get('status of a negative task', '/connectors/sink/tasks/-1/status'),
  get('status of a task that is no number', '/connectors/sink/tasks/x/status'),
  create('create by the full class name, more keys', {
    name: 'full',
    config: {
      name: 'full',
      'connector.class': 'org.apache.kafka.connect.file.FileStreamSourceConnector',
      file: '{dir}/in.txt',
      topic: 'lines',
      'tasks.max': 3,
      'batch.size': 10,
      'unknown.key': true,
      empty: '',
    },
  }),
  get('numbers and booleans became text', '/connectors/full/config'),
  get('one task for one file', '/connectors/full/status', '"tasks":\\[\\{[^\\]]*RUNNING'),
  create(
    'numbers keep their spelling',
    '{"name":"numbers","config":{"connector.class":"FileStreamSource","topic":"lines","file":"x","a":1.0,"b":1e3,"c":12345678901234567890,"d":false}}',
  ),
  create('name is trimmed', { name: '  trimmed ', config: fileSource }),
  get('trimmed name', '/connectors/trimmed/config'),
  create('name with non-ASCII letters and a blank', { name: 'größe 大', config: fileSource }),
  get('encoded name', '/connectors/gr%C3%B6%C3%9Fe%20%E5%A4%A7/config'),
  create('null value in the config', { name: 'nulls', config: { ...fileSource, note: null } }),
  get('config with a null value', '/connectors/nulls/config'),
  create('initial state STOPPED', { name: 'stopped', config: fileSource, initial_state: 'STOPPED' }),
  get('status when created stopped', '/connectors/stopped/status', 'STOPPED'),
  get('info when created stopped', '/connectors/stopped'),
  get('tasks when created stopped', '/connectors/stopped/tasks'),
  create('initial state paused in lower case', { name: 'paused', config: fileSource, initial_state: 'paused' }),
  get('status when created paused', '/connectors/paused/status', 'PAUSED'),
  create('initial state RUNNING', { name: 'running', config: fileSource, initial_state: 'RUNNING' }),
  create('initial state null', { name: 'nullstate', config: fileSource, initial_state: null }),
  create('task that fails', { name: 'failing', config: { ...fileSink, file: '{dir}/no-such-folder/out.txt' } }),
  get('status of a failed task', '/connectors/failing/status', 'FAILED'),
  get('task status of a failed task', '/connectors/failing/tasks/0/status', 'FAILED'),
]

const badCreation: readonly RestQuestion[] = [
  create('create without a class', { name: 'bad', config: { file: 'x', topic: 'y' } }),
  create('create with an empty class', { name: 'bad', config: { 'connector.class': '', topic: 'y' } }),
  create('create with an unknown class', {
    name: 'bad',
    config: { 'connector.class': 'org.example.Nowhere', topic: 'y' },
  }),
  create('create with a class that is no connector', {
    name: 'bad',
    config: { 'connector.class': 'org.apache.kafka.connect.json.JsonConverter', topic: 'y' },
  }),
  create('create without the topic', { name: 'bad', config: { 'connector.class': 'FileStreamSource', file: 'x' } }),
  create('create with an empty topic', {
    name: 'bad',
    config: { 'connector.class': 'FileStreamSource', file: 'x', topic: '' },
  }),
  create('create with three errors', {
    name: 'bad',
    config: { 'connector.class': 'FileStreamSource', 'tasks.max': '0', 'batch.size': 'many' },
  }),
  create('create a sink without topics', { name: 'bad', config: { 'connector.class': 'FileStreamSink', file: 'x' } }),
  create('create a sink with topics and a pattern', {
    name: 'bad',
    config: { 'connector.class': 'FileStreamSink', file: 'x', topics: 'a', 'topics.regex': 'b' },
  }),
  create('create with an unknown converter', {
    name: 'bad',
    config: { ...plainSource, 'value.converter': 'org.example.Nowhere' },
  }),
  create('create with an unknown transform', {
    name: 'bad',
    config: { ...plainSource, transforms: 't', 'transforms.t.type': 'org.example.Nowhere' },
  }),
  create('create with a transform without a type', { name: 'bad', config: { ...plainSource, transforms: 't' } }),
  create('create with a transform without its key', {
    name: 'bad',
    config: {
      ...plainSource,
      transforms: 't',
      'transforms.t.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
    },
  }),
  create('create with a bad errors.tolerance', { name: 'bad', config: { ...plainSource, 'errors.tolerance': 'some' } }),
  create('create without a name', { config: plainSource }),
  create('create with an empty name', { name: '', config: plainSource }),
  create('create with a null name', { name: null, config: plainSource }),
  create('create with a control character in the name', { name: 'a\u0001b', config: plainSource }),
  create('create with another name in the config', { name: 'bad', config: { ...plainSource, name: 'other' } }),
  create('create without a config', { name: 'bad' }),
  create('create with a null config', { name: 'bad', config: null }),
  create('create with an empty config', { name: 'bad', config: {} }),
  create('create with a config that is a list', { name: 'bad', config: [] }),
  create('create with a nested value', { name: 'bad', config: { ...plainSource, nested: { a: 1 } } }),
  create('create with a list value', { name: 'bad', config: { ...plainSource, nested: ['a'] } }),
  create('create with an unknown property', { name: 'bad', config: plainSource, colour: 'red' }),
  create('create with a bad initial state', { name: 'bad', config: plainSource, initial_state: 'SLEEPING' }),
  create('create with an empty body', ''),
  create('create with a null body', 'null'),
  create('create with a list', '[]'),
  create('create with text', '"text"'),
  create('create with malformed JSON', '{"name":"bad",'),
  create('create with no JSON at all', 'name=bad'),
  create('create with a misplaced bracket', '{"name":"bad","config":{"topic":"y"]}'),
]

const mediaTypes: readonly RestQuestion[] = [
  ask('create as text/plain', 'POST', '/connectors', { headers: { 'Content-Type': 'text/plain' }, body: '{}' }),
  ask('create as a form', 'POST', '/connectors', {
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    body: '{}',
  }),
  ask('create without a content type', 'POST', '/connectors', {
    body: JSON.stringify({ name: 'typeless', config: fileSource }),
  }),
  ask('create as JSON with a charset', 'POST', '/connectors', {
    headers: { 'Content-Type': 'application/json; charset=utf-8' },
    body: JSON.stringify({ name: 'charset', config: fileSource }),
  }),
  ask('create without body or content type', 'POST', '/connectors'),
  ask('create with a content type that is none', 'POST', '/connectors', {
    headers: { 'Content-Type': 'json' },
    body: '{}',
  }),
  ask('put a config as text/plain', 'PUT', '/connectors/source/config', {
    headers: { 'Content-Type': 'text/plain' },
    body: '{}',
  }),
  ask('read with the content type text/plain', 'GET', '/connectors', { headers: { 'Content-Type': 'text/plain' } }),
  ask('delete with the content type text/plain', 'DELETE', '/connectors/nobody', {
    headers: { 'Content-Type': 'text/plain' },
  }),
  ...[
    '*/*',
    'application/*',
    'application/json',
    'text/html',
    'text/plain, application/json;q=0.5',
    'application/json;q=0',
    '',
    'application/json; charset=utf-8',
    'application/xml',
    'nonsense',
  ].map((accept) => ask(`read accepting "${accept}"`, 'GET', '/', { headers: { Accept: accept } })),
  ask('health accepting text/html', 'GET', '/health', { headers: { Accept: 'text/html' } }),
  ask('unknown connector accepting text/html', 'GET', '/connectors/nobody', { headers: { Accept: 'text/html' } }),
  ask('unknown path accepting text/html', 'GET', '/nowhere', { headers: { Accept: 'text/html' } }),
  ask('create accepting text/html', 'POST', '/connectors', { headers: { ...json, Accept: 'text/html' }, body: '{}' }),
]

const update: readonly RestQuestion[] = [
  send('put a new connector', 'PUT', '/connectors/put/config', fileSource),
  get('put connector runs', '/connectors/put/status', '"tasks":\\[\\{[^\\]]*RUNNING'),
  send('put a changed config', 'PUT', '/connectors/put/config', { ...fileSource, 'batch.size': '7' }),
  get('changed config', '/connectors/put/config'),
  send('put the same config', 'PUT', '/connectors/put/config', { ...fileSource, 'batch.size': '7' }),
  get('changed connector runs', '/connectors/put/status', '"tasks":\\[\\{[^\\]]*RUNNING'),
  get('tasks after the change', '/connectors/put/tasks'),
  send('put with the name in the config', 'PUT', '/connectors/put/config', { ...fileSource, name: 'put' }),
  send('put with another name in the config', 'PUT', '/connectors/put/config', { ...fileSource, name: 'other' }),
  send('put with a null name in the config', 'PUT', '/connectors/put-null/config', { ...fileSource, name: null }),
  send('put an invalid config', 'PUT', '/connectors/put/config', { 'connector.class': 'FileStreamSource', file: 'x' }),
  send('put without a class', 'PUT', '/connectors/put/config', { file: 'x' }),
  send('put an unknown class', 'PUT', '/connectors/put/config', { 'connector.class': 'org.example.Nowhere' }),
  send('put an empty object', 'PUT', '/connectors/put/config', {}),
  send('put an empty body', 'PUT', '/connectors/put/config', ''),
  send('put null', 'PUT', '/connectors/put/config', 'null'),
  send('put a list', 'PUT', '/connectors/put/config', '[]'),
  send('put a nested value', 'PUT', '/connectors/put/config', { ...plainSource, nested: {} }),
  send('put malformed JSON', 'PUT', '/connectors/put/config', '{"topic":'),
  send('put to a name with blanks', 'PUT', '/connectors/%20x%20/config', fileSource),
  get('name with blanks', '/connectors/%20x%20/config'),
  get('config after refused changes', '/connectors/put/config'),
]

const notThere: readonly RestQuestion[] = [
  get('unknown connector', '/connectors/nobody'),
  get('unknown connector, config', '/connectors/nobody/config'),
  get('unknown connector, status', '/connectors/nobody/status'),
  get('unknown connector, tasks', '/connectors/nobody/tasks'),
  get('unknown connector, task status', '/connectors/nobody/tasks/0/status'),
  ask('unknown connector, delete', 'DELETE', '/connectors/nobody'),
  get('unknown path', '/nowhere'),
  get('unknown path below a connector', '/connectors/source/nowhere'),
  get('path that is gone', '/connectors/source/tasks-config'),
  get('a task without its status', '/connectors/source/tasks/0'),
  ask('unknown path, POST', 'POST', '/nowhere', { headers: json, body: '{}' }),
  ask('unknown path, DELETE', 'DELETE', '/nowhere'),
  ask('unknown path, OPTIONS', 'OPTIONS', '/nowhere'),
  ask('unknown path, HEAD', 'HEAD', '/nowhere'),
  get('unknown path with a query', '/nowhere?a=b'),
  get('path in capitals', '/Connectors'),
  get('double slash', '//connectors'),
  get('escaped slash in a name', '/connectors/a%2Fb'),
  get('escaped percent in a name', '/connectors/a%25b'),
  get('bad escape in a name', '/connectors/a%zz'),
]

const methods: readonly RestQuestion[] = [
  ...(
    [
      ['/', ['POST', 'DELETE']],
      ['/health', ['POST', 'PUT']],
      ['/connectors', ['PUT', 'DELETE', 'PATCH']],
      ['/connectors/source', ['POST', 'PUT', 'PATCH']],
      ['/connectors/source/config', ['POST', 'DELETE']],
      ['/connectors/source/status', ['POST', 'PUT', 'DELETE']],
      ['/connectors/source/tasks', ['PUT', 'DELETE']],
      ['/connectors/source/tasks/0/status', ['POST', 'DELETE']],
      ['/connector-plugins', ['POST', 'DELETE']],
    ] as const
  ).flatMap(([path, refused]) => [
    ...refused.map((method) => ask(`${method} ${path}`, method, path, { headers: json })),
    ask(`OPTIONS ${path}`, 'OPTIONS', path),
    ask(`HEAD ${path}`, 'HEAD', path),
  ]),
  ask('wrong method with a wrong content type', 'DELETE', '/connectors', { headers: { 'Content-Type': 'text/plain' } }),
  ask('wrong method on an unknown connector', 'POST', '/connectors/nobody/status', { headers: json }),
  ask('HEAD of an unknown connector', 'HEAD', '/connectors/nobody'),
  ask('OPTIONS of an unknown connector', 'OPTIONS', '/connectors/nobody'),
]

const listing: readonly RestQuestion[] = [
  get('list of all', '/connectors'),
  get('list with an unknown expansion', '/connectors?expand=colour'),
]

const deletion: readonly RestQuestion[] = [
  ...[
    'source',
    'full',
    'trimmed',
    'gr%C3%B6%C3%9Fe%20%E5%A4%A7',
    'nulls',
    'stopped',
    'paused',
    'running',
    'nullstate',
    'numbers',
    'failing',
    'charset',
    '%20x%20',
    'put-null',
  ].map((name) => ask(`delete ${name}`, 'DELETE', `/connectors/${name}`)),
  ask('delete again', 'DELETE', '/connectors/source'),
  get('deleted connector', '/connectors/source'),
  get('status of a deleted connector', '/connectors/source/status', '404'),
  get('list with status and info', '/connectors?expand=status&expand=info', 'RUNNING.*RUNNING.*RUNNING'),
  get('list with info', '/connectors?expand=info'),
  ask('delete with a trailing slash', 'DELETE', '/connectors/put/'),
  ask('delete the sink', 'DELETE', '/connectors/sink'),
  create('create one again', { name: 'source', config: fileSource }),
  ask('delete it again', 'DELETE', '/connectors/source'),
  get('nothing left', '/connectors'),
]

/** All of them, in the order in which they are sent. */
export const restQuestions: readonly RestQuestion[] = [
  ...emptyWorker,
  ...creation,
  ...badCreation,
  ...mediaTypes,
  ...update,
  ...notThere,
  ...methods,
  ...listing,
  ...deletion,
]
