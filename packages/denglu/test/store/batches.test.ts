import fc from "fast-check"
import { expect, test, vi } from "vitest"
import { createAnswerDeadline } from "../../src/store/answer-deadline.ts"
import { type BatchesOptions, createBatches } from "../../src/store/batches.ts"

class Conflict extends Error {}
class BadRow extends Error {}

/** Batches over a pretend database whose statements end when they are told to. */
function openBatches(given: Partial<BatchesOptions<string, string>> = {}) {
  const sent: string[][] = []
  const statements: { pieces: readonly string[]; end: (error?: Error) => void }[] = []
  const batches = createBatches<string, string>({
    run: pieces => {
      sent.push([...pieces])
      return new Promise((resolve, reject) => {
        const end = (error?: Error) => (error ? reject(error) : resolve(pieces.map(piece => `${piece}!`)))
        statements.push({ pieces, end })
      })
    },
    keysOf: piece => [piece.slice(0, 1)],
    most: 100,
    lanes: 1,
    mostWaiting: 1_000,
    deadline: createAnswerDeadline(10_000, "the database"),
    judge: error => (error instanceof Conflict ? "again" : error instanceof BadRow ? "apart" : "failed"),
    ...given,
  })
  // Two rounds of the event loop: what was scheduled for the next one has run then.
  const turn = () => new Promise(resolve => setImmediate(() => setImmediate(resolve)))
  return {
    batches,
    sent,
    turn,
    async end(error?: Error) {
      await turn()
      statements.shift()?.end(error)
      await turn()
    },
  }
}

test("pieces that arrive together go together, and those that arrive meanwhile go next", async () => {
  const { batches, sent, turn, end } = openBatches()
  const first = [batches.add("a"), batches.add("b")]
  await end()
  expect(await Promise.all(first)).toEqual(["a!", "b!"])
  const second = batches.add("c")
  await turn()
  const waits = end()
  const third = [batches.add("d"), batches.add("e")]
  await waits
  await end()
  await Promise.all([second, ...third])
  expect(sent).toEqual([["a", "b"], ["c"], ["d", "e"]])
})

test("two pieces about the same row never go in one batch", async () => {
  const { batches, sent, end } = openBatches()
  const all = [batches.add("a1"), batches.add("a2"), batches.add("b1"), batches.add("a3")]
  await end()
  await end()
  await end()
  expect(await Promise.all(all)).toEqual(["a1!", "a2!", "b1!", "a3!"])
  expect(sent).toEqual([["a1", "b1"], ["a2"], ["a3"]])
})

test("nor are they under way together: a row that is locked holds up one batch, not two", async () => {
  const { batches, sent, end, turn } = openBatches({ lanes: 2 })
  const first = [batches.add("a1"), batches.add("b1")]
  await turn()
  const others = [batches.add("a2"), batches.add("c1")]
  await turn()
  expect(sent).toEqual([["a1", "b1"], ["c1"]])
  await end()
  await turn()
  expect(sent[2]).toEqual(["a2"])
  await end()
  await end()
  expect(await Promise.all([...first, ...others])).toEqual(["a1!", "b1!", "a2!", "c1!"])
})

test("of a batch that is sent apart each piece is free again when it is done, though another still waits", async () => {
  const { batches, sent, end, turn } = openBatches({ lanes: 2 })
  const all = [batches.add("a1"), batches.add("b1"), batches.add("c1"), batches.add("d1")]
  await end(new BadRow())
  // Three side by side; the first of them is done, the others are not.
  await end()
  await expect(all[0]).resolves.toBe("a1!")
  const again = batches.add("a2")
  await turn()
  expect(sent.at(-1)).toEqual(["a2"])
  for (let left = 0; left < 4; left += 1) await end()
  expect(await Promise.all([...all, again])).toEqual(["a1!", "b1!", "c1!", "d1!", "a2!"])
})

