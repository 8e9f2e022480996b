import type { Clock } from "../clock.ts"
import { describeError, type Logger } from "../log.ts"
import { startJanitor } from "../store/janitor.ts"
import { type Store, undoableFor } from "../store/store.ts"
import { type AuditSealer, sealEvery } from "./audit-sealer.ts"
import type { KeyRing } from "./key-ring.ts"
import type { RevokedSessions } from "./revoked-sessions.ts"

/** What has to happen now and then while a login runs. */
export interface Upkeep {
  /** Stops it all; resolves when nothing of it is under way any more. */
  stop(): Promise<void>
}

export interface UpkeepOptions {
  readonly store: Store
  /** Asks the database for its time again when that is due; only where it is what the clock follows. */
  readonly keepClock: (() => Promise<void>) | undefined
  /** Shares the counts of the limits with the other instances; only where they do that through the store. */
  readonly shareLimits: (() => Promise<void>) | undefined
  /** Ends what logins have opened for users who were merged meanwhile. */
  readonly endStraySessions: () => Promise<void>
  /** Ends what logins have opened for users who have left meanwhile. */
  readonly endLateSessions: () => Promise<void>
  /** Erases users whose time has come. */
  readonly purge: () => Promise<unknown>
  /** Removes pictures nobody uses; only where some are kept. */
  readonly removeUnusedAvatars: (() => Promise<unknown>) | undefined
  readonly keys: KeyRing
  readonly audit: AuditSealer
  readonly revoked: RevokedSessions
  readonly clock: Clock
  readonly log: Logger
  /** Milliseconds. */
  readonly keepRevocationsFor: number
  readonly askEvery: AskEvery
}

/** How often (ms) the store is asked for what other processes have done, told of it or not. */
export interface AskEvery {
  readonly revocations: number
  readonly signingKeys: number
}

/** Revocations must be in force within a second. */
export const usualAskEvery: AskEvery = { revocations: 400, signingKeys: 10_000 }

const rotateKeysEvery = 600_000
const sweepEvery = 60_000
const keepClockEvery = 1_000
const shareLimitsEvery = 500
const dropAuditEvery = 60_000
const endStraysEvery = 5_000
const purgeEvery = 10_000
const removeAvatarsEvery = 60_000
const forgetMovedEvery = 600_000
/** Merges of which what they moved is forgotten in one step. */
const forgottenInOneStep = 100

/**
 * Starts following revocations and keys of other processes, rotating keys when due, sealing the audit, and removing what is over. Keeps no
 * process alive.
 */
export function startUpkeep(options: UpkeepOptions): Upkeep {
  const {
    store,
    keys,
    audit,
    revoked,
    clock,
    log,
    keepRevocationsFor,
    keepClock,
    shareLimits,
    removeUnusedAvatars,
    askEvery,
  } = options
  const forgetMoved = () => store.forgetMoved(clock() - undoableFor, forgottenInOneStep)
  const following = repeat("following revocations", askEvery.revocations, () => revoked.poll(), log)
  const reading = repeat("reading signing keys", askEvery.signingKeys, () => keys.reload(0), log)
  const jobs = [
    following,
    reading,
    repeat("rotating signing keys", rotateKeysEvery, () => keys.rotate(false), log),
    repeat("sealing the audit", sealEvery, audit.seal, log),
    repeat("dropping old parts of the audit", dropAuditEvery, audit.drop, log),
    repeat("ending sessions of merged users", endStraysEvery, options.endStraySessions, log),
    repeat("ending sessions of users who have left", endStraysEvery, options.endLateSessions, log),
    repeat("erasing users who have left", purgeEvery, options.purge, log),
    repeat("forgetting what merges moved", forgetMovedEvery, forgetMoved, log),
    ...(removeUnusedAvatars
      ? [repeat("removing unused avatars", removeAvatarsEvery, removeUnusedAvatars, log)]
      : []),
    ...(keepClock ? [repeat("reading the database's clock", keepClockEvery, keepClock, log)] : []),
    ...(shareLimits ? [repeat("sharing the limits", shareLimitsEvery, shareLimits, log)] : []),
  ]
  const stopNews = store.onNews?.(news => {
    if (news === "revocations") following.soon()
    else reading.soon()
  })
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
      stopNews?.()
      await Promise.all([...jobs.map(job => job.stop()), janitor.stop()])
      await audit.sealAll().catch(error => {
        log.error(
          { error: describeError(error) },
          "the last events could not be sealed; the next start does it",
        )
      })
    },
  }
}

/** A job that runs again and again. */
interface Repeated extends Upkeep {
  /** Runs it now; if it is running, once more when that is over, for it may have looked too early. */
  soon(): void
}

/** Runs a job again and again, one run at a time. A failure is logged when it begins, and when it is over. */
function repeat(name: string, every: number, job: () => Promise<unknown>, log: Logger): Repeated {
  let stopped = false
  let isRunning = false
  let again = false
  let failing = false
  let running: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout

  async function run(): Promise<void> {
    isRunning = true
    again = false
    try {
      await job()
      if (failing) log.info({}, `${name} works again`)
      failing = false
    } catch (error) {
      if (!failing) log.error({ error: describeError(error) }, `${name} fails; it is tried again`)
      failing = true
    }
    isRunning = false
    if (!stopped) schedule(again ? 0 : every)
  }

  function schedule(ms: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => {
      running = run()
    }, ms)
    timer.unref()
  }

  schedule(every)
  return {
    soon() {
      if (isRunning) again = true
      else if (!stopped) schedule(0)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
