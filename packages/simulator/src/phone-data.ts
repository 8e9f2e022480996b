import type { SimulatedClock } from "./clock.ts"

/** How long (ms) a server may ask about phone data. */
const life = 3 * 86_400_000
/** More are not remembered; the oldest go first. */
const most = 100_000

/** Which `encryptedData` of phone numbers WeChat has made, by the hash under which a server may ask about it. */
export class PhoneData {
  readonly #madeAt = new Map<string, number>()
  readonly #clock: SimulatedClock

  constructor(clock: SimulatedClock) {
    this.#clock = clock
  }

  remember(appid: string, hash: string): void {
    const now = this.#clock.now()
    for (const [old, madeAt] of this.#madeAt) {
      if (now - madeAt <= life && this.#madeAt.size < most) break
      this.#madeAt.delete(old)
    }
    this.#madeAt.set(`${appid} ${hash}`, now)
  }

  /** When (ms) the app's data with this hash was made; `undefined` if it was not, or more than three days ago. */
  madeAt(appid: string, hash: string): number | undefined {
    const madeAt = this.#madeAt.get(`${appid} ${hash}`)
    return madeAt !== undefined && this.#clock.now() - madeAt <= life ? madeAt : undefined
  }

  reset(): void {
    this.#madeAt.clear()
  }
}