test("a bad piece rejects alone: its neighbours are done without it", async () => {
  const { batches, sent, end } = openBatches()
  const all = Promise.allSettled([batches.add("a"), batches.add("b"), batches.add("c")])
  await end(new BadRow())
  await end()
  await end(new BadRow())
  await end()
  expect((await all).map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"])
  expect(sent).toEqual([["a", "b", "c"], ["a"], ["b"], ["c"]])
})

test("a statement that stood in another's way is tried again, but not for ever", async () => {
  const { batches, sent, end } = openBatches()
  const once = batches.add("a")
  await end(new Conflict())
  await end()
  expect(await once).toBe("a!")
  const never = expect(batches.add("b")).rejects.toBeInstanceOf(Conflict)
  for (let tries = 0; tries < 6; tries += 1) await end(new Conflict())
  await never
  expect(sent).toHaveLength(8)
})

test("where the database is away, all of the batch are told so, and it is not tried again", async () => {
  const { batches, sent, end } = openBatches()
  const all = Promise.allSettled([batches.add("a"), batches.add("b")])
  await end(new Error("away"))
  expect((await all).map(({ status }) => status)).toEqual(["rejected", "rejected"])
  expect(sent).toHaveLength(1)
})

test("who comes when too many wait is told to come back", async () => {
  const { batches, end } = openBatches({ mostWaiting: 2 })
  const [first, second] = [batches.add("a"), batches.add("b")]
  await expect(batches.add("c")).rejects.toMatchObject({ code: "store_unavailable", retryAfter: 1 })
  await end()
  await Promise.all([first, second])
})

test("it is idle once nothing waits and nothing is under way", async () => {
  const { batches, end } = openBatches()
  await batches.idle()
  const all = [batches.add("a1"), batches.add("a2")]
  let idle = false
  const waiting = batches.idle().then(() => {
    idle = true
  })
  await end()
  expect(idle).toBe(false)
  await end()
  await Promise.all([...all, waiting])
})

test("what has waited until nobody waits for it any more is not sent", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] })
  try {
    const deadline = createAnswerDeadline(4_000, "the database")
    const { batches, sent, end } = openBatches({ deadline })
    const first = deadline.within(batches.add("a"))
    await new Promise(resolve => setImmediate(resolve))
    const late = deadline.within(batches.add("b"))
    vi.advanceTimersByTime(3_000)
    const inTime = deadline.within(batches.add("c"))
    const outcomes = Promise.allSettled([first, late])
    vi.advanceTimersByTime(1_000)
    for (const outcome of await outcomes)
      expect(outcome).toMatchObject({
        status: "rejected",
        reason: { code: "store_unavailable", retryAfter: 1 },
      })
    await end(new Error("no answer"))
    await end()
    expect(await inTime).toBe("c!")
    expect(sent).toEqual([["a"], ["c"]])
    await batches.idle()
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(100)
    expect(vi.getTimerCount()).toBe(0)
  } finally {
    vi.useRealTimers()
  }
})

test("whatever arrives when and fails how, every piece gets its own answer and no batch is too large", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.constantFrom("a", "b", "c", "d"), fc.nat(3)), { minLength: 1, maxLength: 40 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 3 }),
      async (pieces, most, lanes) => {
        let underWay = 0
        const batches = createBatches<string, string>({
          run: async batch => {
            underWay += 1
            expect(batch.length).toBeLessThanOrEqual(most)
            // The pieces of a batch that failed are sent three side by side.
            expect(underWay).toBeLessThanOrEqual(lanes * 3)
            await new Promise(resolve => setImmediate(resolve))
            underWay -= 1
            if (batch.some(piece => piece.endsWith("bad"))) throw new BadRow()
            return batch.map(piece => `${piece}!`)
          },
          keysOf: piece => [piece.slice(0, 1)],
          most,
          lanes,
          mostWaiting: 100,
          deadline: createAnswerDeadline(10_000, "the database"),
          judge: () => "apart",
        })
        const outcomes = await Promise.allSettled(
          pieces.map(([row, kind], index) => batches.add(`${row}${index}${kind === 0 ? "bad" : ""}`)),
        )
        outcomes.forEach((outcome, index) => {
          const [row, kind] = pieces[index] as [string, number]
          if (kind === 0) expect(outcome.status).toBe("rejected")
          else expect(outcome).toMatchObject({ value: `${row}${index}!` })
        })
      },
    ),
    { numRuns: 200 },
  )
})

