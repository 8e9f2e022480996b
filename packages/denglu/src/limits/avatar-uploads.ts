import { DengluError } from "../errors.ts"
import type { FailureBudget } from "./failure-budget.ts"

/** Reads a picture that somebody uploads, if there is a turn for it. @throws DengluError `rate_limited`, `overloaded`, and what `read` throws */
export type AvatarUploads = (userId: string, read: () => Promise<Uint8Array>) => Promise<Uint8Array>

/** @param most how many pictures may be on their way at once: each is in memory until it is whole */
export function createAvatarUploads(take: FailureBudget["take"], most: number): AvatarUploads {
  let underWay = 0
  return async (userId, read) => {
    await take(userId)
    if (underWay >= most) throw new DengluError("overloaded", { retryAfter: 1 })
    underWay += 1
    try {
      return await read()
    } finally {
      underWay -= 1
    }
  }
}
