// Starts a class of Apache Kafka or Connect in a JVM of its own.
import { readFile } from 'node:fs/promises'
import { endOfLog, startLogged } from '../logged-process.ts'
import type { LoggedProcess } from '../logged-process.ts'
import type { ApacheInstall } from './ensure-apache.ts'

/** How a JVM is started. */
export interface JavaProcessOptions {
  readonly install: ApacheInstall
  readonly mainClass: string
  readonly args: readonly string[]
  /** Bound of the Java heap in MiB. */
  readonly heapMb: number
  /** More options for the JVM. */
  readonly jvm?: readonly string[]
  readonly logFile: string
  /** Name for messages, for example `the Apache broker`. */
  readonly name: string
}

/** Starts a JVM. Returns at once; whoever needs it ready waits for a condition. */
export function startJava(options: JavaProcessOptions): LoggedProcess {
  const { install, logFile, name } = options
  const args = [
    `-Xmx${options.heapMb}m`,
    `-Dlog4j2.configurationFile=${install.log4jConfig}`,
    '-Djava.awt.headless=true',
    '-Dfile.encoding=UTF-8',
    '-Duser.timezone=UTC',
    ...(options.jvm ?? []),
    '-cp',
    install.classPath,
    options.mainClass,
    ...options.args,
  ]
  return startLogged({ name, command: install.java, args, logFile })
}

/** Runs a JVM to its end and returns what it printed; throws with that when it failed. */
export async function runJava(options: JavaProcessOptions): Promise<string> {
  const code = await startJava(options).ended
  if (code !== 0) throw new Error(`${options.name} ended with code ${code}\n${await endOfLog(options.logFile)}`)
  return readFile(options.logFile, 'utf8')
}
