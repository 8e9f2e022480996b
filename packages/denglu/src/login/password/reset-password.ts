import { DengluError } from "../../errors.ts"
import type { FlowContext } from "../flows.ts"
import { type ChosenPassword, choose } from "./change-password.ts"
import { passwordParts } from "./password-parts.ts"
import { ownerOfProof, type PasswordProof } from "./password-proof.ts"
import { countName, goodName } from "./register.ts"

export interface ResetInput extends ChosenPassword {
  readonly proof: PasswordProof
  /** The name under which the address is counted. */
  readonly address: string
  readonly requestId: string
}

/**
 * Gives whoever has forgotten their password another one, because their WeChat, or their phone, proves who they are. All their sessions end: if somebody else
 * has used the account, they are out.
 *
 * @throws DengluError `credentials_invalid` if nobody has that WeChat account or that number here; what a change throws
 */
export async function resetPassword(flow: FlowContext, input: ResetInput): Promise<number> {
  const { proof, password, requestId } = input
  const account = input.account === undefined ? undefined : goodName(input.account)
  passwordParts(flow).rules.check(password, account === undefined ? [] : [account])
  const userId = await ownerOfProof(flow, proof, requestId)
  if (userId === undefined)
    throw new DengluError("credentials_invalid", {
      pointer: "/code",
      message: "nobody has this WeChat account, or this phone number, here",
    })
  const present = await flow.store.findPassword({ userId })
  if (typeof present?.account === "string") passwordParts(flow).rules.check(password, [present.account])
  await countName(flow, input.address, account, present)
  const ended = await choose(flow, {
    userId,
    account,
    password,
    expected: undefined,
    ending: { reason: "password_changed" },
    requestId,
  })
  return ended ?? 0
}
