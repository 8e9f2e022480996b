import type { Clock } from "../clock.ts"
import { describeError, type Logger } from "../log.ts"
import { startJanitor } from "../store/janitor.ts"
import type { Store } from "../store/store.ts"
import type { KeyRing } from "./key-ring.ts"
import type { RevokedSessions } from "./revoked-sessions.ts"

/** What has to happen now and then while a login runs. */
export interface Upkeep {
  /** Stops it all; resolves when nothing of it is under way any more. */
  stop(): Promise<void>
}

export interface UpkeepOptions {
  readonly store: Store
  readonly keys: KeyRing
  readonly revoked: RevokedSessions
  readonly clock: Clock
  readonly log: Logger
  /** Milliseconds. */
  readonly keepRevocationsFor: number
}

/** How often (ms) other processes' revocations are asked for: they must be in force within a second. */
const pollEvery = 400
const reloadKeysEvery = 10_000
const rotateKeysEvery = 600_000
const sweepEvery = 60_000

/** Starts following revocations and keys of other processes, rotating keys when due, and removing what is over. Keeps no process alive. */
export function startUpkeep({ store, keys, revoked, clock, log, keepRevocationsFor }: UpkeepOptions): Upkeep {
  const jobs = [
    repeat("following revocations", pollEvery, () => revoked.poll(), log),
    repeat("reading signing keys", reloadKeysEvery, () => keys.reload(reloadKeysEvery / 2), log),
    repeat("rotating signing keys", rotateKeysEvery, () => keys.rotate(false), log),
  ]
  const janitor = startJanitor({
    store,
    clock,
    everyMs: sweepEvery,
    keepRevocationsFor,
    onError: error =>
      log.error({ error: describeError(error) }, "removing what is over fails; it is tried again"),
  })
  return {
    async stop() {
      await Promise.all([...jobs.map(job => job.stop()), janitor.stop()])
    },
  }
}

/** Runs a job again and again, one run at a time. A failure is logged when it begins, and when it is over. */
function repeat(name: string, every: number, job: () => Promise<unknown>, log: Logger): Upkeep {
  let stopped = false
  let failing = false
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout

  async function run(): Promise<void> {
    try {
      await job()
      if (failing) log.info({}, `${name} works again`)
      failing = false
    } catch (error) {
      if (!failing) log.error({ error: describeError(error) }, `${name} fails; it is tried again`)
      failing = true
    }
    if (!stopped) schedule()
  }

  function schedule(): void {
    timer = setTimeout(() => {
      running = run()
    }, every)
    timer.unref()
  }

  schedule()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
