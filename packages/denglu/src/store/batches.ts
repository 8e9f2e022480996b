import { DengluError } from "../errors.ts"
import type { AnswerDeadline } from "./answer-deadline.ts"

/** Sends pieces of work to a database, those that arrive together in one statement. */
export interface Batches<Piece, Result> {
  /**
   * Resolves once what the piece asks for is durable. A piece that can't be done rejects alone: its neighbours are sent
   * again without it. Rejects with `store_unavailable` if too many wait.
   */
  add(piece: Piece): Promise<Result>
  /** Resolves when nothing waits and nothing is under way any more. */
  idle(): Promise<void>
}

export interface BatchesOptions<Piece, Result> {
  /** Does all the pieces or none, and answers their results in the same order. */
  readonly run: (pieces: readonly Piece[]) => Promise<readonly Result[]>
  /**
   * What a piece touches. Two that touch the same are never under way together: in one batch a statement would see a row twice, in two
   * the second would wait for the first, and all of its batch with it.
   */
  readonly keysOf: (piece: Piece) => readonly string[]
  /** Pieces in one batch at most. 1: each by itself. */
  readonly most: number
  /** Batches under way at most; each has a connection of its own, or three when its pieces are sent apart. */
  readonly lanes: number
  /** Pieces that wait at most. */
  readonly mostWaiting: number
  /** A piece is not sent any more when its time is over. */
  readonly deadline: AnswerDeadline
  /** Pieces that ask for the very same thing: while they wait they become one, and the others get what `follow` makes of its result. */
  readonly merge?: {
    readonly sameAs: (piece: Piece) => string | undefined
    readonly follow: (result: Result) => Result
  }
  /** What became of a failed batch: `again` may work unchanged, `apart` if a single piece is to blame, else the batch has failed. */
  readonly judge: (error: unknown) => "again" | "apart" | "failed"
}

interface Waiting<Piece, Result> {
  readonly piece: Piece
  readonly keys: readonly string[]
  readonly same: string | undefined
  readonly since: number
  readonly resolve: (result: Result) => void
  readonly reject: (error: unknown) => void
}

/** Tries of one batch whose error says that it may work unchanged: two statements stood in each other's way. */
const mostTries = 6

/** Keys that are suspected at most, the latest: they go one at a time, and if so many rows are bad it is not the rows. */
const mostSuspects = 1_000

/** Pieces of a failed batch that are sent side by side, each on a connection. */
const sideBySide = 3

/**
 * One statement and one commit cost nearly the same for one piece as for a hundred. Nobody waits on purpose: while a batch is under
 * way the next one gathers, and when nothing is under way a piece goes at once.
 */
