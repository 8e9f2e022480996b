import { createHash } from "node:crypto"
import type { Store } from "../../src/store/store.ts"
import { violations } from "./invariants.ts"
import { takeSnapshot } from "./snapshot.ts"
import type { Step } from "./steps.ts"
import { openPlace, type Place, type World } from "./world.ts"

export interface ExploreOptions {
  readonly steps: readonly Step[]
  /** How many steps an order has. Shorter orders are the beginnings of longer ones. */
  readonly length: number
  /** A store of its own for every so many orders, so that none grows large. */
  readonly open: () => Promise<Store>
  /** Only so many orders, spread evenly. Default is all. */
  readonly sample?: number
  /** Methods that break a promise. Default is none. */
  readonly spoil?: (store: Store) => Partial<Store>
}

const ordersPerStore = 50

/** Goes through every order of the steps and answers how many there were. @throws Error with the order after which something is wrong */
export async function explore({
  steps,
  length,
  open,
  sample,
  spoil = () => ({}),
}: ExploreOptions): Promise<number> {
  const all = steps.length ** length
  const count = Math.min(sample ?? all, all)
  let place: Place | undefined
  try {
    for (let index = 0; index < count; index += 1) {
      if (index % ordersPerStore === 0) {
        await place?.close()
        place = await openPlace(await open(), spoil)
      }
      const number = Math.floor((index * all) / count)
      await play((place as Place).begin(String(number)), orderOf(steps, length, number))
    }
  } finally {
    await place?.close()
  }
  return count
}

/** The digits of a number are steps. */
function orderOf(steps: readonly Step[], length: number, number: number): readonly Step[] {
  const digits = number.toString(steps.length).padStart(length, "0")
  return [...digits].map(digit => steps[Number.parseInt(digit, steps.length)] as Step)
}

async function play(world: World, order: readonly Step[]): Promise<void> {
  const done: string[] = []
  let before = await takeSnapshot(world)
  for (const { name, actions } of order) {
    done.push(name)
    world.reseed(createHash("sha256").update(done.join()).digest().readUInt32LE())
    for (const action of actions) {
      const since = world.now()
      world.advance(1_000)
      const wrong: string[] = []
      try {
        await action(world)
        const after = await takeSnapshot(world)
        wrong.push(...(await violations(world, before, after, since)))
        before = after
      } catch (error) {
        wrong.push(String(error))
      }
      if (wrong.length > 0) throw new Error(`after ${done.join(", ")}: ${wrong.join("; ")}`)
    }
  }
}
