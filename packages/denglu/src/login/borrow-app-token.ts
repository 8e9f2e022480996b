import { createHash, timingSafeEqual } from "node:crypto"
import type { BorrowerOptions } from "../borrower-options.ts"
import { DengluError } from "../errors.ts"
import { newId } from "../random.ts"
import type { FlowContext } from "./flows.ts"

export interface BorrowInput {
  readonly borrower: Required<BorrowerOptions>
  /** May be left out where the borrower may borrow of one app only. */
  readonly appid: string | undefined
  /** The token that WeChat refused, if that is why another is wanted. */
  readonly refused: string | undefined
  readonly requestId: string
}

export interface Loan {
  readonly appid: string
  readonly token: string
  /** Seconds it is still good for. */
  readonly expiresIn: number
}

/**
 * The borrower whose key this is. All keys are looked at, whichever fits, and compared by their hashes, so that time says nothing about them.
 *
 * @throws DengluError `not_found` if nobody may borrow here, `token_invalid`
 */
export function findBorrower(
  { options: { borrowers } }: FlowContext,
  key: string,
): Required<BorrowerOptions> {
  if (borrowers.length === 0) throw new DengluError("not_found")
  const digest = (text: string) => createHash("sha256").update(text).digest()
  const given = digest(key)
  const fitting = borrowers.filter(borrower => timingSafeEqual(digest(borrower.key), given))
  if (fitting[0] === undefined) throw new DengluError("token_invalid")
  return fitting[0]
}

/**
 * Lends the app's `access_token` to another system of the same company. Whoever was refused says with which token: that one is dropped if
 * it still is the present one, so that many who were refused together cause one renewal.
 */
export async function borrowAppToken(
  { appToken, events, clock, random, store }: FlowContext,
  { borrower, appid, refused, requestId }: BorrowInput,
): Promise<Loan> {
  const [only, another] = borrower.appids
  const wanted = appid ?? (another === undefined ? only : undefined)
  if (wanted === undefined)
    throw new DengluError("invalid_request", {
      pointer: "/appid",
      message: "appid is missing: you may borrow of several mini programs",
    })
  if (!borrower.appids.includes(wanted)) throw new DengluError("app_unknown", { pointer: "/appid" })
  const source = appToken(wanted)
  if (refused !== undefined) await source.expire(refused)
  const { token, expiresAt } = await source.get()
  await store.recordAuditEvent({
    id: newId(random),
    at: clock(),
    type: "app_token.borrowed",
    userId: "",
    appid: wanted,
    actor: `borrower:${borrower.name}`,
    ...(refused === undefined ? {} : { detail: { refused: true } }),
  })
  events.emit("app_token.borrowed", {
    appid: wanted,
    borrower: borrower.name,
    refused: refused !== undefined,
    requestId,
  })
  return { appid: wanted, token, expiresIn: Math.max(0, Math.floor((expiresAt - clock()) / 1000)) }
}