export function createBatches<Piece, Result>(options: BatchesOptions<Piece, Result>): Batches<Piece, Result> {
  const { run, keysOf, merge, most, lanes, mostWaiting, deadline, judge } = options
  /** Those of the waiting that others may still join, by what they ask for. */
  const joinable = new Map<string, Promise<Result>>()
  let waiting: Waiting<Piece, Result>[] = []
  /** Keys of pieces that could not be done, and when: the oldest in front. */
  const suspects = new Map<string, number>()
  /** Keys of pieces that are under way. */
  const busy = new Set<string>()
  let suspectsUnderWay = 0
  let isSuspectsTurn = false
  let underWay = 0
  let scheduled = false
  let whenIdle: (() => void)[] = []

  function schedule(): void {
    if (scheduled || underWay >= lanes) return
    scheduled = true
    setImmediate(start)
  }

  function start(): void {
    scheduled = false
    dropLate()
    dropCleared()
    while (waiting.length > 0 && underWay < lanes) {
      const batch = takeBatch()
      if (batch.length === 0) break
      const isSuspect = batch.some(suspected)
      if (isSuspect) suspectsUnderWay += 1
      underWay += 1
      void send(batch).finally(() => {
        underWay -= 1
        if (isSuspect) suspectsUnderWay -= 1
        if (waiting.length > 0) schedule()
        else if (underWay === 0) tellIdle()
      })
    }
  }

  /** The oldest are in front. */
  function dropLate(): void {
    const kept = waiting.findIndex(({ since }) => !deadline.isOver(since))
    for (const { same, reject } of waiting.splice(0, kept === -1 ? waiting.length : kept)) {
      if (same !== undefined) joinable.delete(same)
      reject(unavailable("the database was not free in time"))
    }
    if (waiting.length === 0 && underWay === 0) tellIdle()
  }

  /** Each is suspected for as long as an answer may take. */
  function dropCleared(): void {
    for (const [key, mark] of suspects) {
      if (!deadline.isOver(mark)) break
      suspects.delete(key)
    }
  }

  function suspect(key: string): void {
    suspects.delete(key)
    suspects.set(key, deadline.mark())
    if (suspects.size <= mostSuspects) return
    const [oldest] = suspects.keys()
    suspects.delete(oldest as string)
  }

  /** Whether it touches what stood in the way of others a moment ago, such as a row that somebody has locked. */
  function suspected({ keys }: Waiting<Piece, Result>): boolean {
    return suspects.size > 0 && keys.some(key => suspects.has(key))
  }

  /** Those who are suspected go by themselves, one at a time, in turn with the others; nothing if only they wait and one is under way. */
  function takeBatch(): readonly Waiting<Piece, Result>[] {
    if (suspects.size === 0) return takeFrom(waiting)
    const trusted = waiting.filter(entry => !suspected(entry))
    const next = suspectsUnderWay > 0 ? undefined : waiting.find(entry => suspected(entry) && isFree(entry))
    isSuspectsTurn = next !== undefined && (trusted.length === 0 || !isSuspectsTurn)
    return takeFrom(isSuspectsTurn && next !== undefined ? [next] : trusted)
  }

  const isFree = ({ keys }: Waiting<Piece, Result>) => !keys.some(key => busy.has(key))

  function takeFrom(candidates: readonly Waiting<Piece, Result>[]): readonly Waiting<Piece, Result>[] {
    const batch: Waiting<Piece, Result>[] = []
    const chosen = new Set<Waiting<Piece, Result>>()
    for (const entry of candidates) {
      if (batch.length >= most) break
      if (!isFree(entry)) continue
      batch.push(entry)
      chosen.add(entry)
      if (entry.same !== undefined) joinable.delete(entry.same)
      for (const key of entry.keys) busy.add(key)
    }
    waiting = waiting.filter(entry => !chosen.has(entry))
    return batch
  }

  function settled({ keys }: Waiting<Piece, Result>): void {
    for (const key of keys) busy.delete(key)
    if (waiting.length > 0) schedule()
  }

  async function send(batch: readonly Waiting<Piece, Result>[]): Promise<void> {
    for (let tries = 1; ; tries += 1) {
      try {
        const results = await run(batch.map(({ piece }) => piece))
        batch.forEach((entry, index) => {
          entry.resolve(results[index] as Result)
          settled(entry)
        })
        return
      } catch (error) {
        const verdict = judge(error)
        if (verdict !== "failed" && batch.length > 1) {
          await sendApart([...batch])
          return
        }
        if (verdict === "apart") for (const key of batch[0]?.keys ?? []) suspect(key)
        if (verdict !== "again" || tries >= mostTries) {
          for (const entry of batch) {
            entry.reject(error)
            settled(entry)
          }
          return
        }
      }
    }
  }

  /** Each by itself: whoever stood in the way of another no longer does. Some side by side, so that one who has to wait holds up nobody. */
  async function sendApart(left: Waiting<Piece, Result>[]): Promise<void> {
    const sendRest = async () => {
      for (let entry = left.shift(); entry !== undefined; entry = left.shift())
        if (deadline.isOver(entry.since)) {
          entry.reject(unavailable("the database was not free in time"))
          settled(entry)
        } else await send([entry])
    }
    await Promise.all(Array.from({ length: sideBySide }, sendRest))
  }

  function tellIdle(): void {
    for (const resolve of whenIdle) resolve()
    whenIdle = []
  }

  return {
    add(piece) {
      if (waiting.length >= mostWaiting) return Promise.reject(unavailable("too many wait for the database"))
      const same = merge?.sameAs(piece)
      const joined = same === undefined ? undefined : joinable.get(same)
      if (merge !== undefined && joined !== undefined) return joined.then(merge.follow)
      const result = new Promise<Result>((resolve, reject) => {
        waiting.push({ piece, keys: keysOf(piece), same, since: deadline.mark(), resolve, reject })
      })
      if (same !== undefined) joinable.set(same, result)
      schedule()
      return result
    },
    idle() {
      if (underWay === 0 && waiting.length === 0) return Promise.resolve()
      return new Promise(resolve => whenIdle.push(resolve))
    },
  }
}

const unavailable = (message: string) => new DengluError("store_unavailable", { message, retryAfter: 1 })
