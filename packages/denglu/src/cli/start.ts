import { setTimeout } from "node:timers/promises"
import { createLogin } from "../create-login.ts"
import { DengluError } from "../errors.ts"
import { describeError } from "../log.ts"
import type { Login } from "../running-login.ts"
import { checkServerSettings, type Problem, type ServerSettings } from "./check-settings.ts"
import { CliError } from "./cli-error.ts"
import type { Invocation } from "./command.ts"
import { type DrainTimes, serve } from "./serve.ts"
import { createServerLog } from "./server-log.ts"
import { readSettings } from "./settings.ts"
import { stopSignal } from "./stop-signal.ts"
import type { Terminal } from "./terminal.ts"

/** When the server is told to stop. Exported for the stories that replace instances. */
export const drain: DrainTimes = { notice: 1_000, linger: 1_000, atMost: 10_000 }

/** `denglu start`: the login server, until it is told to stop. */
export async function runStart(invocation: Invocation): Promise<number> {
  const { terminal, env } = invocation
  const settings = checkServerSettings(await readSettings(invocation), env)
  if (isProblems(settings)) {
    tellProblems(terminal, settings)
    return 1
  }
  const log = createServerLog(settings.logLevel)
  // Before anything is opened: as process 1 of a container a signal that nobody waits for is lost.
  const stop = stopSignal()
  const login = await openPatiently(settings, log, stop)
  if (login === undefined) return 0
  const serving = await serve({
    login,
    port: settings.port,
    host: settings.host,
    portHint: "--port 3010, PORT=3010",
  })
  for (const fatal of ["uncaughtException", "unhandledRejection"] as const)
    process.on(fatal, error => {
      log.error({ error: describeError(error) }, "the server failed unexpectedly and ends")
      process.exitCode = 1
      exitSoon(1)
    })
  logEvents(login, log)
  log.info({ url: serving.url, version: invocation.version }, `listening on ${serving.url}`)

  const signal = await stop
  log.info({ signal }, "stopping: finishing what is under way")
  const finished = await serving.drain(drain)
  log.info(
    { finished },
    finished ? "stopped" : "stopped; some requests took longer than 10 s and were cut off",
  )
  // Sockets to a database that is silent would keep the process.
  exitSoon(0)
  return 0
}

function exitSoon(code: number): void {
  globalThis.setTimeout(() => process.exit(code), 100).unref()
}

function isProblems(settings: ServerSettings | readonly Problem[]): settings is readonly Problem[] {
  return Array.isArray(settings)
}

/** Everything that is missing or wrong, in one message. */
export function tellProblems(terminal: Terminal, problems: readonly Problem[]): void {
  terminal.err(
    terminal.say({
      en: `denglu start can't begin: ${problems.length === 1 ? "a setting needs" : `${problems.length} settings need`} your attention.`,
      zh: `denglu start 无法启动：有 ${problems.length} 项设置需要处理。`,
    }),
  )
  for (const { setting, says } of problems)
    terminal.err(`  ${terminal.red("✗")} ${terminal.bold(setting)} ${terminal.say(says)}`)
  terminal.err(
    terminal.say({
      en: "All settings: denglu start --help. Without an appid: denglu dev",
      zh: "全部设置：denglu start --help。还没有 appid？试试 denglu dev",
    }),
  )
}

/** Milliseconds until the next try to reach the database: doubled each time, up to the second. */
const firstPause = 1_000
const longestPause = 10_000

/**
 * Waits for a database that is not there yet: after a power cut it may come up later than we do. Every other trouble ends the start.
 *
 * @returns `undefined` if it is told to stop meanwhile
 * @throws CliError
 */
async function openPatiently(
  settings: ServerSettings,
  log: ReturnType<typeof createServerLog>,
  stop: Promise<unknown>,
): Promise<Login | undefined> {
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    try {
      return await createLogin({ ...settings.options, log })
    } catch (error) {
      if (!isAway(settings, error)) throw asCliError(error)
      log.warn({ reason: error.message, retryInMs: pause }, "the database is not there yet: trying again")
    }
    const timer = new AbortController()
    const waited = setTimeout(pause, false, { signal: timer.signal }).catch(() => true)
    const stopped = await Promise.race([stop.then(() => true), waited])
    timer.abort()
    if (stopped) return undefined
  }
}

/**
 * What waiting does not mend, as the drivers' errors are told: no such database, none named, no access, a setting in the URL that there is
 * not or may not be (SQLSTATE 28, 3D, 42, 22023, 55P02; MySQL's 1044, 1045, 1046, 1049), no TLS where it is asked for, or a certificate nobody here trusts, no such file.
 */
const lasting = [
  /\((28|3D|42)\w{3}\)|error 42\w{3}|\((22023|55P02)\)/,
  /\((1044|1045|1046|1049)\)/,
  /does not support SSL connections|HANDSHAKE_NO_SSL_SUPPORT/,
  /a file that the URL names/,
  /certificate is refused/,
]

/** Whether the database is only not there yet. */
function isAway({ options: { store } }: ServerSettings, error: unknown): error is DengluError {
  const isServer = typeof store === "string" && /^(postgres|postgresql|mysql|mariadb):/.test(store)
  return (
    isServer &&
    error instanceof DengluError &&
    error.code === "store_unavailable" &&
    error.retryAfter !== undefined &&
    !lasting.some(sign => sign.test(error.message))
  )
}

function asCliError(error: unknown): unknown {
  if (error instanceof TypeError) return new CliError({ en: error.message, zh: `设置有误：${error.message}` })
  if (error instanceof DengluError && error.code === "store_unavailable")
    return new CliError({
      en: `The store can't be opened. ${error.message}`,
      zh: `无法打开存储。${error.message}`,
    })
  return error
}

/** What an operator wants to see go by; no event holds a secret. */
function logEvents(login: Login, log: ReturnType<typeof createServerLog>): void {
  login.on("session.issued", facts => log.info(facts, "logged in"))
  login.on("login.failed", ({ code: reason, ...facts }) => log.warn({ ...facts, reason }, "a login failed"))
  login.on("session.revoked", facts => log.info(facts, "sessions ended"))
  login.on("refresh.reuse_detected", facts =>
    log.warn(facts, "a used refresh token came back: its session is ended"),
  )
  login.on("signing_keys.rotated", facts => log.info(facts, "the signing key was rotated"))
}