test("pieces that ask for the same become one while they wait; what was sent already is joined by nobody", async () => {
  const { batches, sent, turn, end } = openBatches({
    merge: { sameAs: piece => piece, follow: result => `${result} too` },
  })
  const together = [batches.add("a"), batches.add("a"), batches.add("b"), batches.add("a")]
  await turn()
  const late = batches.add("a")
  await end()
  await end()
  expect(await Promise.all([...together, late])).toEqual(["a!", "a! too", "b!", "a! too", "a!"])
  expect(sent).toEqual([["a", "b"], ["a"]])
})

test("what stood in the way of others goes by itself for a while, and the others beside it", async () => {
  const { batches, sent, turn, end } = openBatches({ lanes: 2 })
  const first = [batches.add("a"), batches.add("x")]
  await end(new BadRow())
  await end()
  const failed = expect(first[1]).rejects.toBeInstanceOf(BadRow)
  await end(new BadRow())
  await failed
  await first[0]
  sent.length = 0
  // Both lanes are taken: one by the suspect, one by all the others; the second suspect waits for the first.
  const next = ["b", "x2", "c", "x3"].map(piece => batches.add(piece))
  await turn()
  expect(sent).toEqual([["x2"], ["b", "c"]])
  const later = batches.add("d")
  await end()
  await end()
  await end()
  await end()
  expect(await Promise.all([...next, later])).toEqual(["b!", "x2!", "c!", "x3!", "d!"])
  expect(sent.filter(batch => batch.length > 1 && batch.some(piece => piece.startsWith("x")))).toEqual([])
})

/** Makes suspects of all of them. */
async function spoil(
  { batches, end }: Pick<ReturnType<typeof openBatches>, "batches" | "end">,
  pieces: readonly string[],
) {
  for (const piece of pieces) {
    const failed = expect(batches.add(piece)).rejects.toBeInstanceOf(BadRow)
    await end(new BadRow())
    await failed
  }
}

test("however many are suspected, who waits is not compared with all of them", async () => {
  const deadline = createAnswerDeadline(10_000, "the database")
  let looks = 0
  const isOver = (mark: number) => {
    looks += 1
    return deadline.isOver(mark)
  }
  const open = openBatches({ keysOf: piece => [piece], deadline: { ...deadline, isOver } })
  await spoil(
    open,
    Array.from({ length: 100 }, (_, index) => `bad ${index}`),
  )
  looks = 0
  const all = Array.from({ length: 200 }, (_, index) => open.batches.add(`good ${index}`))
  await open.end()
  await open.end()
  expect((await Promise.all(all)).length).toBe(200)
  expect(looks).toBeLessThan(20)
})

test("a suspect is one for as long as an answer may take, from its latest failure", async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] })
  try {
    const deadline = createAnswerDeadline(4_000, "the database")
    const open = openBatches({ deadline })
    // Somebody always waits for an answer: without that no time passes.
    const pass = (ms: number) => {
      void deadline.within(new Promise(() => {})).catch(() => {})
      vi.advanceTimersByTime(ms)
    }
    const together = async (...pieces: string[]) => {
      open.sent.length = 0
      const all = pieces.map(piece => open.batches.add(piece))
      for (let count = 0; count < pieces.length; count += 1) await open.end()
      await Promise.all(all)
      return open.sent
    }
    await spoil(open, ["a", "b"])
    pass(3_000)
    await spoil(open, ["a"])
    pass(2_000)
    expect(await together("a1", "b1", "c1")).toEqual([["b1", "c1"], ["a1"]])
    pass(2_000)
    expect(await together("a1", "b1", "c1")).toEqual([["a1", "b1", "c1"]])
  } finally {
    vi.useRealTimers()
  }
})

test("only the latest thousand are suspected", async () => {
  const open = openBatches({ keysOf: piece => [piece] })
  const pieces = Array.from({ length: 1_002 }, (_, index) => `bad ${index}`)
  await spoil(open, pieces)
  open.sent.length = 0
  const all = ["bad 0", "bad 1", "bad 2", "bad 1001"].map(piece => open.batches.add(piece))
  for (let count = 0; count < all.length; count += 1) await open.end()
  await Promise.all(all)
  expect(open.sent).toEqual([["bad 2"], ["bad 0", "bad 1"], ["bad 1001"]])
})
