import { DengluError } from "../errors.ts"
import type { FailureBudget } from "./failure-budget.ts"

/** Reads a picture that somebody uploads, if there is a turn for it. @throws DengluError `rate_limited`, `overloaded`, and what `read` throws */
export type AvatarUploads = (userId: string, read: () => Promise<Uint8Array>) => Promise<Uint8Array>

/** How many pictures may be on their way at once: each is in memory until it is whole, and may take its time. */
export interface MostUploads {
  readonly ofAll: number
  /** So that a few users who send slowly keep nobody else out. */
  readonly ofOne: number
}

export function createAvatarUploads(take: FailureBudget["take"], most: MostUploads): AvatarUploads {
  let underWay = 0
  const ofUser = new Map<string, number>()
  return async (userId, read) => {
    const own = ofUser.get(userId) ?? 0
    if (own >= most.ofOne) throw new DengluError("rate_limited", { retryAfter: 1 })
    if (underWay >= most.ofAll) throw new DengluError("overloaded", { retryAfter: 1 })
    underWay += 1
    ofUser.set(userId, own + 1)
    try {
      await take(userId)
      return await read()
    } finally {
      underWay -= 1
      const left = (ofUser.get(userId) ?? 1) - 1
      if (left === 0) ofUser.delete(userId)
      else ofUser.set(userId, left)
    }
  }
}
