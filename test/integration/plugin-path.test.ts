import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startEmbeddedConnect } from '../support/embedded-connect.ts'
import { waitUntil } from '../support/wait-until.ts'

// What a package of somebody else's looks like when it is built: it needs nothing of ours at run time.
const module = `
const config = { fields: {}, openPrefixes: [] }
export default [{
  kind: 'source', name: 'hello-source', className: 'acme.HelloConnector', aliases: [], summary: 'Says hello.',
  config, taskConfig: config, taskClass: 'acme.HelloTask',
  taskConfigs: (own) => [own],
  startTask: () => {
    let said = false
    return { poll: async () => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      if (said) return null
      said = true
      return [{ topic: 'hello', sourcePartition: {}, sourceOffset: {}, value: 'hello' }]
    } }
  },
}]
`

test('a connector of another package runs, found by plugin.path; Java plugins there are named in a warning', async () => {
  const path = mkdtempSync(join(tmpdir(), 'plugin-path-'))
  const folder = join(path, 'hello')
  mkdirSync(folder)
  const connectors = { plugins: './plugins.js', manifest: './connect-plugins.json' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'hello', type: 'module', connect: connectors }))
  const entry = { kind: 'source', name: 'hello-source', className: 'acme.HelloConnector', aliases: [] }
  writeFileSync(
    join(folder, 'connect-plugins.json'),
    JSON.stringify({
      version: '9.8.7',
      plugins: [{ ...entry, summary: 'Says hello.', taskClass: 'acme.HelloTask', config: [] }],
    }),
  )
  writeFileSync(join(folder, 'plugins.js'), module)
  mkdirSync(join(path, 'java'))
  writeFileSync(join(path, 'java', 'connect-jdbc.jar'), '')
  const connect = await startEmbeddedConnect({ props: { 'plugin.path': path } })
  try {
    expect(connect.log.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual([
      expect.stringContaining('holds Java plugins (connect-jdbc.jar), which do not run here'),
    ])
    expect(await connect.worker.herder.connectorPlugins(true)).toContainEqual({
      class: 'acme.HelloConnector',
      type: 'source',
      version: '9.8.7',
    })
    await connect.create('hello', { 'connector.class': 'Hello' })
    await waitUntil(async () => (await connect.values('hello').catch(() => [])).length > 0, 'a hello')
    expect(await connect.values('hello')).toEqual(['hello'])
  } finally {
    await connect.stop()
    rmSync(path, { recursive: true })
  }
})
