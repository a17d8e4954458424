// What bin/sluice.js runs: reads the arguments, runs one command, ends with its exit code.
import { runCommandLine } from './program.ts'

process.exitCode = await runCommandLine(process.argv.slice(2))
