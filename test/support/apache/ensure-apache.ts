// Fetches Apache Kafka and Connect into the clone's cache, once, by Maven and the pom beside this file.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The release that the recordings were made with and that the suites run on. */
export const apacheVersion = '4.3.1'

const MINIMUM_JAVA = 17
const here = dirname(fileURLToPath(import.meta.url))
const cacheFolder = join(here, '..', '..', '..', '.cache', 'apache')
const pomFile = join(here, 'pom.xml')

/** What is needed to start a class of Apache Kafka or Connect. */
export interface ApacheInstall {
  /** The Java launcher, 17 or newer. */
  readonly java: string
  /** Class path with everything in it: broker, tools, Connect, file connectors, a log binding. */
  readonly classPath: string
  /** The log4j2 configuration: everything to standard output. */
  readonly log4jConfig: string
}

interface Ran {
  readonly code: number | null
  readonly output: string
}

function run(command: string, args: readonly string[]): Promise<Ran> {
  return new Promise((resolve) => {
    // On Windows `mvn` is a batch file, which only a shell can start.
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' })
    const chunks: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.on('error', (error) => resolve({ code: null, output: error.message }))
    child.on('close', (code) => resolve({ code, output: Buffer.concat(chunks).toString('utf8') }))
  })
}

/** The major version that `java -version` prints, or null when there is no Java at that path. */
function javaMajor(printed: string): number | null {
  const found = /version "(\d+)(?:\.(\d+))?/.exec(printed)
  if (!found) return null
  return Number(found[1]) === 1 ? Number(found[2]) : Number(found[1])
}

async function findJava(): Promise<string> {
  const home = process.env['JAVA_HOME']
  const java = home ? join(home, 'bin', 'java') : 'java'
  const { code, output } = await run(java, ['-version'])
  const major = code === 0 ? javaMajor(output) : null
  const advice = `install a JDK ${MINIMUM_JAVA} or newer (Debian: apt-get install openjdk-17-jdk-headless maven) or point JAVA_HOME at one.`
  if (major === null) throw new Error(`Apache Kafka needs Java ${MINIMUM_JAVA}, and ${java} is not there: ${advice}`)
  if (major < MINIMUM_JAVA)
    throw new Error(`Apache Kafka needs Java ${MINIMUM_JAVA}, and ${java} is ${major}: ${advice}`)
  return java
}

async function copyJars(target: string): Promise<void> {
  const partial = `${target}.${process.pid}`
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true })
  const args = ['--batch-mode', '--quiet', '--file', pomFile, 'dependency:copy-dependencies']
  const { code, output } = await run('mvn', [...args, `-DoutputDirectory=${partial}`])
  if (code === null) {
    throw new Error('Apache Kafka is fetched by Maven, and mvn is not on the PATH (Debian: apt-get install maven).')
  }
  if (code !== 0) throw new Error(`Fetching Apache Kafka ${apacheVersion}: mvn ended with code ${code}.\n${output}`)
  // Renamed when complete, so that an interrupted fetch is never taken for a whole one.
  await rm(target, { recursive: true, force: true })
  await rename(partial, target)
}

/**
 * Makes sure that Java is there and that the jars of Apache Kafka and Connect are in `.cache/apache/` of the clone;
 * the first call downloads some 55 MB. Throws one sentence that says what to install when something is missing.
 */
export async function ensureApache(): Promise<ApacheInstall> {
  const java = await findJava()
  const wanted = createHash('sha256')
    .update(await readFile(pomFile))
    .digest('hex')
  const jars = join(cacheFolder, apacheVersion)
  const stamp = join(cacheFolder, `${apacheVersion}.sha256`)
  const isFresh = existsSync(jars) && existsSync(stamp) && (await readFile(stamp, 'utf8')) === wanted
  if (!isFresh) {
    await mkdir(cacheFolder, { recursive: true })
    await copyJars(jars)
    await writeFile(stamp, wanted)
  }
  return { java, classPath: join(jars, '*'), log4jConfig: join(here, 'log4j2.properties') }
}
